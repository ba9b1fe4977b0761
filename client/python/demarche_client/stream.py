"""What the streams of the service have in common: their messages as they come, and how they end."""
from __future__ import annotations

import dataclasses
import threading
from collections.abc import Generator, Iterator
from datetime import datetime, timezone

import grpc
from demarche.v1 import event_pb2, event_service_pb2

from .errors import DemarcheError, decode

# The server says something at least every 15 s. Three times in a row missed: the connection is dead, not idle.
SILENCE_LIMIT = 45.0


@dataclasses.dataclass
class WatchedEvent:
    """A revision of an event, and what concerns its delivery."""

    event: event_pb2.DiplomaticEvent
    position: str  # a watch `after` it goes on with the next revision
    append_time: datetime  # when it became durable, by the server's clock
    filter_exit: bool  # the revision before matched the filters and this one does not


def events_of(batch: event_service_pb2.EventBatch) -> Iterator[WatchedEvent]:
    """The revisions of a batch, each with what stands beside it."""
    for index, event in enumerate(batch.events):
        yield WatchedEvent(event, batch.positions[index], batch.append_times[index].ToDatetime(timezone.utc),
                           index < len(batch.filter_exit) and batch.filter_exit[index])


class _Watchdog:
    """Cancels a call on which nothing came for too long."""

    def __init__(self, call, limit: float):
        self._call, self._limit = call, limit
        self._sign, self._over = threading.Event(), threading.Event()
        self.silent = False
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while self._sign.wait(self._limit):
            self._sign.clear()
            if self._over.is_set():
                return
        self.silent = True
        self._call.cancel()

    def sign(self) -> None:
        """Something came."""
        self._sign.set()

    def end(self) -> None:
        """The call is over."""
        self._over.set()
        self._sign.set()


def messages_of(call, silence_limit: float) -> Generator:
    """The messages of a call, until the server ends it without an error. Otherwise raises what is wrong, decoded. Once it is left the
    call is over."""
    watchdog = _Watchdog(call, silence_limit)
    try:
        for message in call:
            watchdog.sign()
            yield message
    except grpc.RpcError as error:
        if watchdog.silent:
            raise DemarcheError(grpc.StatusCode.UNAVAILABLE, f"nothing was heard of the server for {silence_limit:g} s") from None
        raise decode(error) from None
    finally:
        watchdog.end()
        call.cancel()


def server_ended() -> DemarcheError:
    """Of a stream that the server ended without an error: it is on its way down."""
    return DemarcheError(grpc.StatusCode.UNAVAILABLE, "the server ended the stream")
