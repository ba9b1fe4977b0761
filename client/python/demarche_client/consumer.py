"""A consumer of a durable subscription over as many connections as it takes."""
from __future__ import annotations

import collections
import contextlib
import dataclasses
import queue
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

import grpc
from demarche.v1 import event_service_pb2, subscription_service_pb2

from .backoff import Backoff
from .consume_stream import ConsumeStream, SubscriptionCalls
from .errors import DemarcheError
from .stream import SILENCE_LIMIT, WatchedEvent, events_of, server_ended

# A delay that grew so often is beyond what the server allows.
_MAX_DOUBLINGS = 20
# Seconds. Python calls the handler of a signal that came right before a wait only when that is over.
_LONGEST_WAIT = 1.0


@dataclasses.dataclass
class Delivery(WatchedEvent):
    """A revision that a durable subscription leased to this consumer."""

    count: int  # deliveries to the group so far, this one included
    lease_end: datetime  # unless acknowledged by then it is delivered again
    connection: int  # the consumer's own: a lease ends with the connection that it came over


@dataclasses.dataclass(frozen=True)
class ConsumerOptions:
    """How to consume. The callbacks run on the thread that asks for the next delivery, or closes."""

    # Deliveries in hand at most: waiting here, handed out, or on the way. Not more than can be dealt with within a lease.
    max_in_hand: int = 64
    # Ends after so many deliveries, and leases no more than those; 0 for no end.
    limit: int = 0
    # Connects again when the connection breaks, falls silent, the server goes away, or the subscription was moved.
    reconnect: bool = True
    silence_limit: float = SILENCE_LIMIT
    # How long the end waits for confirmations.
    close_timeout: float = 10.0
    # Told before each wait: why the stream ended, and for how many seconds will be waited.
    on_reconnect: Callable[[DemarcheError, float], None] | None = None
    # Told of acknowledgements that are on the server's disk, and of those that came too late: their events went to another consumer,
    # or became dead letters.
    on_ack_result: Callable[[subscription_service_pb2.AckResult], None] | None = None
    # Told of events that were dropped by the server's retention before they were delivered.
    on_gap: Callable[[event_service_pb2.Gap], None] | None = None

    def __post_init__(self) -> None:
        if self.max_in_hand < 1 or self.limit < 0:
            raise ValueError(f"max_in_hand is {self.max_in_hand}, at least 1; limit is {self.limit}, at least 0")


class Consumer:
    """Takes part in a durable subscription: at least once, and not again once an acknowledgement is confirmed. What waits here when its
    lease or its connection ends is not handed out. As a context manager it closes at the end, or after an exception cancels. `next`,
    `run` and `close` by one thread; `ack`, `nack`, `stop` and `cancel` by any."""

    def __init__(self, calls: SubscriptionCalls, options: ConsumerOptions):
        self._calls, self._options, self._backoff = calls, options, Backoff()
        # What the stream says. None when it has ended or when this is to stop. Its `put` is safe in a signal handler.
        self._inbox: queue.SimpleQueue[subscription_service_pb2.ConsumeResponse | None] = queue.SimpleQueue()
        self._waiting: collections.deque[Delivery] = collections.deque()
        self._handed_out = 0
        self._stream: ConsumeStream | None = None
        self._connection = 0  # counts streams
        self._error: Exception | None = None
        self._stopped = self._cancelled = False

    def __enter__(self) -> Consumer:
        return self

    def __exit__(self, kind, *_) -> None:
        if kind or self._cancelled:
            self.cancel()
        else:
            self.close()

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self.next, None)

    def next(self) -> Delivery | None:
        """Waits for the next delivery. None when there will be none, as the limit is reached or it was stopped; raises what ended it."""
        while not self._stopped and (not self._options.limit or self._handed_out < self._options.limit):
            if delivery := self._take_waiting():
                self._handed_out += 1
                return delivery
            stream = self._stream or self._open()
            try:
                response = self._inbox.get(timeout=_LONGEST_WAIT)
            except queue.Empty:
                continue
            if response:
                self._take(response, stream)
            elif stream.ended and not self._stopped:
                self._reconnect(stream)
        return None

    def ack(self, delivery: Delivery) -> bool:
        """It has been dealt with. False when its lease went with its connection: it will be delivered again."""
        stream = self._stream
        return stream is not None and delivery.connection == self._connection and stream.ack(delivery.position)

    def nack(self, delivery: Delivery, delay: float = 0.0) -> bool:
        """It could not be dealt with: it is to be delivered again after so many seconds, at most 600. False as above."""
        stream = self._stream
        return stream is not None and delivery.connection == self._connection and stream.nack(delivery.position, delay)

    def run(self, handler: Callable[[Delivery], object], *, retry_first: float = 1.0, retry_longest: float = 60.0,
            on_failure: Callable[[Delivery, Exception, float], None] | None = None) -> None:
        """Hands each delivery to `handler`, one at a time and in the order of delivery, and acknowledges what it dealt with, until there
        are no more; then closes. What it raised for is delivered again after the first delay, and each further time after twice the
        one before, up to the longest; `on_failure` is told."""
        try:
            for delivery in self:
                try:
                    handler(delivery)
                except Exception as error:  # pylint: disable=broad-exception-caught  # any failure of the handler's is one
                    delay = min(retry_first * 2 ** min(delivery.count - 1, _MAX_DOUBLINGS), retry_longest)
                    if on_failure:
                        on_failure(delivery, error, delay)
                    self.nack(delivery, delay)
                else:
                    self.ack(delivery)
            self.close()
        finally:
            self.cancel()

    def stop(self) -> None:
        """No more is handed out: `run` ends when its handler has come back and what it dealt with is confirmed. May be called in a signal
        handler."""
        self._stopped = True
        self._inbox.put(None)

    def cancel(self) -> None:
        """Ends at once, without waiting for confirmations. What was not confirmed is delivered again."""
        self._cancelled = True
        self.stop()
        if stream := self._stream:
            stream.cancel()

    def close(self) -> None:
        """Takes no more deliveries and waits until what was acknowledged is confirmed. Raises why that did not come."""
        self.stop()
        if stream := self._stream:
            stream.end_writes()
            self._error = self._await_end(stream)
            self._stream = None
        if self._error:
            raise self._error

    def _await_end(self, stream: ConsumeStream) -> Exception | None:
        end = time.monotonic() + self._options.close_timeout
        while not (stream.ended and self._inbox.empty()):
            try:
                response = self._inbox.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                stream.cancel()
                return DemarcheError(grpc.StatusCode.UNAVAILABLE,
                                     f"what was acknowledged was not confirmed within {self._options.close_timeout:g} s")
            if response:
                self._tell(response)
        return stream.error

    def _open(self) -> ConsumeStream:
        wanted = self._options.limit - self._handed_out if self._options.limit else float("inf")
        credit = int(min(self._options.max_in_hand, wanted))
        self._connection += 1
        self._error = None
        self._stream = ConsumeStream(self._calls, self._inbox, credit=credit, ungranted=wanted - credit,
                                     silence_limit=self._options.silence_limit)
        if self._cancelled:  # meanwhile
            self._stream.cancel()
        return self._stream

    def _reconnect(self, stream: ConsumeStream) -> None:
        self._stream = None
        self._error = error = stream.error or server_ended()
        if stream.was_heard:
            self._backoff.reset()
        if not (self._options.reconnect and isinstance(error, DemarcheError) and _may_consume_again(error)):
            raise error
        wait = self._backoff.next(error.retry_after)
        if self._options.on_reconnect:
            self._options.on_reconnect(error, wait)
        with contextlib.suppress(queue.Empty):
            self._inbox.get(timeout=wait)

    def _take_waiting(self) -> Delivery | None:
        """The first that may still be worked on."""
        while self._waiting:
            delivery = self._waiting.popleft()
            stream = self._stream
            if not stream or stream.ended:
                self._waiting.clear()
            elif delivery.lease_end <= datetime.now(timezone.utc):
                stream.grant()
            else:
                return delivery
        return None

    def _take(self, response: subscription_service_pb2.ConsumeResponse, stream: ConsumeStream) -> None:
        self._tell(response)
        batch = response.message.event_batch
        lease_end = datetime.now(timezone.utc) + stream.lease
        for index, seen in enumerate(events_of(batch)):
            count = batch.delivery_counts[index] if index < len(batch.delivery_counts) else 1
            self._waiting.append(Delivery(**vars(seen), count=count, lease_end=lease_end, connection=self._connection))

    def _tell(self, response: subscription_service_pb2.ConsumeResponse) -> None:
        if response.HasField("ack_result") and self._options.on_ack_result:
            self._options.on_ack_result(response.ack_result)
        if response.message.HasField("gap") and self._options.on_gap:
            self._options.on_gap(response.message.gap)


def _may_consume_again(error: DemarcheError) -> bool:
    # Only the look-up has a deadline.
    return error.may_retry or error.reason == "LEASE_LOST" or error.code == grpc.StatusCode.DEADLINE_EXCEEDED
