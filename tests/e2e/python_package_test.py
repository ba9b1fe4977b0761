"""The Python package against the real server: each job, resume, and errors in words."""
import concurrent.futures
import json
import os
import sys
import unittest

import e2e

sys.path.insert(0, str(e2e.SOURCE / "client" / "python"))
from demarche.v1 import news_item_pb2  # noqa: E402  pylint: disable=wrong-import-position
from demarche_client import Client, ConsumerOptions, DemarcheError, FilePositions  # noqa: E402  pylint: disable=wrong-import-position


def item(body):
    made = news_item_pb2.NewsItem(publisher="Test", body=body)
    made.publish_time.FromSeconds(1_700_000_000)
    return made


class PythonPackage(e2e.ServerTest):
    def setUp(self):
        super().setUp()
        self.server = self.start()
        self.assertEqual(self.server.cli("publish", e2e.SAMPLES)[0], 0)
        self.wanted = [line["event"]["eventId"] for line in self.server.events()]
        self.client = Client(self.server.address)
        self.addCleanup(self.client.close)

    def test_watch_list_and_resume(self):
        positions = FilePositions(self.path / "position")
        watch = self.client.watch(earliest=True, positions=positions, until_caught_up=True)
        first = [next(watch).event.event_id for _ in range(3)]
        watch.close()
        rest = self.client.watch(earliest=True, positions=positions, until_caught_up=True)
        ids = [seen.event.event_id for seen in rest]
        # The first batch was never asked past, so it comes again: at least once.
        self.assertEqual(ids, self.wanted)
        self.assertEqual(first, self.wanted[:3])
        self.assertEqual(list(self.client.watch(earliest=True, positions=positions, until_caught_up=True)), [])
        self.assertEqual([event.event_id for event in self.client.events()], e2e.latest(self.wanted))

    def test_a_watch_goes_on_when_the_server_comes_back(self):
        watch = self.client.watch(earliest=True)
        ids = [next(watch).event.event_id for _ in self.wanted]
        self.server.kill()
        again = self.start(listen=self.server.address)
        code, out, err = again.cli("publish", "-", "--publisher", "Test", "-o", "jsonl",
                                   stdin="Poland summoned the Russian ambassador on Tuesday.")
        self.assertEqual(code, 0, err)
        self.assertIn(next(watch).event.event_id, out)
        self.assertEqual(ids, self.wanted)

    def test_publish_and_classify(self):
        result = self.client.publish(item("Germany expelled two Russian diplomats on Monday."))
        self.assertEqual(len(result.event_ids), 1)
        self.assertEqual(list(self.client.publish(item("Germany expelled two Russian diplomats on Monday.")).event_ids),
                         list(result.event_ids))
        self.assertEqual([event.kind for event in self.client.classify(item("Germany expelled two Russian diplomats on Monday."))],
                         ["diplomats_expelled"])

    def test_a_consumer_is_answered_by_any_thread(self):
        self.assertEqual(self.server.cli("sub", "create", "desk", "--earliest")[0], 0)
        options = ConsumerOptions(limit=len(self.wanted), max_in_hand=16)
        with self.client.consumer("desk", options) as consumer, concurrent.futures.ThreadPoolExecutor(4) as pool:
            self.assertEqual(list(pool.map(consumer.ack, consumer)), [True] * len(self.wanted))
        self.assertNotIn("backlog", json.loads(self.server.cli("sub", "info", "desk", "-o", "jsonl")[1]))

    def test_errors_are_decoded(self):
        with self.assertRaises(DemarcheError) as caught:
            self.client.publish(item(""))
        self.assertEqual(caught.exception.reason, "ITEM_INVALID")
        self.assertEqual(caught.exception.violations[0][0], "news_item.body")
        with self.assertRaises(DemarcheError) as caught:
            list(self.client.watch(["typ = AID"]))
        self.assertEqual(caught.exception.reason, "FILTER_INVALID")
        with self.assertRaises(ValueError):
            Client("example.com:1", token_file=os.devnull)
        with self.assertRaises(ValueError):
            ConsumerOptions(max_in_hand=0)


if __name__ == "__main__":
    unittest.main()
