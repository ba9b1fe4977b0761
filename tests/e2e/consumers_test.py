"""The consumers of the Python and of the Node package do the same: against the real server, and against scripts of what a server cannot
easily be brought to do. Each is a process (python_consumer.py, node_consumer.mjs)."""
import concurrent.futures
import json
import os
import signal
import subprocess
import threading
import time
import unittest

import e2e
import grpc
import proxy
from demarche.v1 import subscription_service_pb2, subscription_service_pb2_grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

PATIENCE_SECONDS = 60  # a bound, not a wait
HERE = e2e.SOURCE / "tests" / "e2e"


class Consumer:
    """A consumer as a process, and what it has said."""

    def __init__(self, program, address, options):
        environment = e2e.environment(PYTHONPATH=f"{e2e.SOURCE}/client/python:{os.environ['DEMARCHE_STUBS']}")
        self.process = subprocess.Popen([*program, address, json.dumps(options)], stdout=subprocess.PIPE, env=environment)
        self.lines = []
        self._said = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._said:
                self.lines.append(json.loads(line))
                self._said.notify_all()

    def said(self, key):
        return [line[key] for line in list(self.lines) if key in line]

    def wait_for(self, key, count=1):
        """Whether it said so many of them in time."""
        with self._said:
            return self._said.wait_for(lambda: len(self.said(key)) >= count, PATIENCE_SECONDS)

    def end(self, number=None):
        """Sends the signal, if any, and waits. Gives what the program said at its end."""
        if number:
            self.process.send_signal(number)
        self.process.wait(PATIENCE_SECONDS)
        self._reader.join()
        self.process.stdout.close()
        return self.lines[-1] if self.lines else None


class Scripted(subscription_service_pb2_grpc.SubscriptionServiceServicer):
    """A server whose Consume plays scripts, the last again and again: positions to deliver, then the code and reason of the end; no
    code: the stream stays."""

    def __init__(self, *scripts, lease_seconds=30):
        self.scripts, self.lease_seconds, self.requests = list(scripts), lease_seconds, []
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(8))
        subscription_service_pb2_grpc.add_SubscriptionServiceServicer_to_server(self, self.server)
        self.address = f"127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def GetSubscription(self, request, context):  # pylint: disable=invalid-name
        return subscription_service_pb2.GetSubscriptionResponse(subscription={"lease_duration": {"seconds": self.lease_seconds}})

    def Consume(self, requests, context):  # pylint: disable=invalid-name
        positions, code, reason = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        self.requests.append(next(requests))
        for position in positions:
            batch = {"events": [{"event_id": position}], "positions": [position], "append_times": [{}], "delivery_counts": [1]}
            yield subscription_service_pb2.ConsumeResponse(message={"event_batch": batch})
        if code is None:
            for request in requests:
                self.requests.append(request)
        elif code != grpc.StatusCode.OK:
            if reason:
                detail = any_pb2.Any()
                detail.Pack(error_details_pb2.ErrorInfo(reason=reason, metadata={"scope": "subscribe"}))
                status = status_pb2.Status(code=code.value[0], details=[detail])
                context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
            context.abort(code, "")


class ConsumerTests:
    """What both must do."""

    PROGRAM = ()

    def consume(self, address, **options):
        consumer = Consumer(self.PROGRAM, address, options)
        self.addCleanup(lambda: consumer.process.poll() is None and consumer.end(signal.SIGKILL))
        return consumer

    def sub(self, *args):
        code, out, err = self.server.cli("sub", *args)
        self.assertEqual(code, 0, err)
        return out

    def info(self):
        return json.loads(self.sub("info", "desk", "-o", "jsonl"))

    def publish(self, first, count):
        items = [{"news_item_id": f"item-{i}", "publisher": "Test", "publish_time": "2024-05-01T00:00:00Z",
                  "body": "{} expelled two diplomats of {} on Monday.".format(*e2e.PAIRS[i])} for i in range(first, first + count)]
        code, out, err = self.server.cli("publish", "-", "-o", "jsonl", stdin="".join(json.dumps(item) + "\n" for item in items))
        self.assertEqual(code, 0, out + err)

    def start_with(self, count):
        """A server with so many events; gives their ids."""
        self.server = self.start()
        self.publish(0, count)
        self.sub("create", "desk", "--earliest")
        return self.ids()

    def ids(self):
        return [line["event"]["eventId"] for line in self.server.events()]

    def test_each_event_once_after_its_acknowledgement(self):
        wanted = self.start_with(30)
        first = self.consume(self.server.address, limit=12, max_in_hand=5)
        self.assertEqual(first.end(), {"end": ""})
        self.assertEqual(first.said("id"), wanted[:12])
        self.assertCountEqual(first.said("confirmed"), first.said("delivered"))  # acknowledgements are committed in any order
        self.server.kill()
        self.server = self.start()
        second = self.consume(self.server.address, limit=len(wanted) - 12)
        self.assertEqual(second.end(), {"end": ""})
        self.assertEqual(second.said("id"), wanted[12:])
        self.assertNotIn("backlog", self.info())

    def test_what_was_not_acknowledged_comes_again(self):
        wanted = self.start_with(8)
        gone = self.consume(self.server.address, hold=True, max_in_hand=3)
        self.assertTrue(gone.wait_for("delivered", 3))
        gone.end(signal.SIGKILL)
        self.assertEqual(gone.said("id"), wanted[:3])
        after = self.consume(self.server.address, limit=len(wanted))
        self.assertEqual(after.end(), {"end": ""})
        self.assertEqual({line["id"]: line["count"] for line in after.lines if "id" in line},
                         {one: 2 if one in wanted[:3] else 1 for one in wanted})

    def test_what_is_refused_comes_again_after_a_delay_that_grows(self):
        wanted = self.start_with(2)
        consumer = self.consume(self.server.address, refuse=2, limit=6)
        self.assertEqual(consumer.end(), {"end": ""})
        self.assertEqual(sorted((line["id"], line["count"]) for line in consumer.lines if "id" in line),
                         sorted((one, count) for one in wanted for count in (1, 2, 3)))
        self.assertEqual(sorted(consumer.said("delay_ms")), [10, 10, 20, 20])
        self.assertEqual(consumer.said("failed"), ["not yet"] * 4)
        self.assertNotIn("backlog", self.info())

    def test_goes_on_when_the_server_comes_back(self):
        self.start_with(60)
        consumer = self.consume(self.server.address, max_in_hand=4)
        for restart in range(3):
            self.assertTrue(consumer.wait_for("delivered", 20 * (restart + 1)))
            self.assertEqual(self.server.stop(), 0)
            self.server = self.start(listen=self.server.address)
            self.publish(60 + 20 * restart, 20)
        wanted = self.ids()
        self.assertEqual(len(wanted), 120)
        self.assertTrue(consumer.wait_for("delivered", len(wanted)))
        until = time.monotonic() + PATIENCE_SECONDS
        while "backlog" in self.info() and time.monotonic() < until:
            time.sleep(0.05)
        self.assertNotIn("backlog", self.info())
        self.assertEqual(consumer.end(signal.SIGTERM), {"end": ""})
        self.assertEqual(set(consumer.said("id")), set(wanted))
        self.assertGreaterEqual(len(consumer.said("reconnect")), 3)
        sure = set()
        for line in consumer.lines:
            self.assertNotIn(line.get("delivered"), sure, "delivered again after the acknowledgement was confirmed")
            sure.add(line.get("confirmed", ""))

    def test_errors_that_stay_end_it(self):
        self.server = self.start()
        consumer = self.consume(self.server.address)
        self.assertEqual(consumer.end()["reason"], "RESOURCE_NOT_FOUND")
        self.assertEqual(consumer.lines[-1]["code"], "NOT_FOUND")
        self.assertIn("there is no such subscription", consumer.lines[-1]["end"])
        self.publish(0, 1)
        self.sub("create", "desk", "--earliest")
        consumer = self.consume(self.server.address)
        self.assertTrue(consumer.wait_for("delivered"))
        self.sub("delete", "desk")
        self.assertEqual(consumer.end()["reason"], "RESOURCE_NOT_FOUND")

    def test_goes_on_where_the_subscription_was_moved_to(self):
        wanted = self.start_with(3)
        consumer = self.consume(self.server.address, late=True)
        self.assertTrue(consumer.wait_for("acknowledged", 2))
        self.sub("seek", "desk", "--earliest")
        self.assertTrue(consumer.wait_for("delivered", 6))
        self.assertEqual(consumer.end(signal.SIGTERM), {"end": ""})
        self.assertEqual(consumer.said("id"), wanted * 2)
        # The third of the first round lost its lease with the connection.
        self.assertEqual(consumer.said("acknowledged"), [True, True, False, True, True])
        self.assertIn("LEASE_LOST", consumer.said("reconnect")[0])

    def test_takes_silence_for_a_dead_connection(self):
        self.start_with(1)
        consumer = self.consume(self.server.address, silence_limit=1)
        self.assertTrue(consumer.wait_for("reconnect", 2))
        self.assertIn("nothing was heard", consumer.said("reconnect")[0])
        self.publish(1, 1)
        self.assertTrue(consumer.wait_for("delivered", 2))

    def test_stop_lets_the_handler_finish_and_leaves_the_rest(self):
        wanted = self.start_with(5)
        consumer = self.consume(self.server.address, stop_after=2)
        self.assertEqual(consumer.end(), {"end": ""})
        self.assertEqual(consumer.said("id"), wanted[:2])
        self.assertEqual(consumer.said("confirmed"), consumer.said("delivered"))
        info = self.info()
        self.assertEqual(info["backlog"], "3")
        self.assertNotIn("leasedCount", info)

    def test_cancel_ends_it_at_once_and_frees_its_leases(self):
        wanted = self.start_with(3)
        consumer = self.consume(self.server.address, cancel=True)
        self.assertEqual(consumer.end()["code"], "CANCELLED")
        self.assertEqual(consumer.said("id"), wanted[:1])
        after = self.consume(self.server.address, limit=3)
        self.assertEqual(after.end(), {"end": ""})
        self.assertEqual(set(after.said("id")), set(wanted))

    def test_an_end_without_confirmations_is_an_error(self):
        self.start_with(2)
        between = proxy.Proxy(self.server.address)
        self.addCleanup(between.close)
        consumer = self.consume(between.address, late=True, close_timeout=0.2)
        self.assertTrue(consumer.wait_for("acknowledged"))
        between.stall()
        self.assertIn("not confirmed within", consumer.end(signal.SIGTERM)["end"])

    def test_which_ends_are_tried_again(self):
        scripted = Scripted((["p1"], grpc.StatusCode.CANCELLED, ""), ([], grpc.StatusCode.OK, ""),
                            ([], grpc.StatusCode.UNAVAILABLE, "DRAINING"), ([], grpc.StatusCode.INTERNAL, ""),
                            ([], grpc.StatusCode.FAILED_PRECONDITION, "LEASE_LOST"), ([], grpc.StatusCode.PERMISSION_DENIED, "SCOPE_MISSING"))
        self.addCleanup(scripted.server.stop, None)
        consumer = self.consume(scripted.address)
        end = consumer.end()
        self.assertEqual((end["code"], end["reason"], end["metadata"]), ("PERMISSION_DENIED", "SCOPE_MISSING", {"scope": "subscribe"}))
        self.assertEqual([why.partition(":")[0] for why in consumer.said("reconnect")],
                         ["UNAVAILABLE", "UNAVAILABLE", "DRAINING", "INTERNAL", "LEASE_LOST"])
        # An internal error that the server explains stays.
        scripted.scripts = [([], grpc.StatusCode.INTERNAL, "LOG_CORRUPT")]
        self.assertEqual(self.consume(scripted.address).end()["reason"], "LOG_CORRUPT")
        scripted.scripts = [([], grpc.StatusCode.UNAVAILABLE, "DRAINING")]
        consumer = self.consume(scripted.address, reconnect=False)
        self.assertEqual(consumer.end()["reason"], "DRAINING")
        self.assertEqual(consumer.said("reconnect"), [])

    def test_what_has_no_lease_any_more_is_not_handed_out(self):
        scripted = Scripted((["p1", "p2"], None, ""), lease_seconds=0)
        self.addCleanup(scripted.server.stop, None)
        consumer = self.consume(scripted.address, max_in_hand=2, silence_limit=2, reconnect=False)
        self.assertIn("nothing was heard", consumer.end()["end"])
        self.assertEqual(consumer.said("delivered"), [])
        scripted.server.stop(None).wait()
        # The credit for both is given anew.
        self.assertEqual(sum(request.grant.events for request in scripted.requests), 4)


class PythonConsumer(ConsumerTests, e2e.ServerTest):
    PROGRAM = ("/usr/bin/python3", str(HERE / "python_consumer.py"))


class NodeConsumer(ConsumerTests, e2e.ServerTest):
    PROGRAM = ("node", str(HERE / "node_consumer.mjs"))


if __name__ == "__main__":
    unittest.main()
