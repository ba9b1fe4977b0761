"""A server that is stopped and started again and again under load: each acknowledged item is there once, and clients of each language
that follow it see each event once, in order.

DEMARCHE_LONG_TESTS: 20 restarts in place of 4.
"""
import contextlib
import os
import subprocess
import sys
import threading
import time

import grpc

import e2e
from demarche.v1 import ingest_service_pb2, ingest_service_pb2_grpc, news_item_pb2

sys.path.insert(0, str(e2e.SOURCE / "client" / "python"))
from demarche_client import Client  # noqa: E402  pylint: disable=wrong-import-position

RESTARTS = 20 if "DEMARCHE_LONG_TESTS" in os.environ else 4
ITEMS_BETWEEN = 50  # that are acknowledged before the next restart
PUBLISHERS = 4
AGAIN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)  # the second: the call came while the server ended
EXAMPLES = 4
EXAMPLE = e2e.BIN.parent / "examples" / "example_exactly_once"


def item_of(number):
    """With an event of its own: other parties, or another week."""
    week, pair = divmod(number, len(e2e.PAIRS))
    item = news_item_pb2.NewsItem(news_item_id=str(number), publisher="wire")
    item.body = "{} expelled two diplomats of {} on Monday, note {} said.".format(*e2e.PAIRS[pair], number)
    item.publish_time.seconds = 1_500_000_000 + week * 10 * 86_400
    return item


class Load:
    """Publishers that each send their next item, and the same again until it is answered."""

    def __init__(self, address):
        self.errors = []
        self.acknowledged, self.retries, self._ending, self._lock = {}, 0, threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(address, first)) for first in range(PUBLISHERS)]
        for thread in self._threads:
            thread.start()

    def _run(self, address, number):
        options = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_reconnect_backoff_ms", 1000)]
        with grpc.insecure_channel(address, options=options) as channel:
            stub = ingest_service_pb2_grpc.IngestServiceStub(channel)
            while not self._ending.is_set():
                request = ingest_service_pb2.PublishNewsItemRequest(news_item=item_of(number))
                try:
                    result = stub.PublishNewsItem(request, timeout=60).result
                except grpc.RpcError as error:
                    if error.code() not in AGAIN:
                        self.errors.append(error)
                        return
                    with self._lock:
                        self.retries += 1
                    time.sleep(0.02)  # the pace of this client
                    continue
                with self._lock:
                    self.acknowledged[number] = list(result.event_ids)
                number += PUBLISHERS

    def end(self):
        self._ending.set()
        for thread in self._threads:
            thread.join()


def faults(wanted, seen):
    """What is missing, repeated or out of order in what a client saw."""
    return [(at, *pair) for at, pair in enumerate(zip(wanted, seen)) if pair[0] != pair[1]][:3] or (
        [] if len(wanted) == len(seen) else [("wanted", len(wanted), "seen", len(seen))])


class RollingRestart(e2e.ServerTest):
    def follow(self, address):
        """Clients by name, as what gives the ids that they have seen."""
        clients = {}
        for number in range(EXAMPLES):
            results = self.path / f"example-{number}"
            results.touch()
            example = subprocess.Popen([EXAMPLE, address, results, str(1 << 30)], stderr=subprocess.DEVNULL)
            self.addCleanup(example.wait)
            self.addCleanup(example.kill)
            clients[results.name] = lambda results=results: [line.split()[1] for line in results.read_text().splitlines() if " " in line]
        python, ids = Client(address), []
        self.addCleanup(python.close)

        def watch():
            with contextlib.suppress(ValueError):  # closed at the end of the test
                ids.extend(seen.event.event_id for seen in python.watch(earliest=True))

        threading.Thread(target=watch, daemon=True).start()
        clients["python"] = lambda: list(ids)
        return clients

    def test_no_gap_and_no_repeat(self):
        server = self.start()
        address = server.address
        clients, load = self.follow(address), Load(address)
        self.addCleanup(load.end)
        for _ in range(RESTARTS):
            before = len(load.acknowledged)
            e2e.until(lambda: len(load.acknowledged) >= before + ITEMS_BETWEEN)
            self.assertEqual(server.stop(), 0)
            server = self.start(listen=address)
        load.end()
        self.assertEqual(load.errors, [])
        wanted = [line["event"]["eventId"] for line in server.events()]
        self.assertEqual(len(wanted), len(set(wanted)))
        self.assertEqual({event for ids in load.acknowledged.values() for event in ids} - set(wanted), set())
        for name, seen in clients.items():
            e2e.until(lambda: len(seen()) >= len(wanted))
            self.assertEqual(faults(wanted, seen()), [], name)
        print(f"{RESTARTS} restarts, {len(load.acknowledged)} items acknowledged, {load.retries} tries again, {len(wanted)} events to "
              f"each of {len(clients)} clients", flush=True)
        self.assertGreater(load.retries, 0, "no publisher met a restart")

    def test_control_each_fault_is_noticed(self):
        wanted = ["a", "b", "c"]
        for seen in (["a", "c"], ["a", "b"], ["a", "a", "b", "c"], ["b", "a", "c"], ["a", "b", "c", "c"], []):
            self.assertNotEqual(faults(wanted, seen), [], seen)
        self.assertEqual(faults(wanted, list(wanted)), [])


if __name__ == "__main__":
    e2e.unittest.main()
