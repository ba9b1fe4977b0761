"""Client of demarche: publish news items, watch, list and classify diplomatic events, consume durable subscriptions. See
client/python/README.md."""
from .client import Client
from .consumer import Consumer, ConsumerOptions, Delivery
from .errors import DemarcheError
from .positions import FilePositions
from .stream import WatchedEvent

__all__ = ["Client", "Consumer", "ConsumerOptions", "Delivery", "DemarcheError", "FilePositions", "WatchedEvent"]
