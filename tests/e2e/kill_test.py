"""kill -9 while items stream in: what was acknowledged is there, once, whatever was retried.

DEMARCHE_KILL_ROUNDS sets the number of rounds (50, or 200 with DEMARCHE_LONG_TESTS). The control drops one acknowledged item from what the log holds and must be noticed.
"""
import os
import queue
import random
import threading

import e2e
import grpc
from demarche.v1 import (event_service_pb2, event_service_pb2_grpc, ingest_service_pb2, ingest_service_pb2_grpc, news_item_pb2)

ROUNDS = int(os.environ.get("DEMARCHE_KILL_ROUNDS", "200" if "DEMARCHE_LONG_TESTS" in os.environ else "50"))
SEED = 20240506


def item_of(number):
    request = ingest_service_pb2.PublishNewsItemsRequest()
    item = request.news_item
    item.news_item_id = f"item-{number}"
    item.publisher = "Test"
    # Each item tells of an event of its own: other parties, or another week.
    week, pair = divmod(number, len(e2e.PAIRS))
    item.publish_time.seconds = 1_500_000_000 + week * 10 * 86_400
    item.body = "{} expelled two diplomats of {} on Monday, note {} said.".format(*e2e.PAIRS[pair], number)
    return request


class Publisher:
    """Publishes items one after the other over one stream until the server dies; remembers what was acknowledged.

    `progress` is set once an item from `awaited` on was acknowledged, however slow the machine is, or when the stream has ended.
    """

    def __init__(self, address, numbers, awaited):
        self.acknowledged = {}
        self.progress = threading.Event()
        self._awaited = awaited
        self._numbers = numbers
        self._channel = grpc.insecure_channel(address)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        sent = queue.SimpleQueue()

        def requests():
            for number in self._numbers:
                sent.put(number)
                yield item_of(number)

        try:
            for response in ingest_service_pb2_grpc.IngestServiceStub(self._channel).PublishNewsItems(requests()):
                if response.WhichOneof("response") == "item":
                    number = sent.get()
                    if not response.item.HasField("status"):
                        self.acknowledged[number] = response.item.result
                        if number >= self._awaited:
                            self.progress.set()
        except grpc.RpcError:
            pass  # the server was killed
        self.progress.set()

    def join(self):
        self._thread.join()
        self._channel.close()


def lost(acknowledged, stored_ids):
    """Acknowledged events that a watch from the earliest position does not give."""
    return [event_id for result in acknowledged.values() for event_id in result.event_ids if event_id not in stored_ids]


class Kill(e2e.ServerTest):
    def read_all(self, server):
        with grpc.insecure_channel(server.address) as channel:
            request = event_service_pb2.WatchEventsRequest()
            request.start.earliest = True
            ids, positions = [], []
            call = event_service_pb2_grpc.EventServiceStub(channel).WatchEvents(request)
            for message in call:
                if message.HasField("caught_up"):
                    call.cancel()
                    return ids, positions
                ids += [event.event_id for event in message.event_batch.events]
                positions += message.event_batch.positions
        raise AssertionError("the watch ended before it caught up")

    def test_nothing_acknowledged_is_lost_and_nothing_doubles(self):
        chance = random.Random(SEED)
        acknowledged, next_number = {}, 0
        for _ in range(ROUNDS):
            server = self.start()
            first = max(0, next_number - 5)  # the last ones again, as a publisher that saw no answer would
            publisher = Publisher(server.address, range(first, first + 100_000), next_number)
            publisher.progress.wait()
            threading.Event().wait(chance.uniform(0, 0.05))  # the moment of the crash is the input of this test
            server.kill()
            publisher.join()
            for number, result in publisher.acknowledged.items():
                if number in acknowledged:
                    self.assertEqual(result.outcome, news_item_pb2.PUBLISH_OUTCOME_DUPLICATE)
                    self.assertEqual(result.event_ids, acknowledged[number].event_ids)
                acknowledged[number] = result
            next_number = max(acknowledged, default=-1) + 1
        server = self.start()
        ids, positions = self.read_all(server)
        self.assertGreaterEqual(len(acknowledged), ROUNDS)
        self.assertEqual(lost(acknowledged, set(ids)), [])
        self.assertEqual(len(ids), len(set(ids)), "an event came twice")
        self.assertEqual(positions, sorted(set(positions)))
        control = dict(acknowledged)
        self.assertNotEqual(lost(control, set(ids) - set(control[0].event_ids)), [], "the check cannot fail")
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    e2e.unittest.main()
