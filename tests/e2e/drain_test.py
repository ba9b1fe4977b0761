"""SIGTERM: streams are told where they stand, nothing accepted is lost, and the server is gone within five seconds.

Streams of each kind, 1,000 in all with DEMARCHE_LONG_TESTS.
"""
import os
import signal
import threading
import time

import e2e
import grpc
from demarche.v1 import event_service_pb2, event_service_pb2_grpc, subscription_service_pb2, subscription_service_pb2_grpc

STREAMS = 1000 if "DEMARCHE_LONG_TESTS" in os.environ else 100
STREAMS_OF_A_CONNECTION = 50
STALLED_STREAMS = 100  # as many as a connection has
BOUND_SECONDS = 5


class Stream:
    """A call of one of the three kinds, followed by a thread: what was it told before it ended?"""

    def __init__(self, kind, channel, ready):
        self.position = self.error = None
        self.kind, self.ready, self.ended = kind, ready, threading.Event()
        events = event_service_pb2_grpc.EventServiceStub(channel)
        start = event_service_pb2.WatchEventsRequest()
        start.start.earliest = True
        # A stream of requests stays open until the call ends.
        if kind == "watch":
            self.call = events.WatchEvents(start)
        elif kind == "subscribe":
            first = event_service_pb2.SubscribeRequest(start=start)
            grant = event_service_pb2.SubscribeRequest(grant={"events": 1_000_000})
            self.call = events.Subscribe(self.requests(first, grant))
        else:
            first = subscription_service_pb2.ConsumeRequest(subscription="desk")
            self.call = subscription_service_pb2_grpc.SubscriptionServiceStub(channel).Consume(self.requests(first))
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def requests(self, *requests):
        yield from requests
        self.ended.wait()

    def follow(self):
        try:
            for response in self.call:
                message = response if self.kind == "watch" else response.message
                what = message.WhichOneof("response")
                if what == ("started" if self.kind == "consume" else "caught_up"):
                    self.ready.release()
                if what == "draining":
                    self.position = message.draining.position
        except grpc.RpcError as error:
            self.error = error.code()
        self.ended.set()


class Drain(e2e.ServerTest):
    def test_open_streams_get_draining_with_a_position(self):
        server = self.start()
        self.assertEqual(server.cli("publish", e2e.SAMPLES)[0], 0)
        self.assertEqual(server.cli("sub", "create", "desk", "--earliest")[0], 0)
        last = server.events()[-1]["position"]
        ready, streams, channels = threading.Semaphore(0), [], []
        for number in range(STREAMS):
            if number % STREAMS_OF_A_CONNECTION == 0:
                channels.append(grpc.insecure_channel(server.address, options=[("grpc.use_local_subchannel_pool", 1)]))
                self.addCleanup(channels[-1].close)
            streams.append(Stream(("watch", "subscribe", "consume")[number % 3], channels[-1], ready))
        for _ in streams:
            self.assertTrue(ready.acquire(timeout=60))
        started = time.monotonic()
        self.assertEqual(server.stop(), 0)
        took = time.monotonic() - started
        print(f"{STREAMS} streams, gone after {took:.2f} s", flush=True)
        self.assertLess(took, BOUND_SECONDS)
        for stream in streams:
            stream.thread.join()
        self.assertEqual({stream.error for stream in streams}, {grpc.StatusCode.UNAVAILABLE})
        self.assertEqual({stream.position for stream in streams if stream.kind != "consume"}, {last})
        nothing_done = {stream.position for stream in streams if stream.kind == "consume"}
        self.assertEqual(len(nothing_done), 1)
        self.assertNotIn(None, nothing_done)
        server = self.start()
        code, out, err = server.cli("watch", "--after", last, "--until-caught-up", "-o", "jsonl")
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
        self.calls = [stub.WatchEvents(request) for _ in range(STALLED_STREAMS)]
        with grpc.insecure_channel(server.address, options=[("grpc.use_local_subchannel_pool", 1)]) as another:
            while event_service_pb2_grpc.EventServiceStub(another).GetStreamInfo(info).watch_count < STALLED_STREAMS:
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
