"""Tokens, scopes and quotas through real sockets: every rpc with every scope, rotation under way, refusals and what is written."""
import http.client
import json
import os
import queue
import re
import stat

import grpc

import e2e
from demarche.v1 import admin_service_pb2, admin_service_pb2_grpc
from demarche.v1 import event_service_pb2, event_service_pb2_grpc, ingest_service_pb2, ingest_service_pb2_grpc, news_item_pb2
from google.rpc import error_details_pb2, status_pb2

SCOPES = ("publish", "subscribe", "read-history", "classify", "manage-subscriptions", "admin")
TABLE = e2e.BIN.parent / "generated" / "SCOPES.md"


def reason_of(error):
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            status = status_pb2.Status.FromString(value)
            for detail in status.details:
                info = error_details_pb2.ErrorInfo()
                if detail.Unpack(info):
                    return info.reason
    return ""


class AuthTest(e2e.ServerTest):
    def setUp(self):
        super().setUp()
        self.tokens = self.path / "tokens"

    def token(self, name, scopes, *args):
        code, out, err = e2e.run("demarched", "token", "add", name, "--file", self.tokens, "--scopes", scopes, *args)
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r"^dmr_[0-9a-f]{64}\n$")
        return out.strip()

    def call(self, channel, method, token=None, kind="unary", timeout=30):
        """Calls with an empty request; gives (code, reason)."""
        metadata = [("authorization", "Bearer " + token)] if token else []
        plain = dict(request_serializer=bytes, response_deserializer=bytes)
        try:
            if kind == "unary":
                channel.unary_unary("/" + method, **plain)(b"", metadata=metadata, timeout=timeout)
            elif kind == "server":
                call = channel.unary_stream("/" + method, **plain)(b"", metadata=metadata, timeout=timeout)
                next(call)
                call.cancel()
            else:
                call = channel.stream_stream("/" + method, **plain)(iter([]), metadata=metadata, timeout=timeout)
                for _ in call:
                    pass
        except grpc.RpcError as error:
            return error.code(), reason_of(error)
        except StopIteration:
            pass
        return grpc.StatusCode.OK, ""

    def secure_channel(self, server, ca, client=None):
        pair = dict(private_key=(client / "client.key").read_bytes(), certificate_chain=(client / "client.crt").read_bytes()) if client else {}
        channel = grpc.secure_channel(server.address, grpc.ssl_channel_credentials((ca / "ca.crt").read_bytes(), **pair),
                                      options=[("grpc.use_local_subchannel_pool", 1)])
        self.addCleanup(channel.close)
        return channel

    def plain_channel(self, server):
        channel = grpc.insecure_channel(server.address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.addCleanup(channel.close)
        return channel


class Tokens(AuthTest):
    def test_every_rpc_takes_its_scope_and_no_other(self):
        rows = re.findall(r"^\| (\S+/\S+) \| (\S+) \|$", TABLE.read_text(), re.M)
        self.assertGreater(len(rows), 25)
        tokens = {scope: self.token(scope, scope) for scope in SCOPES}
        server = self.start("--token-file", self.tokens)
        channel = self.plain_channel(server)
        streams = {"Subscribe": "bidi", "Consume": "bidi", "PublishNewsItems": "bidi", "WatchEvents": "server", "Watch": "server"}
        for method, wanted in rows:
            kind = streams.get(method.rsplit("/", 1)[1], "unary")
            for scope, token in tokens.items():
                if method.endswith("/Drain") and scope == wanted:
                    continue  # would end what follows: see Operators
                code, reason = self.call(channel, method, token, kind)
                if wanted in (scope, "none"):
                    self.assertNotIn(reason, ("SCOPE_MISSING", "TOKEN_MISSING"), (method, scope))
                else:
                    self.assertEqual((code, reason), (grpc.StatusCode.PERMISSION_DENIED, "SCOPE_MISSING"), (method, scope))
            code, reason = self.call(channel, method, None, kind)
            if wanted != "none":
                self.assertEqual((code, reason), (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_MISSING"), method)

    def test_unknown_expired_and_malformed_tokens_are_refused(self):
        old = self.token("old", "all", "--expires", "2020-01-01T00:00:00Z")
        self.token("new", "all")
        server = self.start("--token-file", self.tokens)
        channel = self.plain_channel(server)
        method = "demarche.v1.EventService/GetStreamInfo"
        for token, wanted in ((old, "TOKEN_EXPIRED"), ("dmr_" + "0" * 64, "TOKEN_INVALID"), ("x", "TOKEN_INVALID")):
            self.assertEqual(self.call(channel, method, token), (grpc.StatusCode.UNAUTHENTICATED, wanted))

    def test_rotation_while_the_server_runs(self):
        first = self.token("desk", "subscribe")
        server = self.start("--token-file", self.tokens)
        channel = self.plain_channel(server)
        method = "demarche.v1.EventService/GetStreamInfo"
        self.assertEqual(self.call(channel, method, first)[0], grpc.StatusCode.OK)
        second = self.token("desk-2", "subscribe", "--principal", "desk")
        e2e.until(lambda: self.call(channel, method, second)[0] == grpc.StatusCode.OK)
        self.assertEqual(self.call(channel, method, first)[0], grpc.StatusCode.OK, "two are valid at once")
        self.assertEqual(e2e.run("demarched", "token", "revoke", "desk", "--file", self.tokens)[0], 0)
        e2e.until(lambda: self.call(channel, method, first)[0] == grpc.StatusCode.UNAUTHENTICATED)
        self.assertEqual(self.call(channel, method, second)[0], grpc.StatusCode.OK)
        with self.tokens.open("a") as file:
            file.write("no token\n")
        e2e.until(lambda: any("tokens not read" in line for line in server.log) or self.call(channel, method, second)[0] is None)
        self.assertEqual(self.call(channel, method, second)[0], grpc.StatusCode.OK, "a bad file changes nothing")

    def test_the_file_holds_hashes_and_is_ones_own(self):
        token = self.token("a", "publish,subscribe")
        self.assertEqual(stat.S_IMODE(self.tokens.stat().st_mode), 0o600)
        self.assertNotIn(token[4:], self.tokens.read_text())
        code, _, err = e2e.run("demarched", "token", "add", "a", "--file", self.tokens, "--scopes", "all")
        self.assertEqual(code, 1)
        self.assertIn("'a' already", err)
        code, out, _ = e2e.run("demarched", "token", "list", "--file", self.tokens)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^a\ta\tpublish,subscribe\t")
        code, _, err = e2e.run("demarched", "token", "add", "b", "--file", self.tokens, "--scopes", "sing")
        self.assertEqual(code, 2)
        self.assertIn("unknown scope 'sing'", err)
        os.chmod(self.tokens, 0o640)
        code, _, err = e2e.run("demarched", "serve", "--listen", "127.0.0.1:0", "--http-listen", "off", "--data-dir", self.path / "data",
                               "--token-file", self.tokens)
        self.assertEqual(code, 2)
        self.assertIn("chmod 600", err)

    def test_items_belong_to_the_principal(self):
        mine, theirs = self.token("mine", "publish"), self.token("theirs", "publish")
        server = self.start("--token-file", self.tokens)
        stub = ingest_service_pb2_grpc.IngestServiceStub(self.plain_channel(server))
        item = news_item_pb2.NewsItem(news_item_id="1", publisher="p", body="France expelled two Russian diplomats on Monday.")
        item.publish_time.FromJsonString("2024-05-06T07:00:00Z")
        request = ingest_service_pb2.PublishNewsItemRequest(news_item=item)
        outcomes = [stub.PublishNewsItem(request, metadata=[("authorization", "Bearer " + token)]).result.outcome
                    for token in (mine, mine, theirs)]
        names = [ingest_service_pb2.DESCRIPTOR.pool.FindEnumTypeByName("demarche.v1.PublishOutcome").values_by_number[o].name
                 for o in outcomes]
        self.assertEqual(names[1], "PUBLISH_OUTCOME_DUPLICATE")
        self.assertNotEqual(names[2], "PUBLISH_OUTCOME_DUPLICATE", "another principal's id is another id")

    def test_http_asks_for_the_same(self):
        reader = self.token("reader", "read-history")
        server = self.start("--token-file", self.tokens)

        def ask(path, headers):
            connection = http.client.HTTPConnection(server.http_address, timeout=60)
            self.addCleanup(connection.close)
            connection.request("GET", path, headers=headers)
            return connection.getresponse()

        answer = ask("/v1/events", {})
        self.assertEqual((answer.status, answer.getheader("WWW-Authenticate")), (401, "Bearer"))
        self.assertEqual(ask("/v1/events", {"Authorization": "Bearer " + reader}).status, 200)
        answer = ask("/v1/events:watch", {"Authorization": "Bearer " + reader})
        self.assertEqual(answer.status, 403)
        self.assertIn("subscribe", json.loads(answer.read())["message"])

    def test_secrets_appear_nowhere(self):
        token = self.token("ops", "publish,subscribe")
        server = self.start("--token-file", self.tokens, "--log-level", "debug", "--audit", "all")
        channel = self.plain_channel(server)
        planted = "dmr_" + "5ec2e7" * 10 + "abcd"
        self.call(channel, "demarche.v1.EventService/GetStreamInfo", token)
        self.call(channel, "demarche.v1.EventService/ListEvents", token)
        self.call(channel, "demarche.v1.EventService/ListEvents", planted)
        connection = http.client.HTTPConnection(server.http_address, timeout=60)
        connection.request("GET", "/metrics")
        metrics = connection.getresponse().read().decode()
        connection.close()
        self.assertEqual(server.stop(), 0)
        written = "".join(server.log) + metrics
        for path in (self.path / "data").rglob("*"):
            if path.is_file():
                written += path.read_bytes().decode("latin1")
        self.assertNotIn(token[4:], written)
        self.assertNotIn(planted[4:], written)
        log = "".join(server.log)
        self.assertRegex(log, r"audit: allow method=demarche.v1.EventService/GetStreamInfo principal=ops token=ops ")
        self.assertRegex(log, r"audit: deny method=demarche.v1.EventService/ListEvents principal=ops token=ops .*reason=SCOPE_MISSING")
        self.assertRegex(log, r"audit: deny method=demarche.v1.EventService/ListEvents .*reason=TOKEN_INVALID")
        self.assertIn('demarche_refused_calls_total{reason="scope_missing"} 1', metrics)


class AuditLines(AuthTest):
    """A peer does not fill the disk with the lines that it causes."""

    def lines(self, server, calls):
        """The lines after so many calls without a token, two with the wrong scope, and the end of the server."""
        channel, token = self.plain_channel(server), self.token("wire", "publish")
        for _ in range(calls):
            self.call(channel, "demarche.v1.EventService/GetStreamInfo")
        for _ in range(2):
            self.call(channel, "demarche.v1.EventService/GetStreamInfo", token)
        self.assertEqual(server.stop(), 0)
        return [line for line in server.log if "audit: " in line]

    def start_with(self, lines):
        self.token("desk", "subscribe")
        return self.start("--token-file", self.tokens, "--audit-lines", str(lines))

    def test_as_many_as_may_be_are_written(self):
        lines = self.lines(self.start_with(5), 5)
        self.assertEqual(len([line for line in lines if "reason=TOKEN_MISSING" in line]), 5)
        self.assertFalse([line for line in lines if "left out" in line])

    def test_one_more_is_counted_and_those_of_others_are_written(self):
        lines = self.lines(self.start_with(5), 6)
        self.assertEqual(len([line for line in lines if "reason=TOKEN_MISSING" in line]), 5)
        self.assertEqual(len([line for line in lines if "principal=wire" in line and "reason=SCOPE_MISSING" in line]), 2)
        self.assertRegex(lines[-1], r"audit: left out 1 more lines of address=ipv4:127\.0\.0\.1 TOKEN_MISSING")

    def test_control_without_a_bound_all_are_written(self):
        lines = self.lines(self.start_with(0), 100)
        self.assertEqual(len([line for line in lines if "reason=TOKEN_MISSING" in line]), 100)


class Operators(AuthTest):
    def test_sessions_are_listed_and_drained(self):
        desk, ops = self.token("desk", "subscribe"), self.token("ops", "admin")
        server = self.start("--token-file", self.tokens)
        channel = self.plain_channel(server)
        admin = admin_service_pb2_grpc.AdminServiceStub(channel)
        stub = event_service_pb2_grpc.EventServiceStub(channel)
        as_ops, as_desk = [("authorization", "Bearer " + ops)], [("authorization", "Bearer " + desk)]
        streams = [stub.WatchEvents(event_service_pb2.WatchEventsRequest(), metadata=as_desk) for _ in range(3)]
        for stream in streams:
            next(stream)
        first = admin.ListSessions(admin_service_pb2.ListSessionsRequest(page_size=2), metadata=as_ops)
        second = admin.ListSessions(admin_service_pb2.ListSessionsRequest(page_token=first.next_page_token), metadata=as_ops)
        sessions = list(first.sessions) + list(second.sessions)
        self.assertEqual([(s.principal, s.method) for s in sessions], [("desk", "demarche.v1.EventService/WatchEvents")] * 3)
        self.assertEqual(second.next_page_token, "")
        admin.Drain(admin_service_pb2.DrainRequest(), metadata=as_ops)
        for stream in streams:
            self.assertTrue([message for message in self.rest(stream)][-1].HasField("draining"))
        connection = http.client.HTTPConnection(server.http_address, timeout=60)
        self.addCleanup(connection.close)
        connection.request("GET", "/readyz")
        self.assertEqual(connection.getresponse().status, 503)
        self.assertEqual(server.stop(), 0)

    def rest(self, stream):
        try:
            yield from stream
        except grpc.RpcError as error:
            self.assertEqual(reason_of(error), "DRAINING")


class Quotas(AuthTest):
    def test_streams_of_a_principal_are_bounded(self):
        server = self.start("--quota-streams", "2")
        stub = event_service_pb2_grpc.EventServiceStub(self.plain_channel(server))
        open_streams = [stub.WatchEvents(event_service_pb2.WatchEventsRequest()) for _ in range(2)]
        for stream in open_streams:
            next(stream)
        with self.assertRaises(grpc.RpcError) as refused:
            next(stub.WatchEvents(event_service_pb2.WatchEventsRequest()))
        self.assertEqual((refused.exception.code(), reason_of(refused.exception)),
                         (grpc.StatusCode.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED"))
        open_streams[0].cancel()

        def again():
            try:
                return next(stub.WatchEvents(event_service_pb2.WatchEventsRequest())) is not None
            except grpc.RpcError:
                return False

        e2e.until(again)

    def test_items_a_second_are_bounded_and_told_when_to_come_back(self):
        server = self.start("--quota-items-per-second", "1")
        stub = ingest_service_pb2_grpc.IngestServiceStub(self.plain_channel(server))
        refused = None
        for number in range(20):
            item = news_item_pb2.NewsItem(news_item_id=str(number), publisher="p", body="Rain fell.")
            item.publish_time.FromJsonString("2024-05-06T07:00:00Z")
            try:
                stub.PublishNewsItem(ingest_service_pb2.PublishNewsItemRequest(news_item=item))
            except grpc.RpcError as error:
                refused = error
                break
        self.assertIsNotNone(refused)
        details = status_pb2.Status.FromString(dict(refused.trailing_metadata())["grpc-status-details-bin"])
        retry = error_details_pb2.RetryInfo()
        self.assertTrue(any(detail.Unpack(retry) for detail in details.details))
        self.assertGreater(retry.retry_delay.ToMilliseconds(), 0)
        self.assertEqual(reason_of(refused), "QUOTA_EXCEEDED")


    def test_filters_of_a_principal_are_bounded(self):
        server = self.start("--quota-filters", "3")
        stub = event_service_pb2_grpc.EventServiceStub(self.plain_channel(server))

        def filters(count):
            return [event_service_pb2.NamedFilter(name=f"f{number}", filter="type = SANCTION") for number in range(count)]

        def watch(count):
            call = stub.WatchEvents(event_service_pb2.WatchEventsRequest(filters=filters(count)))
            next(call)
            return call

        def assert_refused(action):
            with self.assertRaises(grpc.RpcError) as refused:
                action()
            self.assertEqual((refused.exception.code(), reason_of(refused.exception)),
                             (grpc.StatusCode.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED"))
            self.assertIn("filters: 'anonymous' would have 4 in its open streams, at most 3", refused.exception.details())

        first = watch(2)
        requests = queue.SimpleQueue()
        start = event_service_pb2.WatchEventsRequest(filters=filters(1))
        requests.put(event_service_pb2.SubscribeRequest(start=start))
        subscribed = stub.Subscribe(iter(requests.get, None))
        next(subscribed)
        everything = watch(0)
        assert_refused(lambda: watch(1))
        requests.put(event_service_pb2.SubscribeRequest(change_filters={"filters": filters(2)}))
        assert_refused(lambda: [None for _ in subscribed])
        requests.put(None)

        def again():
            try:
                return watch(1)
            except grpc.RpcError:
                return None

        e2e.until(again)
        for call in (first, everything):
            call.cancel()


if __name__ == "__main__":
    e2e.unittest.main()
