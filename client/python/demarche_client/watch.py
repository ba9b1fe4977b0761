"""One watch over as many connections as it takes."""
from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

import grpc
from demarche.v1 import event_service_pb2

from .backoff import Backoff
from .errors import DemarcheError
from .positions import Positions
from .stream import WatchedEvent, events_of, messages_of, server_ended


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
                error = server_ended()
            except DemarcheError as raised:
                error = raised
            if not error.may_retry:
                raise error
            time.sleep(self._backoff.next(error.retry_after))

    def _stream(self) -> Iterator[WatchedEvent]:
        """One connection. True when the live end was reached and asked for."""
        with contextlib.closing(messages_of(self._open(self._request), self._silence_limit)) as messages:
            for message in messages:
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

    def _events(self, batch: event_service_pb2.EventBatch) -> Iterator[WatchedEvent]:
        for seen in events_of(batch):
            yield seen
            # Asked for more: this one has been dealt with. Saved once a batch; a connection that breaks goes on from here.
            self._request.start.after = seen.position
        if batch.positions:
            self._keep(batch.positions[-1])
