"""A client that goes on while something happens to others."""
import threading

import grpc

import e2e  # noqa: F401 (finds the stubs)
from demarche.v1 import event_service_pb2, event_service_pb2_grpc, ingest_service_pb2, ingest_service_pb2_grpc


class Bystander:
    """A client with a connection of its own, which watches from the beginning. Over TLS the channel is given."""

    def __init__(self, address, channel=None):
        self.channel = channel or grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
        request = event_service_pb2.WatchEventsRequest()
        request.start.earliest = True
        self.call = event_service_pb2_grpc.EventServiceStub(self.channel).WatchEvents(request)
        self.changed, self.ids, self.is_live, self.error = threading.Condition(), [], False, None
        threading.Thread(target=self._follow, daemon=True).start()
        assert self._wait(lambda: self.is_live)

    def _follow(self):
        try:
            for response in self.call:
                with self.changed:
                    self.is_live |= response.HasField("caught_up")
                    self.ids += [event.event_id for event in response.event_batch.events]
                    self.changed.notify_all()
        except grpc.RpcError as error:
            with self.changed:
                self.error = error
                self.changed.notify_all()

    def _wait(self, is_true):
        with self.changed:
            return self.changed.wait_for(lambda: is_true() or self.error, 60) and not self.error

    def has_seen(self, ids):
        """Whether these come, or came."""
        return self._wait(lambda: set(ids) <= set(self.ids))

    def publishes_and_sees(self, pair):
        """Whether an event that is published now comes."""
        before = len(self.ids)
        states = "{} and {}".format(*pair)
        item = ingest_service_pb2.PublishNewsItemRequest().news_item
        item.news_item_id = item.publisher = states
        item.language_code = "en"
        item.body = f"{states} signed a trade agreement on Monday."
        item.publish_time.GetCurrentTime()
        request = ingest_service_pb2.PublishNewsItemRequest(news_item=item)
        ingest_service_pb2_grpc.IngestServiceStub(self.channel).PublishNewsItem(request, timeout=60)
        return self._wait(lambda: len(self.ids) > before)

    def close(self):
        self.call.cancel()
        self.channel.close()
