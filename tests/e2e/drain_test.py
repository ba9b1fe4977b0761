"""SIGTERM: streams are told where they stand, nothing accepted is lost, and the server is gone within five seconds."""
import os
import signal
import threading
import time

import e2e
import grpc
from demarche.v1 import event_service_pb2, event_service_pb2_grpc

STREAMS = 100
BOUND_SECONDS = 5


class Drain(e2e.ServerTest):
    def test_open_streams_get_draining_with_a_position(self):
        server = self.start()
        self.assertEqual(server.cli("publish", e2e.SAMPLES)[0], 0)
        last = []
        with grpc.insecure_channel(server.address) as channel:
            stub = event_service_pb2_grpc.EventServiceStub(channel)
            request = event_service_pb2.WatchEventsRequest()
            request.start.earliest = True
            calls = [stub.WatchEvents(request) for _ in range(STREAMS)]
            caught_up = threading.Barrier(STREAMS + 1)

            def follow(call):
                kind = None
                try:
                    for message in call:
                        kind = message.WhichOneof("response")
                        if kind == "caught_up":
                            caught_up.wait()
                        if kind == "draining":
                            last.append(message.draining.position)
                except grpc.RpcError as error:
                    last.append(error.code())

            threads = [threading.Thread(target=follow, args=(call,)) for call in calls]
            for thread in threads:
                thread.start()
            caught_up.wait(60)
            started = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - started, BOUND_SECONDS)
            for thread in threads:
                thread.join()
        positions = [p for p in last if isinstance(p, str)]
        self.assertEqual(len(positions), STREAMS)
        self.assertEqual(len(set(positions)), 1)
        server = self.start()
        code, out, err = server.cli("watch", "--after", positions[0], "--until-caught-up", "-o", "jsonl")
        self.assertEqual((code, out), (0, ""), err)


class DrainWithoutReaders(e2e.ServerTest):
    def start_with_stalled_watches(self, *args):
        """A server whose watches have more to read than the connection takes, and read nothing."""
        server = self.start(*args)
        self.assertEqual(server.cli("publish", e2e.SAMPLES)[0], 0)
        self.published = len(server.events())
        channel = grpc.insecure_channel(server.address, options=[("grpc.http2.bdp_probe", 0)])
        self.addCleanup(channel.close)
        stub = event_service_pb2_grpc.EventServiceStub(channel)
        request = event_service_pb2.WatchEventsRequest()
        request.start.earliest = True
        info = event_service_pb2.GetStreamInfoRequest()
        self.calls = [stub.WatchEvents(request) for _ in range(STREAMS)]
        while stub.GetStreamInfo(info).watch_count < STREAMS:
            pass
        return server

    def test_a_client_that_never_reads_holds_it_up_no_longer_than_the_deadline(self):
        server = self.start_with_stalled_watches("--drain-ms", "1000")
        started = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - started, BOUND_SECONDS)

    def test_a_second_signal_ends_it_at_once(self):
        server = self.start_with_stalled_watches("--drain-ms", "600000")
        server.process.send_signal(signal.SIGTERM)
        while not any("draining" in line for line in server.log):
            os.sched_yield()
        self.assertIsNone(server.process.poll())
        self.assertEqual(server.stop(BOUND_SECONDS), 1)
        self.assertTrue(any("stopping at once" in line for line in server.log), server.log)
        server = self.start()
        self.assertEqual(len(server.events()), self.published)


if __name__ == "__main__":
    e2e.unittest.main()
