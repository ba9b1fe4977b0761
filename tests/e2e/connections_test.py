"""Connections of the gRPC endpoint: caps, descriptors that run out, peers that say nothing or are gone without a word. What needs other
addresses or lost packets is skipped where network namespaces are not allowed."""
import contextlib
import os
import resource
import subprocess
import sys
import time
import unittest

import grpc

import bystander
import e2e
import http2
import network
from demarche.v1 import event_service_pb2, event_service_pb2_grpc

network.enter()

CROWD = 1000
DESCRIPTORS = 256
UNANSWERED_SECONDS = 5  # after which the control is taken not to accept
# A server that leaves accepting to gRPC, of the same version.
GRPC_ALONE = """
import concurrent.futures, grpc, sys
server = grpc.server(concurrent.futures.ThreadPoolExecutor(1))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
"""
REFUSED = 'demarche_refused_connections_total{{reason="{}"}}'


def limit_descriptors(pid, count):
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (count, resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]))


def lowest_free_descriptor(pid):
    used = {int(name) for name in os.listdir(f"/proc/{pid}/fd")}
    return min(set(range(len(used) + 1)) - used)


class ConnectionTest(e2e.ServerTest):
    def connect(self, address, source=None):
        connection = http2.Connection(address, source)
        self.addCleanup(connection.close)
        return connection

    def is_served(self, address, source=None):
        return self.connect(address, source).greet()

    def watch(self, address):
        watch = bystander.Bystander(address)
        self.addCleanup(watch.close)
        return watch

    def crowd(self, address):
        return [self.connect(address) for _ in range(CROWD)]


class Descriptors(ConnectionTest):
    def setUp(self):
        super().setUp()
        limit_descriptors(os.getpid(), 3 * CROWD)

    def seconds_until_served(self, address):
        started = time.monotonic()
        e2e.until(lambda: self.is_served(address))
        return time.monotonic() - started

    def test_a_crowd_leaves_half_of_them_and_is_forgotten(self):
        server = self.start()
        watch = self.watch(server.address)
        limit_descriptors(server.process.pid, DESCRIPTORS)
        crowd = self.crowd(server.address)
        e2e.until(lambda: server.metric(REFUSED.format("descriptors")) > 0)
        self.assertLessEqual(server.metric("demarche_connections"), DESCRIPTORS / 2)
        self.assertTrue(server.wait_for_line("connections closed: descriptors"))
        self.assertTrue(watch.publishes_and_sees(("France", "Germany")))
        for connection in crowd:
            connection.close()
        print(f"served {self.seconds_until_served(server.address):.2f} s after the crowd has left", flush=True)
        self.assertTrue(watch.publishes_and_sees(("Japan", "Brazil")))
        self.assertEqual(server.stop(), 0)

    def test_out_of_all_of_them_it_accepts_again_once_there_are_some(self):
        server = self.start()
        watch = self.watch(server.address)
        limit_descriptors(server.process.pid, lowest_free_descriptor(server.process.pid))
        crowd = self.crowd(server.address)
        late = self.connect(server.address)
        late.socket.settimeout(UNANSWERED_SECONDS)
        # It is closed, or waits where another thread of the server took the spare descriptor.
        with contextlib.suppress(OSError):
            self.assertFalse(late.greet())
        limit_descriptors(server.process.pid, DESCRIPTORS)
        print(f"served {self.seconds_until_served(server.address):.2f} s after there are descriptors", flush=True)
        for connection in crowd:
            connection.close()
        self.assertTrue(watch.publishes_and_sees(("Japan", "Brazil")))
        self.assertEqual(server.stop(), 0)

    def test_control_grpc_alone_never_accepts_again(self):
        with subprocess.Popen([sys.executable, "-c", GRPC_ALONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as alone:
            address = f"127.0.0.1:{int(alone.stdout.readline())}"
            self.assertTrue(self.is_served(address))
            limit_descriptors(alone.pid, DESCRIPTORS)
            for connection in self.crowd(address):
                connection.close()
            late = self.connect(address)
            late.socket.settimeout(UNANSWERED_SECONDS)
            with self.assertRaises(TimeoutError):
                late.greet()
            alone.kill()


class Caps(ConnectionTest):
    def check(self, server, cap, reason, source=None):
        """As many as the cap, one more, and one in the place of another."""
        open_connections = [self.connect(server.address, source) for _ in range(cap)]
        for connection in open_connections:
            self.assertTrue(connection.greet())
        self.assertEqual(server.metric(REFUSED.format(reason)), 0)
        self.assertFalse(self.is_served(server.address, source))
        self.assertEqual(server.metric(REFUSED.format(reason)), 1)
        open_connections[0].close()
        e2e.until(lambda: self.is_served(server.address, source))

    def test_in_all(self):
        server = self.start("--max-connections", "3")
        self.check(server, 3, "total")
        self.assertEqual(server.metric("demarche_connections"), 3)
        self.assertEqual(server.metric("demarche_accepted_connections_total"), 4)

    def test_loopback_is_capped_in_all_only(self):
        server = self.start("--max-connections-per-address", "1")
        for _ in range(3):
            self.assertTrue(self.is_served(server.address))

    @unittest.skipUnless(network.is_entered(), "no network namespace may be made here")
    def test_of_an_address(self):
        for address in ("10.0.1.1", "10.0.1.2"):
            subprocess.run(f"ip address add {address}/24 dev lo".split(), check=True)
            self.addCleanup(subprocess.run, f"ip address delete {address}/24 dev lo".split(), check=True)
        server = self.start("--max-connections-per-address", "3", "--accept-open-network", "true", listen="10.0.1.1:0")
        self.check(server, 3, "address", source="10.0.1.2")
        self.assertTrue(self.is_served(server.address, source="10.0.1.1"))
        self.assertTrue(server.wait_for_line("the latest from 10.0.1.2"))


class Streams(ConnectionTest):
    def ask(self, channel, timeout):
        return event_service_pb2_grpc.EventServiceStub(channel).GetStreamInfo(event_service_pb2.GetStreamInfoRequest(), timeout=timeout)

    def channel_with_watches(self, server, count):
        channel = grpc.insecure_channel(server.address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.addCleanup(channel.close)
        stub = event_service_pb2_grpc.EventServiceStub(channel)
        watches = [stub.WatchEvents(event_service_pb2.WatchEventsRequest()) for _ in range(count)]
        for watch in watches:
            next(watch)
        return channel, watches

    def test_a_connection_has_as_many_calls_as_it_may_and_one_more_waits(self):
        server = self.start("--streams-per-connection", "3")
        channel, _ = self.channel_with_watches(server, 2)
        self.ask(channel, timeout=60)
        channel, watches = self.channel_with_watches(server, 3)
        with self.assertRaises(grpc.RpcError) as waited:
            self.ask(channel, timeout=1)
        self.assertEqual(waited.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        self.ask(self.channel_with_watches(server, 0)[0], timeout=60)
        watches[0].cancel()
        self.ask(channel, timeout=60)

    def test_a_client_that_opens_more_all_the_same_is_cut_off(self):
        server = self.start("--streams-per-connection", "3")
        watch = self.watch(server.address)
        connection = self.connect(server.address)
        self.assertTrue(connection.greet())
        connection.send(http2.frame(http2.SETTINGS, http2.ACK))

        def open_call(stream):
            head = http2.request_headers("/demarche.v1.IngestService/PublishNewsItem")
            connection.send(http2.frame(http2.HEADERS, http2.END_HEADERS, stream, head))

        for stream in (1, 3, 5):
            open_call(stream)
        connection.send(http2.frame(http2.PING, 0, 0, b"12345678"))
        self.assertIsNotNone(connection.read_until(http2.PING))
        open_call(7)
        self.assertTrue(connection.is_closed())
        self.assertTrue(watch.publishes_and_sees(("Japan", "Brazil")))


class Peers(ConnectionTest):
    def test_one_that_says_nothing_is_closed(self):
        server = self.start()
        silent = self.connect(server.address)
        started = time.monotonic()
        self.assertTrue(silent.is_closed())
        print(f"closed after {time.monotonic() - started:.2f} s", flush=True)
        e2e.until(lambda: server.metric("demarche_connections") == 0)

    @unittest.skipUnless(network.is_entered(), "no network namespace may be made here")
    def test_one_whose_network_is_gone_is_freed_and_another_stays(self):
        link = network.Link()
        self.addCleanup(link.close)
        server = self.start("--accept-open-network", "true", listen=network.ADDRESS + ":0")
        near = self.watch(server.address)
        with subprocess.Popen([*link.prefix, str(e2e.BIN / "demarche"), "watch", "--server", server.address],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=e2e.environment()) as far:
            self.addCleanup(far.kill)
            e2e.until(lambda: server.metric("demarche_watches") == 2)
            link.drop()
            started = time.monotonic()
            e2e.until(lambda: server.metric("demarche_watches") == 1)
            e2e.until(lambda: server.metric("demarche_connections") == 1)
            print(f"freed after {time.monotonic() - started:.2f} s", flush=True)
            self.assertTrue(near.publishes_and_sees(("Japan", "Brazil")))
            far.kill()


if __name__ == "__main__":
    e2e.unittest.main()
