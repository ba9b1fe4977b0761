"""Waits between attempts."""
from __future__ import annotations

import random


class Backoff:
    """Each twice the one before up to a bound, of which a random half to whole is waited, so that clients cut off together do not
    return together."""

    def __init__(self, first: float = 0.25, longest: float = 30.0):
        self._first, self._longest, self._next = first, longest, first

    def next(self, at_least: float | None = None) -> float:
        """Seconds to wait now; at least what the server asked for."""
        wait = self._next * random.uniform(0.5, 1.0)
        self._next = min(self._next * 2, self._longest)
        return wait + (at_least or 0.0)

    def reset(self) -> None:
        """An attempt succeeded."""
        self._next = self._first
