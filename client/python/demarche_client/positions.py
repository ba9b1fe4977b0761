"""Where a watch keeps how far its events have been dealt with."""
from __future__ import annotations

import os
import pathlib
from typing import Protocol


class Positions(Protocol):
    """One that keeps the position together with the results makes the effects exactly once; any other, at least once."""

    def load(self) -> str:
        """The position saved last; empty when there is none."""

    def save(self, position: str) -> None:
        """Keeps it."""


class FilePositions:
    """One position in a file, which is replaced as a whole: a crash leaves the old one or the new one. One process at a time."""

    def __init__(self, path: str | os.PathLike[str]):
        self._path = pathlib.Path(path)

    def load(self) -> str:
        try:
            position = self._path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return ""
        if not position:
            raise ValueError(f"{self._path} holds no position: delete it to start anew")
        return position

    def save(self, position: str) -> None:
        following = self._path.with_name(self._path.name + ".next")
        with open(following, "w", encoding="ascii") as file:
            file.write(position + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(following, self._path)
