"""TLS through real sockets: who is refused, and certificates that are replaced while streams are open and items come in.

DEMARCHE_LONG_TESTS: 20 replacements under load in place of 3.
"""
import os
import shutil
import threading

import grpc

import bystander
import certificates
import e2e
from auth_test import AuthTest
from demarche.v1 import ingest_service_pb2, ingest_service_pb2_grpc, news_item_pb2

REPLACEMENTS = 20 if "DEMARCHE_LONG_TESTS" in os.environ else 3
WATCHES = 6


def publish(channel, number):
    """Publishes an item with an event of its own: other parties, or another week. Gives the ids of its events."""
    week, pair = divmod(number, len(e2e.PAIRS))
    item = news_item_pb2.NewsItem(news_item_id=str(number), publisher="wire")
    item.body = "{} expelled two diplomats of {} on Monday, note {} said.".format(*e2e.PAIRS[pair], number)
    item.publish_time.seconds = 1_500_000_000 + week * 10 * 86_400
    request = ingest_service_pb2.PublishNewsItemRequest(news_item=item)
    return ingest_service_pb2_grpc.IngestServiceStub(channel).PublishNewsItem(request, timeout=60).result.event_ids


class Load:
    """Publishes item after item over one channel until it is ended; the ids of the events that were acknowledged."""

    def __init__(self, channel):
        self.ids, self.error, self._ending = [], None, threading.Event()
        self._thread = threading.Thread(target=self._run, args=(channel,))
        self._thread.start()

    def _run(self, channel):
        try:
            number = 0
            while not self._ending.is_set():
                self.ids += publish(channel, number)
                number += 1
        except grpc.RpcError as error:
            self.error = error

    def end(self):
        self._ending.set()
        self._thread.join()


class Tls(AuthTest):
    def flags(self, directory, mutual=True):
        flags = ["--tls-certificate-file", directory / "server.crt", "--tls-key-file", directory / "server.key"]
        return flags + (["--tls-client-ca-file", directory / "ca.crt"] if mutual else [])

    def test_an_open_address_without_client_certificates_is_refused(self):
        ours = certificates.make(self.path / "ours")
        base = ["demarched", "serve", "--data-dir", self.path / "data", "--min-free-bytes", "0"]
        for flags in (["--listen", "0.0.0.0:0", "--http-listen", "off"],
                      ["--listen", "0.0.0.0:0", "--http-listen", "off", *self.flags(ours, mutual=False)],
                      ["--listen", "127.0.0.1:0", "--http-listen", "0.0.0.0:0"]):
            code, _, err = e2e.run(*base, *flags)
            self.assertEqual(code, 2, err)
            self.assertIn("--accept-open-network", err)
        server = e2e.Server(self.path / "data", "--accept-open-network", "true", listen="0.0.0.0:0")
        self.addCleanup(server.kill)
        self.assertTrue(server.wait_for_line("without a client certificate"))

    def test_client_certificates_are_demanded(self):
        ours, others = certificates.make(self.path / "ours"), certificates.make(self.path / "others")
        token = self.token("desk", "subscribe")
        server = self.start(*self.flags(ours), "--token-file", self.tokens, "--certificate-scopes", "publish")
        info, listing = "demarche.v1.EventService/GetStreamInfo", "demarche.v1.IngestService/GetNewsItemStatus"
        good = self.secure_channel(server, ours, ours)
        self.assertEqual(self.call(good, info, token)[0], grpc.StatusCode.OK)
        self.assertEqual(self.call(good, info)[1], "SCOPE_MISSING", "a certificate alone has the scopes given to certificates")
        self.assertNotIn(self.call(good, listing)[1], ("SCOPE_MISSING", "TOKEN_MISSING"))
        for bad in (self.secure_channel(server, ours), self.secure_channel(server, ours, others), self.plain_channel(server),
                    self.secure_channel(server, others, ours)):
            self.assertEqual(self.call(bad, info, token)[0], grpc.StatusCode.UNAVAILABLE)

    def test_expired_certificates_are_refused(self):
        ours, expired = certificates.make(self.path / "ours"), self.path / "expired"
        shutil.copytree(ours, expired)
        for name in ("server", "client"):
            certificates.issue(expired, name, days=-1)
        info = "demarche.v1.EventService/GetStreamInfo"
        server = self.start(*self.flags(ours), "--certificate-scopes", "subscribe")
        self.assertEqual(self.call(self.secure_channel(server, ours, ours), info)[0], grpc.StatusCode.OK)
        self.assertEqual(self.call(self.secure_channel(server, ours, expired), info)[0], grpc.StatusCode.UNAVAILABLE, "of a client")
        server = self.start(*self.flags(expired), "--certificate-scopes", "subscribe", data="expired data")
        self.assertEqual(self.call(self.secure_channel(server, ours, ours), info)[0], grpc.StatusCode.UNAVAILABLE, "of the server")

    def replace(self, directory, new):
        """As an operator does: written beside, then renamed."""
        for name in ("server.key", "server.crt", "ca.crt"):
            (directory / (name + ".new")).write_bytes((new / name).read_bytes())
            os.replace(directory / (name + ".new"), directory / name)

    def is_served(self, server, client):
        return self.call(self.secure_channel(server, client, client), "demarche.v1.EventService/GetStreamInfo")[0] == grpc.StatusCode.OK

    def start_with_streams(self):
        ours = certificates.make(self.path / "ours")
        server = self.start(*self.flags(ours), "--certificate-scopes", "subscribe,publish")
        watches = [bystander.Bystander(server.address, self.secure_channel(server, ours, ours)) for _ in range(WATCHES)]
        for watch in watches:
            self.addCleanup(watch.close)
        return ours, server, watches, Load(self.secure_channel(server, ours, ours))

    def test_certificates_are_replaced_under_load_and_no_stream_is_dropped(self):
        ours, server, watches, load = self.start_with_streams()
        for number in range(REPLACEMENTS):
            new = certificates.make(self.path / f"new{number}")
            self.assertFalse(self.is_served(server, new))
            self.replace(ours, new)
            e2e.until(lambda: self.is_served(server, new))
        load.end()
        self.assertIsNone(load.error)
        for watch in watches:
            self.assertTrue(watch.has_seen(load.ids), watch.error)
            self.assertEqual(len(watch.ids), len(set(watch.ids)))
        print(f"{REPLACEMENTS} replacements, {WATCHES} streams and a publisher open, {len(load.ids)} events to each", flush=True)

    def test_control_a_stream_that_is_dropped_is_noticed(self):
        _, server, watches, load = self.start_with_streams()
        self.assertTrue(watches[0].has_seen(load.ids))
        server.kill()
        load.end()
        self.assertIsNotNone(load.error)
        for watch in watches:
            self.assertFalse(watch.has_seen(["never published"]))


if __name__ == "__main__":
    e2e.unittest.main()
