"""kill -9 while reports, copies and corrections stream in, retried until each was answered: the events are those of a run without crashes.

DEMARCHE_KILL_ROUNDS sets the number of rounds (10, or 200 with DEMARCHE_LONG_TESTS).
"""
import itertools
import json
import os
import random
import threading

import e2e
import grpc
from demarche.v1 import ingest_service_pb2, ingest_service_pb2_grpc

ROUNDS = int(os.environ.get("DEMARCHE_KILL_ROUNDS", "200" if "DEMARCHE_LONG_TESTS" in os.environ else "10"))
SEED = 20240507
MATTERS = ["a bugged conference room", "smuggled antiquities", "bribes paid to customs officers", "stolen blueprints of a submarine"]
TELLINGS = ["{} expelled two diplomats of {} on Monday over {}.", "{} has thrown out two envoys of {} on Monday because of {}.",
            "On Monday, {} expelled two diplomats from {}, citing {}."]
TAIL = " The ministry gave no details. Analysts had expected as much. A spokeswoman declined to comment on the matter."


def item_of(number):
    """Each act is told three times by several publishers; then one report is copied, and one is corrected."""
    act, part = divmod(number, 5)
    pair = e2e.PAIRS[act // len(MATTERS) % len(e2e.PAIRS)]
    telling = {3: 0, 4: 1}.get(part, part)
    request = ingest_service_pb2.PublishNewsItemsRequest()
    item = request.news_item
    item.news_item_id = f"{act}-{1 if part == 4 else part}"
    item.publisher = f"Publisher {telling}" if part != 3 else "Copyist"
    item.publish_time.seconds = 1_500_000_000 + act // len(MATTERS) // len(e2e.PAIRS) * 10 * 86_400
    item.body = TELLINGS[telling].format(*pair, MATTERS[act % len(MATTERS)]) + (TAIL if telling == 0 else "")
    if part == 3:
        item.body += " The envoys have three days to leave."
    if part == 4:
        item.body = item.body.replace("two", "three")
        item.supersedes_revision = 1
    return request


class Sender:
    """Streams items in order, from the first that was not answered on."""

    def __init__(self):
        self.answered = 0
        self.sent = 0

    def _requests(self, end):
        for number in itertools.count(self.answered) if end is None else range(self.answered, end):
            self.sent = max(self.sent, number + 1)
            yield item_of(number)

    def _take(self, result):
        # A report whose correction was stored before its own answer came through.
        is_overtaken = self.answered % 5 == 1 and result.status.code == grpc.StatusCode.ALREADY_EXISTS.value[0]
        if result.HasField("status") and not is_overtaken:
            raise AssertionError(f"item {self.answered}: {result.status}")
        self.answered += 1

    def send(self, server, end):
        """All up to `end`."""
        with grpc.insecure_channel(server.address) as channel:
            for response in ingest_service_pb2_grpc.IngestServiceStub(channel).PublishNewsItems(self._requests(end)):
                if response.WhichOneof("response") == "item":
                    self._take(response.item)

    def send_until_killed(self, server, seconds):
        """The server goes so many seconds after the first answer."""
        timer = threading.Timer(seconds, server.process.kill)
        with grpc.insecure_channel(server.address) as channel:
            try:
                for response in ingest_service_pb2_grpc.IngestServiceStub(channel).PublishNewsItems(self._requests(None)):
                    if response.WhichOneof("response") == "item":
                        self._take(response.item)
                        if timer.ident is None:
                            timer.start()
            except grpc.RpcError:
                pass
        timer.join()
        server.kill()


def latest(server):
    code, out, err = server.cli("events", "list", "--limit", "0", "-o", "jsonl")
    assert code == 0, err
    return {event["eventId"]: event for event in map(json.loads, out.splitlines())}


class StoriesKill(e2e.ServerTest):
    def test_the_events_are_those_of_a_run_without_crashes(self):
        rng, sender = random.Random(SEED), Sender()
        for _ in range(ROUNDS):
            sender.send_until_killed(self.start(data="rough"), rng.uniform(0, 0.15))
        total = sender.sent
        rough, calm, other = self.start(data="rough"), self.start(data="calm"), Sender()
        sender.send(rough, total)
        other.send(calm, total)
        self.assertEqual((sender.answered, other.answered), (total, total))
        wanted, got = latest(calm), latest(rough)
        print(f"{ROUNDS} kills, {total} items, {len(wanted)} events", flush=True)
        self.assertGreater(max(event["publisherCount"] for event in wanted.values()), 1)
        self.assertEqual(got.keys(), wanted.keys())
        for event_id, event in wanted.items():
            self.assertEqual(got[event_id], event)


if __name__ == "__main__":
    e2e.unittest.main()
