"""The calls of the service."""
from __future__ import annotations

import pathlib
import time
from collections.abc import Iterable, Iterator
from datetime import datetime

import grpc
from demarche.v1 import (classifier_service_pb2, classifier_service_pb2_grpc, event_pb2, event_service_pb2, event_service_pb2_grpc,
                         ingest_service_pb2, ingest_service_pb2_grpc, news_item_pb2, subscription_service_pb2,
                         subscription_service_pb2_grpc)

from .backoff import Backoff
from .consume_stream import SubscriptionCalls
from .consumer import Consumer, ConsumerOptions
from .errors import DemarcheError, decode
from .positions import Positions
from .stream import SILENCE_LIMIT, WatchedEvent
from .watch import Watch

_CHANNEL_OPTIONS = (("grpc.keepalive_time_ms", 20_000), ("grpc.keepalive_timeout_ms", 10_000),
                    ("grpc.http2.max_pings_without_data", 0), ("grpc.max_reconnect_backoff_ms", 2_000),
                    ("grpc.max_receive_message_length", 64 << 20))


class Client:
    """A connection to one server. May be used by many threads; a watch by one, a consumer as it says."""

    def __init__(self, server: str = "127.0.0.1:7345", *, ca_file: str | None = None, token_file: str | None = None,
                 timeout: float = 60.0):
        """With `ca_file` (PEM) the connection is TLS. The first line of `token_file` is sent as bearer token, read at each call."""
        if token_file and not ca_file and server.rpartition(":")[0] not in ("127.0.0.1", "localhost", "[::1]"):
            raise ValueError(f"the token would cross the network to {server} in plaintext: use TLS")
        if ca_file:
            credentials = grpc.ssl_channel_credentials(pathlib.Path(ca_file).read_bytes())
            self._channel = grpc.secure_channel(server, credentials, _CHANNEL_OPTIONS)
        else:
            self._channel = grpc.insecure_channel(server, _CHANNEL_OPTIONS)
        self._token_file, self._timeout = token_file, timeout
        self._ingest = ingest_service_pb2_grpc.IngestServiceStub(self._channel)
        self._events = event_service_pb2_grpc.EventServiceStub(self._channel)
        self._classifier = classifier_service_pb2_grpc.ClassifierServiceStub(self._channel)
        self._subscriptions = subscription_service_pb2_grpc.SubscriptionServiceStub(self._channel)

    def close(self) -> None:
        """Ends all calls."""
        self._channel.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _metadata(self) -> tuple:
        if not self._token_file:
            return ()
        token = pathlib.Path(self._token_file).read_text(encoding="ascii").split("\n", 1)[0].strip()
        return (("authorization", f"Bearer {token}"),)

    def _call(self, method, request):
        try:
            return method(request, timeout=self._timeout, metadata=self._metadata())
        except grpc.RpcError as error:
            raise decode(error) from None

    def publish(self, item: news_item_pb2.NewsItem, *, give_up_after: float = 300.0) -> ingest_service_pb2.PublishResult:
        """Publishes an item and waits until it is on disk. While the server is away the item is sent again: it is stored once."""
        request = ingest_service_pb2.PublishNewsItemRequest(news_item=item)
        backoff, end = Backoff(), time.monotonic() + give_up_after
        while True:
            try:
                return self._call(self._ingest.PublishNewsItem, request).result
            except DemarcheError as error:
                if not error.may_retry or time.monotonic() > end:
                    raise
                time.sleep(backoff.next(error.retry_after))

    def classify(self, item: news_item_pb2.NewsItem) -> list[event_pb2.DiplomaticEvent]:
        """The events of an item, which is not stored."""
        request = classifier_service_pb2.ClassifyNewsItemRequest(news_item=item)
        return list(self._call(self._classifier.ClassifyNewsItem, request).events)

    def events(self, filter: str = "") -> Iterator[event_pb2.DiplomaticEvent]:  # pylint: disable=redefined-builtin
        """The latest revisions of all events that match, oldest first."""
        request = event_service_pb2.ListEventsRequest(filter=filter, page_size=1000)
        while True:
            response = self._call(self._events.ListEvents, request)
            yield from response.events
            if not response.next_page_token:
                return
            request.page_token = response.next_page_token

    def watch(self, filters: Iterable[str] = (), *, after: str = "", since: datetime | None = None, earliest: bool = False,
              positions: Positions | None = None, until_caught_up: bool = False,
              silence_limit: float = SILENCE_LIMIT) -> Iterator[WatchedEvent]:
        """Revisions that match any of the filters, as they come, over as many connections as it takes. Begins after the position that
        `positions` holds, or else where told, or else with the next revision. A gap is an error, never passed over."""
        request = event_service_pb2.WatchEventsRequest()
        for number, text in enumerate(filters, 1):
            request.filters.add(name=f"filter-{number}", filter=text)
        if after:
            request.start.after = after
        elif since:
            request.start.time.FromDatetime(since)
        elif earliest:
            request.start.earliest = True
        else:
            request.start.latest = True

        def open_call(wanted):
            return self._events.WatchEvents(wanted, metadata=self._metadata())

        return iter(Watch(open_call, request, positions, until_caught_up, silence_limit))

    def consumer(self, subscription: str, options: ConsumerOptions = ConsumerOptions()) -> Consumer:
        """Takes part in a durable subscription, which is there already, over as many connections as it takes."""
        request = subscription_service_pb2.GetSubscriptionRequest(name=subscription)

        def look_up():
            return self._call(self._subscriptions.GetSubscription, request).subscription

        def consume(requests):
            return self._subscriptions.Consume(requests, metadata=self._metadata())

        return Consumer(SubscriptionCalls(subscription, look_up, consume), options)
