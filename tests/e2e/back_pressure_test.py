"""More comes in than is coded, three times as much and from clients that do not wait: memory stays within a bound, what does not fit is
refused with a time to come back, and what was acknowledged is there.

DEMARCHE_LONG_TESTS: ten minutes in place of ten seconds.
"""
import os
import threading
import time

import grpc

import e2e
from demarche.v1 import ingest_service_pb2, ingest_service_pb2_grpc, news_item_pb2

SECONDS = 600 if "DEMARCHE_LONG_TESTS" in os.environ else 10
TIMES = 3  # what is coded
SENTENCES = 400  # of an item
MEASURED_ITEMS = 100
QUEUE_BYTES = 4 << 20
MOST_GROWTH = 96 << 20  # of memory, in bytes: the queue, its results, what gRPC holds of calls, what the allocator keeps
REMEMBERED = 1 << 10  # beside that, of each item: its print among the near copies, caches of the log


def item_of(number):
    item = news_item_pb2.NewsItem(news_item_id=str(number), publisher="wire", language_code="en", title=f"Note {number}")
    item.body = " ".join(f"The council of district {number} heard report {sentence} on the roads and the weather of the province."
                         for sentence in range(SENTENCES))
    item.publish_time.seconds = 1_700_000_000 + number
    return item


def memory(server, of):
    """In bytes; of VmHWM the most there was."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(of + ":"))


class Flood:
    """Sends items on a schedule, whatever becomes of those before."""

    def __init__(self, address):
        self.channel = grpc.insecure_channel(address)
        self.stub = ingest_service_pb2_grpc.IngestServiceStub(self.channel)
        self.number, self.sent, self.accepted, self.refused, self.others = 0, 0, [], 0, []
        self._open, self._changed = 0, threading.Condition()

    def capacity(self):
        """Items a second, while there are always some to code."""
        requests = [ingest_service_pb2.PublishNewsItemsRequest(news_item=item_of(self._next())) for _ in range(MEASURED_ITEMS)]
        begin = time.monotonic()
        for answer in self.stub.PublishNewsItems(iter(requests)):
            if answer.HasField("item"):
                self.accepted.append(answer.item.result.news_item_id)
        return MEASURED_ITEMS / (time.monotonic() - begin)

    def run(self, rate, seconds):
        begin = time.monotonic()
        while (now := time.monotonic()) < begin + seconds:
            due = int((now - begin) * rate)
            self.send(due - self.sent)
            time.sleep(0.005)  # the schedule is the input of this test
        return self.sent / seconds

    def send(self, count):
        for _ in range(count):
            self._send()

    def settle(self):
        with self._changed:
            assert self._changed.wait_for(lambda: self._open == 0, 300)

    def _next(self):
        self.number += 1
        return self.number

    def _send(self):
        self.sent += 1
        with self._changed:
            self._open += 1
        call = self.stub.PublishNewsItem.future(ingest_service_pb2.PublishNewsItemRequest(news_item=item_of(self._next())))
        call.add_done_callback(self._done)

    def _done(self, call):
        with self._changed:
            self._open -= 1
            if call.exception() is None:
                self.accepted.append(call.result().result.news_item_id)
            elif call.exception().code() == grpc.StatusCode.RESOURCE_EXHAUSTED:
                self.refused += 1
            else:
                self.others.append(call.exception())
            self._changed.notify_all()


class BackPressure(e2e.ServerTest):
    def flooded(self, *flags):
        server = self.start(*flags, "--streams-per-connection", "10000")
        flood = Flood(server.address)
        self.addCleanup(flood.channel.close)
        capacity = flood.capacity()
        return server, flood, capacity, memory(server, "VmRSS")

    def test_memory_is_bounded_and_what_was_acknowledged_is_there(self):
        server, flood, capacity, before = self.flooded("--queue-bytes", str(QUEUE_BYTES))
        rate = flood.run(TIMES * capacity, SECONDS)
        growth = memory(server, "VmHWM") - before
        flood.settle()
        print(f"coded alone {capacity:.0f} items a second, sent {rate:.0f} for {SECONDS} s: {len(flood.accepted)} accepted, "
              f"{flood.refused} refused; memory of {before >> 20} MiB grew by {growth >> 20} MiB", flush=True)
        self.assertEqual(flood.others, [])
        self.assertGreater(flood.refused, 0)
        self.assertLess(growth, MOST_GROWTH + REMEMBERED * len(flood.accepted))
        for news_item_id in flood.accepted[:: max(1, len(flood.accepted) // 200)]:
            request = ingest_service_pb2.GetNewsItemStatusRequest(publisher="wire", news_item_id=news_item_id)
            self.assertTrue(flood.stub.GetNewsItemStatus(request).result.news_item_id)
        self.assertEqual(server.metric("demarche_log_items_total"), len(flood.accepted))
        self.assertEqual(server.stop(), 0)

    def test_control_without_a_bound_memory_grows(self):
        server, flood, _, before = self.flooded("--queue-bytes", str(1 << 34), "--queue-items", "1000000")

        def grows():
            flood.send(50)  # however fast this machine is, faster than it codes
            return memory(server, "VmHWM") - before > MOST_GROWTH

        e2e.until(grows)
        self.assertEqual(flood.refused, 0)
        server.kill()


if __name__ == "__main__":
    e2e.unittest.main()
