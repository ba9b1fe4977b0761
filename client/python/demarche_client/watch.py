"""One watch over as many connections as it takes."""
from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

import grpc
from demarche.v1 import event_pb2, event_service_pb2

from .backoff import Backoff
from .errors import DemarcheError, decode
from .positions import Positions

# The server says something at least every 15 s. Three times in a row missed: the connection is dead, not idle.
SILENCE_LIMIT = 45.0


@dataclasses.dataclass
class WatchedEvent:
    """A revision of an event, and what concerns its delivery."""

    event: event_pb2.DiplomaticEvent
    position: str  # a watch `after` it goes on with the next revision
    append_time: datetime  # when it became durable, by the server's clock
    filter_exit: bool  # the revision before matched the filters and this one does not


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


class Watch:
    """Iterates over revisions without a gap or a repeat. The position is kept once the next revision is asked for. One thread."""

    def __init__(self, open_call: Callable, request: event_service_pb2.WatchEventsRequest, positions: Positions | None,
                 until_caught_up: bool, silence_limit: float):
        self._open, self._request, self._positions = open_call, request, positions
        self._until_caught_up, self._silence_limit = until_caught_up, silence_limit
        self._backoff = Backoff()
        self._kept = positions.load() if positions else ""
        if self._kept:
            request.start.after = self._kept

    def _keep(self, position: str) -> None:
        if self._positions and position != self._kept:
            self._positions.save(position)
        self._kept = position
        self._request.start.after = position

    def __iter__(self) -> Iterator[WatchedEvent]:
        while True:
            try:
                if (yield from self._stream()):
                    return
                error = DemarcheError(grpc.StatusCode.UNAVAILABLE, "the server ended the stream")
            except grpc.RpcError as raised:
                error = decode(raised)
            if not error.may_retry:
                raise error
            time.sleep(self._backoff.next(error.retry_after))

    def _stream(self) -> Iterator[WatchedEvent]:
        """One connection. True when the live end was reached and asked for."""
        call = self._open(self._request)
        watchdog = _Watchdog(call, self._silence_limit)
        try:
            for message in call:
                watchdog.sign()
                self._backoff.reset()
                if message.HasField("event_batch"):
                    yield from self._events(message.event_batch)
                elif message.HasField("gap"):
                    raise DemarcheError(grpc.StatusCode.DATA_LOSS, f"{message.gap.lost} revisions after {message.gap.after} no longer exist")
                elif message.HasField("progress"):
                    self._keep(message.progress.position)
                elif message.HasField("caught_up"):
                    self._keep(message.caught_up.position)
                    if self._until_caught_up:
                        return True
            return False
        except grpc.RpcError:
            if watchdog.silent:
                return False
            raise
        finally:
            watchdog.end()
            call.cancel()

    def _events(self, batch: event_service_pb2.EventBatch) -> Iterator[WatchedEvent]:
        for index, event in enumerate(batch.events):
            yield WatchedEvent(event, batch.positions[index], batch.append_times[index].ToDatetime(timezone.utc),
                               index < len(batch.filter_exit) and batch.filter_exit[index])
            # Asked for more: this one has been dealt with. Saved once a batch; a connection that breaks goes on from here.
            self._request.start.after = batch.positions[index]
        if batch.positions:
            self._keep(batch.positions[-1])
