"""Durable subscriptions as a user works with them, and a group whose consumers and whose server are killed.

DEMARCHE_GROUP_SECONDS sets how long consumers are killed, one a second (8, or 300 with DEMARCHE_LONG_TESTS).
"""
import collections
import json
import os
import signal
import subprocess
import sys
import time

import e2e
import grpc
from demarche.v1 import ingest_service_pb2, ingest_service_pb2_grpc

SECONDS = int(os.environ.get("DEMARCHE_GROUP_SECONDS", "300" if "DEMARCHE_LONG_TESTS" in os.environ else "8"))

ITEMS_A_SECOND = 200

# A consumer as a process of its own: says what it was delivered and what was confirmed, a JSON line each.
CONSUMER = """
import json, os, queue, sys
import grpc
sys.path.insert(0, os.environ["DEMARCHE_STUBS"])
from demarche.v1 import subscription_service_pb2 as pb, subscription_service_pb2_grpc as stubs
requests = queue.SimpleQueue()
requests.put(pb.ConsumeRequest(subscription="desk"))
requests.put(pb.ConsumeRequest(grant={"events": 64}))
with grpc.insecure_channel(sys.argv[1]) as channel:
    for response in stubs.SubscriptionServiceStub(channel).Consume(iter(requests.get, None)):
        batch = response.message.event_batch
        if batch.positions:
            print(json.dumps({"delivered": list(batch.positions), "ids": [event.event_id for event in batch.events]}), flush=True)
            requests.put(pb.ConsumeRequest(ack={"ranges": [{"first_position": p, "last_position": p} for p in batch.positions]}))
            requests.put(pb.ConsumeRequest(grant={"events": len(batch.positions)}))
        for confirmed in response.ack_result.confirmed_ranges:
            if confirmed.first_position not in response.ack_result.lost_positions:
                print(json.dumps({"confirmed": confirmed.first_position}), flush=True)
"""


class Consumer:
    def __init__(self, address, output):
        self.output = output
        with output.open("wb") as out:
            self.process = subprocess.Popen([sys.executable, "-c", CONSUMER, address], stdout=out)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def lines(self):
        """What it said, in order; a line that the kill cut short was not said."""
        for line in self.output.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                return


class Subscriptions(e2e.ServerTest):
    def sub(self, server, *args):
        code, out, err = server.cli("sub", *args)
        self.assertEqual(code, 0, err)
        return out

    def info(self, server):
        return json.loads(self.sub(server, "info", "desk", "-o", "jsonl"))

    def test_as_a_user(self):
        server = self.start()
        self.assertEqual(server.cli("publish", e2e.SAMPLES)[0], 0)
        wanted = [line["event"]["eventId"] for line in server.events()]
        self.assertIn("backlog", self.sub(server, "create", "desk", "--earliest", "--max-deliveries", "2"))
        self.assertEqual(server.cli("sub", "create", "desk")[0], 4)
        self.assertIn("desk", self.sub(server, "ls"))
        half = len(wanted) // 2
        seen = [json.loads(line) for line in self.sub(server, "consume", "desk", "--count", str(half), "-o", "jsonl").splitlines()]
        self.assertEqual([line["event"]["eventId"] for line in seen], wanted[:half])
        self.assertEqual(self.info(server)["ackedPosition"], seen[-1]["position"])

        server.kill()
        server = self.start()
        rest = self.sub(server, "consume", "desk", "--count", str(len(wanted) - half), "-o", "jsonl").splitlines()
        self.assertEqual([json.loads(line)["event"]["eventId"] for line in rest], wanted[half:])
        self.assertNotIn("backlog", self.info(server))

        self.sub(server, "seek", "desk", "--after", seen[0]["position"])
        for _ in range(2):
            again = self.sub(server, "consume", "desk", "--count", "1", "--no-ack", "-o", "jsonl")
            self.assertEqual(json.loads(again)["event"]["eventId"], wanted[1])
        dead = [json.loads(line) for line in self.sub(server, "dlq", "desk", "-o", "jsonl").splitlines()]
        self.assertEqual([line["event"]["eventId"] for line in dead], [wanted[1]])
        self.sub(server, "dlq", "desk", "--replay", "--position", dead[0]["position"])
        self.assertEqual(json.loads(self.sub(server, "consume", "desk", "--count", "1", "-o", "jsonl"))["event"]["eventId"], wanted[1])
        self.assertEqual(self.sub(server, "dlq", "desk"), "")
        self.sub(server, "pause", "desk")
        self.assertTrue(self.info(server)["paused"])
        self.sub(server, "delete", "desk")
        self.assertEqual(server.cli("sub", "info", "desk")[0], 4)

    def publish(self, server, first, count):
        def requests():
            for number in range(first, first + count):
                request = ingest_service_pb2.PublishNewsItemsRequest()
                item = request.news_item
                item.news_item_id = f"item-{number}"
                item.publisher = "Test"
                # Weeks apart where the pair is the same: each tells of an event of its own.
                week, pair = divmod(number, len(e2e.PAIRS))
                item.publish_time.seconds = 1_000_000_000 + week * 7 * 24 * 3600
                item.body = "{} expelled two diplomats of {} on Monday, note {} said.".format(*e2e.PAIRS[pair], number)
                yield request

        with grpc.insecure_channel(server.address) as channel:
            for response in ingest_service_pb2_grpc.IngestServiceStub(channel).PublishNewsItems(requests()):
                self.assertFalse(response.item.HasField("status"))

    def test_a_group_whose_consumers_are_killed(self):
        server = self.start()
        self.sub(server, "create", "desk", "--earliest", "--max-deliveries", "1000")
        gone, group = [], [Consumer(server.address, self.path / f"consumer-{i}") for i in range(4)]
        for second in range(SECONDS):
            self.publish(server, second * ITEMS_A_SECOND, ITEMS_A_SECOND)
            time.sleep(0.5)
            victim = group.pop(0)
            victim.kill()
            gone.append(victim)
            group.append(Consumer(server.address, self.path / f"consumer-{4 + second}"))
        deadline = time.monotonic() + 120
        while "backlog" in self.info(server) and time.monotonic() < deadline:
            time.sleep(0.2)
        for consumer in group:
            consumer.kill()
        wanted = {line["position"] for line in server.events()}
        self.assertGreaterEqual(len(wanted), SECONDS * ITEMS_A_SECOND)
        delivered, confirmed, unconfirmed_of_killed = collections.Counter(), set(), 0
        for consumer in gone + group:
            held, sure = set(), set()
            for line in consumer.lines():
                if "confirmed" in line:
                    sure.add(line["confirmed"])
                else:
                    held.update(line["delivered"])
                    delivered.update(line["delivered"])
            self.assertFalse(confirmed & (held - sure), "delivered again after the acknowledgement was confirmed")
            confirmed |= sure
            unconfirmed_of_killed += len(held - sure)
        self.assertEqual(set(delivered), wanted, "every event was delivered")
        self.assertNotIn("backlog", self.info(server), "every event was acknowledged")
        # What a consumer was sent and had not yet written down when it was killed is not in the count.
        self.assertLessEqual(sum(delivered.values()) - len(wanted), unconfirmed_of_killed + 64 * len(gone))


if __name__ == "__main__":
    e2e.unittest.main()
