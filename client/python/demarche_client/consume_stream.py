"""One connection of a consumer."""
from __future__ import annotations

import contextlib
import dataclasses
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import grpc
from demarche.v1 import event_service_pb2, subscription_service_pb2

from .stream import messages_of

# The server takes so many in one message.
_MAX_RANGES = 1000


@dataclasses.dataclass(frozen=True)
class SubscriptionCalls:
    """The calls that a consumer makes."""

    name: str  # of the subscription
    look_up: Callable[[], subscription_service_pb2.Subscription]
    consume: Callable[[Iterator[subscription_service_pb2.ConsumeRequest]], grpc.Call]


def _take_ranges(positions: list[str]) -> list[subscription_service_pb2.PositionRange]:
    """Moves the first positions out, each as a range of its own: a wider one could take in an event that comes meanwhile."""
    taken = [subscription_service_pb2.PositionRange(first_position=one, last_position=one) for one in positions[:_MAX_RANGES]]
    del positions[:_MAX_RANGES]
    return taken


class ConsumeStream:
    """One Consume stream, read by a thread of its own into the inbox: batches, gaps and results of acknowledgements, and None at the
    end. What is to be said is gathered while a message is under way. May be used by any thread."""

    def __init__(self, calls: SubscriptionCalls, inbox: queue.SimpleQueue, *, credit: int, ungranted: float, silence_limit: float):
        self._calls, self._inbox, self._silence_limit = calls, inbox, silence_limit
        self.ended = False
        self.error: Exception | None = None  # why it ended; none when the server had no more to say
        self.was_heard = False
        self.lease = timedelta()
        self._changed = threading.Condition()  # guards what follows
        self._acks: list[str] = []  # positions not yet sent
        self._nacks: dict[float, list[str]] = {}  # the same, by delay
        self._credit, self._ungranted = credit, ungranted  # not yet sent; what a limit leaves for later
        self._ends_writes = self._cancelled = False
        self._call: grpc.Call | None = None
        threading.Thread(target=self._run, daemon=True).start()

    def ack(self, position: str) -> bool:
        """False when nothing can be said any more."""
        return self._answer(self._acks, position)

    def nack(self, position: str, delay: float) -> bool:
        """False when nothing can be said any more."""
        with self._changed:
            return self._answer(self._nacks.setdefault(delay, []), position)

    def _answer(self, positions: list[str], position: str) -> bool:
        with self._changed:
            if self.ended or self._ends_writes:
                return False
            positions.append(position)
            granted = min(self._ungranted, 1)
            self._ungranted -= granted
            self._credit += granted
            self._changed.notify_all()
            return True

    def grant(self) -> None:
        """One that waited was not handed out."""
        with self._changed:
            self._credit += 1
            self._changed.notify_all()

    def end_writes(self) -> None:
        """Says what is left to say, and that this was all: the server ends the stream once what was acknowledged is on its disk."""
        with self._changed:
            self._ends_writes = True
            self._changed.notify_all()
            if not self._call:  # nothing was delivered
                self.cancel()

    def cancel(self) -> None:
        """Ends it at once."""
        with self._changed:
            self._cancelled = True
            if self._call:
                self._call.cancel()
            else:
                self._end()

    def _run(self) -> None:
        error = None
        try:
            self.lease = self._calls.look_up().lease_duration.ToTimedelta()
            if self._begin():
                self._read()
        except Exception as raised:  # pylint: disable=broad-exception-caught  # raised again where the consumer is asked
            error = raised
        self._end(error)

    def _begin(self) -> bool:
        with self._changed:
            if not self._cancelled:
                self._call = self._calls.consume(self._requests())
            return not self._cancelled

    def _read(self) -> None:
        with contextlib.closing(messages_of(self._call, self._silence_limit)) as responses:
            for response in responses:
                self.was_heard = True
                if response.HasField("ack_result") or response.message.HasField("event_batch") or response.message.HasField("gap"):
                    self._inbox.put(response)

    def _end(self, error: Exception | None = None) -> None:
        with self._changed:
            if self.ended:
                return
            self.error, self.ended = error, True
            self._changed.notify_all()
            self._inbox.put(None)

    def _requests(self) -> Iterator[subscription_service_pb2.ConsumeRequest]:
        yield subscription_service_pb2.ConsumeRequest(subscription=self._calls.name)
        yield from iter(self._next_request, None)

    def _next_request(self) -> subscription_service_pb2.ConsumeRequest | None:
        """Waits for something to say. None when that was all."""
        with self._changed:
            self._changed.wait_for(lambda: self._acks or self._nacks or self._credit or self._ends_writes or self.ended)
            if self.ended:
                return None
            if self._acks:
                ack = subscription_service_pb2.Ack(ranges=_take_ranges(self._acks))
                return subscription_service_pb2.ConsumeRequest(ack=ack)
            if self._nacks:
                delay, positions = next(iter(self._nacks.items()))
                nack = subscription_service_pb2.Nack(ranges=_take_ranges(positions))
                nack.delay.FromTimedelta(timedelta(seconds=delay))
                if not positions:
                    del self._nacks[delay]
                return subscription_service_pb2.ConsumeRequest(nack=nack)
            if self._credit:
                credit, self._credit = self._credit, 0
                return subscription_service_pb2.ConsumeRequest(grant=event_service_pb2.Credit(events=credit))
            return None
