"""Client of demarche: publish news items, watch, list and classify diplomatic events. See client/python/README.md."""
from .client import Client
from .errors import DemarcheError
from .positions import FilePositions
from .watch import WatchedEvent

__all__ = ["Client", "DemarcheError", "FilePositions", "WatchedEvent"]
