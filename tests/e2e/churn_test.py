"""Clients that come and go, 200 connections a second, each with a watch that it leaves open or closes, by a word, by a reset or by none:
whatever they held is free again, and the watch of another client goes on.

DEMARCHE_LONG_TESTS: a minute in place of five seconds. Half of it is to reach what the allocator keeps, half must add little to that.
"""
import os
import socket
import struct
import time

import bystander
import e2e
import http2
from demarche.v1 import event_service_pb2
from http2 import ACK, GOAWAY, HEADERS, RST_STREAM, SETTINGS, frame

RATE = 200
SECONDS = 60 if "DEMARCHE_LONG_TESTS" in os.environ else 5
WATCH = "/demarche.v1.EventService/WatchEvents"
REQUEST = http2.call(WATCH, http2.message(event_service_pb2.WatchEventsRequest().SerializeToString()))
MOST_GROWTH = 16 << 20  # of the second half, in bytes; those who stay take more in five seconds, see the control


def resident_bytes(server):
    with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def leave_by_reset(connection):
    """Without a word to the stream, and a reset to the connection."""
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def leave_by_word(connection):
    connection.send(frame(RST_STREAM, 0, 1, struct.pack(">I", 8)) + frame(GOAWAY, 0, 0, bytes(8)))


WAYS = (leave_by_reset, leave_by_word, lambda connection: None)


class Churn(e2e.ServerTest):
    def come(self, server):
        connection = http2.Connection(server.address)
        self.assertTrue(connection.greet())
        connection.send(frame(SETTINGS, ACK) + REQUEST)
        self.assertIsNotNone(connection.read_until(HEADERS))
        return connection

    def come_and_go(self, server, seconds):
        begin = time.monotonic()
        for number in range(RATE * seconds):
            time.sleep(max(0, begin + number / RATE - time.monotonic()))  # the rate is the input of this test
            connection = self.come(server)
            WAYS[number % len(WAYS)](connection)
            connection.close()
        return RATE * seconds / (time.monotonic() - begin)

    def start_watched(self):
        server = self.start()
        watch = bystander.Bystander(server.address)
        self.addCleanup(watch.close)
        return server, watch

    def is_free_again(self, server, before):
        return (server.metric("demarche_connections"), server.metric("demarche_watches"), descriptors(server)) == (1, 1, before)

    def test_what_they_held_is_free_again(self):
        server, watch = self.start_watched()
        before = descriptors(server)
        self.come_and_go(server, SECONDS)
        self.assertTrue(watch.publishes_and_sees(("France", "Germany")))
        e2e.until(lambda: server.metric("demarche_watches") == 1)
        middle = resident_bytes(server)
        rate = self.come_and_go(server, SECONDS)
        self.assertTrue(watch.publishes_and_sees(("Japan", "Brazil")))
        e2e.until(lambda: self.is_free_again(server, before))
        growth = resident_bytes(server) - middle
        print(f"{2 * RATE * SECONDS} connections at {rate:.0f} a second; the second half grew memory by {growth / 1024:.0f} KiB", flush=True)
        self.assertLess(growth, MOST_GROWTH)
        self.assertEqual(server.stop(), 0)

    def test_control_those_who_stay_are_noticed(self):
        server, _ = self.start_watched()
        before, memory = descriptors(server), resident_bytes(server)
        stay = [self.come(server) for _ in range(RATE * 5)]
        self.assertFalse(self.is_free_again(server, before))
        self.assertGreater(resident_bytes(server) - memory, MOST_GROWTH)
        for connection in stay:
            connection.close()
        e2e.until(lambda: self.is_free_again(server, before))


if __name__ == "__main__":
    e2e.unittest.main()
