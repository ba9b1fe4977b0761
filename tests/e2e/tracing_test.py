"""W3C trace context from publisher to event, and spans as OTLP/HTTP JSON, read by a real HTTP collector."""
import http.client
import http.server
import json
import threading

import e2e
import grpc
from demarche.v1 import ingest_service_pb2, ingest_service_pb2_grpc

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
SAMPLED = f"00-{TRACE}-{CALLER}-01"
NOT_SAMPLED = f"00-{TRACE}-{CALLER}-00"
SECONDS = 60  # a bound, not a wait


def news_item(number, body=None):
    a, b = e2e.PAIRS[number]
    return {"newsItemId": f"item-{number}", "publisher": "wire", "title": f"{a} and {b}", "publishTime": "2026-02-01T12:00:00Z",
            "body": f"{a} recalled its ambassador to {b} on Sunday." if body is None else body}


class Collector:
    """Takes what is posted, and answers as told: codes in turn, then 200. While `gate` is shut nothing is answered."""

    def __init__(self, *codes):
        self.codes, self.requests, self.changed, self.gate = list(codes), [], threading.Condition(), threading.Event()
        self.gate.set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with outer.changed:
                    code = outer.codes.pop(0) if outer.codes else 200
                    outer.requests.append((self.path, self.headers["Content-Type"], code, body))
                    outer.changed.notify_all()
                outer.gate.wait(SECONDS)
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # the other end hung up

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()

    def wait_for(self, wanted):
        """What `wanted` gives of the requests, once it is true."""
        with self.changed:
            self.changed.wait_for(lambda: wanted(self.requests), SECONDS)
            return wanted(self.requests)

    def spans(self, count):
        """So many spans that were taken, or what there is when the time is over."""
        taken = lambda requests: [span for _, _, code, body in requests if code == 200 for span in spans_of(body)]
        self.wait_for(lambda requests: len(taken(requests)) >= count)
        return taken(self.requests)


def spans_of(body):
    return [span for resource in body["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]]


def attributes(of):
    return {one["key"]: one["value"] for one in of.get("attributes", [])}


class Tracing(e2e.ServerTest):
    def collector(self, *codes):
        collector = Collector(*codes)
        self.addCleanup(collector.close)
        return collector

    def stub(self, server):
        channel = grpc.insecure_channel(server.address)
        self.addCleanup(channel.close)
        return ingest_service_pb2_grpc.IngestServiceStub(channel)

    def request(self, number, kind=ingest_service_pb2.PublishNewsItemRequest, traceparent="", body=None):
        item = news_item(number, body)
        request = kind(traceparent=traceparent)
        request.news_item.news_item_id, request.news_item.publisher = item["newsItemId"], item["publisher"]
        request.news_item.title, request.news_item.body = item["title"], item["body"]
        request.news_item.publish_time.FromJsonString(item["publishTime"])
        return request

    def publish(self, server, number, *traceparents, **kwargs):
        """Over gRPC, with the values as metadata. The ids of its events."""
        answer = self.stub(server).PublishNewsItem(self.request(number, **kwargs), metadata=[("traceparent", v) for v in traceparents])
        self.assertTrue(answer.result.event_ids)
        return list(answer.result.event_ids)

    def traceparents(self, server):
        """By event id, as they are delivered."""
        return {line["event"]["eventId"]: line["event"].get("traceparent") for line in server.events()}

    def test_an_item_is_a_span_with_its_steps(self):
        collector = self.collector()
        server = self.start("--otlp-endpoint", collector.url)
        events = self.publish(server, 0, SAMPLED)
        spans = {span["name"]: span for span in collector.spans(4)}
        self.assertEqual(set(spans), {"publish", "queue", "classify", "append"})
        path, content_type, _, body = collector.requests[0]
        self.assertEqual((path, content_type), ("/v1/traces", "application/json"))
        [resource] = body["resourceSpans"]
        version = e2e.run("demarched", "--version")[1].strip()
        self.assertEqual(attributes(resource["resource"]),
                         {"service.name": {"stringValue": "demarched"}, "service.version": {"stringValue": version}})

        whole = spans["publish"]
        self.assertEqual((whole["traceId"], whole["parentSpanId"], whole["kind"]), (TRACE, CALLER, 2))
        self.assertEqual(attributes(whole), {"demarche.news_item_id": {"stringValue": "item-0"},
                                             "demarche.outcome": {"stringValue": "PUBLISH_OUTCOME_ACCEPTED"},
                                             "demarche.event_count": {"intValue": str(len(events))}})
        self.assertEqual(attributes(spans["classify"]), {"demarche.news_item_id": {"stringValue": "item-0"},
                                                         "demarche.event_count": {"intValue": str(len(events))}})
        for span in spans.values():
            self.assertRegex(span["spanId"], r"^(?!0{16})[0-9a-f]{16}$")
            self.assertRegex(span["startTimeUnixNano"], r"^\d{19}$")
            self.assertLessEqual(int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"]))
            self.assertNotIn("status", span)
        self.assertEqual(len({span["spanId"] for span in spans.values()}), 4)
        previous_end = int(whole["startTimeUnixNano"])
        for name in ["queue", "classify", "append"]:
            step = spans[name]
            self.assertEqual((step["traceId"], step["parentSpanId"], step["kind"]), (TRACE, whole["spanId"], 1))
            self.assertLessEqual(previous_end, int(step["startTimeUnixNano"]))
            previous_end = int(step["endTimeUnixNano"])
        self.assertLessEqual(previous_end, int(whole["endTimeUnixNano"]))

        # A subscriber goes on below the span of the server; the item's status tells the same.
        carried = f"00-{TRACE}-{whole['spanId']}-01"
        self.assertEqual(self.traceparents(server), {event: carried for event in events})
        status = self.stub(server).GetNewsItemStatus(
            ingest_service_pb2.GetNewsItemStatusRequest(publisher="wire", news_item_id="item-0"))
        self.assertEqual(status.traceparent, carried)

    def test_only_sampled_items_are_exported(self):
        collector = self.collector()
        server = self.start("--otlp-endpoint", collector.url)
        [untraced, *_] = self.publish(server, 0)
        [not_sampled, *_] = self.publish(server, 1, NOT_SAMPLED)
        self.publish(server, 2, SAMPLED)
        carried = self.traceparents(server)
        self.assertEqual([carried[untraced], carried[not_sampled]], [None, NOT_SAMPLED])
        collector.spans(4)  # before the stop, which has little patience with a collector
        self.assertEqual(server.stop(), 0)
        wholes = [span for span in collector.spans(4) if span["name"] == "publish"]
        self.assertEqual([attributes(span)["demarche.news_item_id"]["stringValue"] for span in wholes], ["item-2"])

    def test_without_a_collector_it_is_carried_as_it_came_and_kept(self):
        server = self.start()
        events = self.publish(server, 0, SAMPLED)
        self.assertEqual(self.traceparents(server), {event: SAMPLED for event in events})
        self.assertIsNone(server.metric('demarche_trace_spans_total{result="exported"}'))
        self.assertEqual(server.stop(), 0)
        again = self.start()
        self.assertEqual(self.traceparents(again), {event: SAMPLED for event in events})
        # A later revision is of its own call.
        retraction = f"00-{TRACE}-00000000000000aa-01"
        self.stub(again).RetractNewsItem(ingest_service_pb2.RetractNewsItemRequest(publisher="wire", news_item_id="item-0"),
                                         metadata=[("traceparent", retraction)])
        revisions = [line["event"] for line in again.events()]
        self.assertEqual([revision["traceparent"] for revision in revisions if revision["state"] == "EVENT_STATE_RETRACTED"],
                         [retraction] * len(events))
        [untraced, *_] = self.publish(again, 1)
        self.assertIsNone(self.traceparents(again)[untraced])

    def test_an_item_of_a_stream_has_its_own_or_the_streams(self):
        server = self.start()
        own = f"00-{'ab' * 16}-{'cd' * 8}-01"
        given = ["", own, own[:-1], ""]
        requests = [self.request(i, ingest_service_pb2.PublishNewsItemsRequest, value) for i, value in enumerate(given)]
        answers = self.stub(server).PublishNewsItems(iter(requests), metadata=[("traceparent", SAMPLED)])
        results = [answer.item.result for answer in answers if answer.HasField("item")]
        carried = self.traceparents(server)
        self.assertEqual([carried[result.event_ids[0]] for result in results], [SAMPLED, own, SAMPLED, SAMPLED])
        self.assertEqual(server.metric("demarche_invalid_traceparents_total"), 1)

    def test_headers_of_http_and_connect(self):
        server = self.start()
        events = []
        calls = [("/v1/newsItems", lambda item: item, lambda answer: answer),
                 ("/demarche.v1.IngestService/PublishNewsItem", lambda item: {"newsItem": item}, lambda answer: answer["result"])]
        for number, (path, body_of, result_of) in enumerate(calls):
            connection = http.client.HTTPConnection(server.http_address, timeout=SECONDS)
            self.addCleanup(connection.close)
            connection.request("POST", path, json.dumps(body_of(news_item(number))),
                               {"Content-Type": "application/json", "Traceparent": SAMPLED})
            answer = connection.getresponse()
            self.assertEqual(answer.status, 200)
            events += result_of(json.loads(answer.read()))["eventIds"]
        self.assertEqual(self.traceparents(server), {event: SAMPLED for event in events})

    def test_tracestate_goes_on_beside_it(self):
        collector = self.collector()
        server = self.start("--otlp-endpoint", collector.url)
        stub, own = self.stub(server), f"00-{'ab' * 16}-{'cd' * 8}-01"
        calls = [([("traceparent", SAMPLED), ("tracestate", "a=1"), ("tracestate", "b=2")], "a=1,b=2"),
                 ([("traceparent", NOT_SAMPLED), ("tracestate", "a=1")], "a=1"),
                 ([("traceparent", SAMPLED), ("tracestate", "none")], None),
                 ([("tracestate", "a=1")], None)]
        wanted = {}
        for number, (metadata, state) in enumerate(calls):
            for event in stub.PublishNewsItem(self.request(number), metadata=metadata).result.event_ids:
                wanted[event] = state
        # One of its own has no state; that of HTTP has.
        for event in stub.PublishNewsItem(self.request(len(calls), traceparent=own), metadata=calls[0][0]).result.event_ids:
            wanted[event] = None
        connection = http.client.HTTPConnection(server.http_address, timeout=SECONDS)
        self.addCleanup(connection.close)
        connection.request("POST", "/v1/newsItems", json.dumps(news_item(len(calls) + 1)),
                           {"Content-Type": "application/json", "Traceparent": SAMPLED, "Tracestate": "c=3"})
        for event in json.loads(connection.getresponse().read())["eventIds"]:
            wanted[event] = "c=3"
        self.assertEqual({line["event"]["eventId"]: line["event"].get("tracestate") for line in server.events()}, wanted)
        states = {attributes(span)["demarche.news_item_id"]["stringValue"]: span.get("traceState")
                  for span in collector.spans(16) if span["name"] == "publish"}
        self.assertEqual(states, {"item-0": "a=1,b=2", "item-2": None, "item-4": None, "item-5": "c=3"})

    def test_what_is_not_valid_is_ignored_and_counted(self):
        collector = self.collector()
        server = self.start("--otlp-endpoint", collector.url)
        invalid = [[SAMPLED.upper()], [SAMPLED + "-00"], ["ff" + SAMPLED[2:]], [f"00-{'0' * 32}-{CALLER}-01"], ["nonsense"],
                   [SAMPLED, SAMPLED]]
        for number, values in enumerate(invalid):
            [event, *_] = self.publish(server, number, *values)
            self.assertIsNone(self.traceparents(server)[event], values)
        connection = http.client.HTTPConnection(server.http_address, timeout=SECONDS)
        self.addCleanup(connection.close)
        connection.putrequest("POST", "/v1/newsItems")
        body = json.dumps(news_item(len(invalid))).encode()
        for name, value in [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("traceparent", SAMPLED),
                            ("traceparent", SAMPLED)]:
            connection.putheader(name, value)
        connection.endheaders(body)
        self.assertEqual(connection.getresponse().status, 200)
        self.assertEqual(server.metric("demarche_invalid_traceparents_total"), len(invalid) + 1)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(collector.requests, [])

    def test_an_item_that_is_refused_says_why(self):
        collector = self.collector()
        server = self.start("--otlp-endpoint", collector.url)
        with self.assertRaises(grpc.RpcError):
            self.stub(server).PublishNewsItem(self.request(0, body=" "), metadata=[("traceparent", SAMPLED)])
        [span] = collector.spans(1)
        self.assertEqual((span["name"], span["status"]["code"]), ("publish", 2))
        self.assertIn("news_item.body: empty", span["status"]["message"])

    def test_a_collector_that_is_busy_is_asked_again(self):
        collector = self.collector(503, 429)
        server = self.start("--otlp-endpoint", collector.url + "/prefix/")
        self.publish(server, 0, SAMPLED)
        self.assertEqual(len(collector.spans(4)), 4)
        self.assertEqual([(path, code) for path, _, code, _ in collector.requests],
                         [("/prefix/v1/traces", code) for code in [503, 429, 200]])
        self.assertEqual(len({json.dumps(body) for *_, body in collector.requests}), 1)
        e2e.until(lambda: server.metric('demarche_trace_spans_total{result="exported"}') >= 4)

    def test_a_collector_that_refuses_is_not_asked_again(self):
        collector = self.collector(400)
        server = self.start("--otlp-endpoint", collector.url)
        self.publish(server, 0, SAMPLED)
        e2e.until(lambda: server.metric('demarche_trace_spans_total{result="failed"}') >= 4)
        self.assertEqual(len(collector.requests), 1)
        self.publish(server, 1, SAMPLED)
        self.assertEqual(len(collector.spans(4)), 4)

    def test_a_collector_that_is_away_holds_up_nothing(self):
        collector = self.collector()
        port = collector.server.server_port
        collector.close()
        server = self.start("--otlp-endpoint", f"http://127.0.0.1:{port}")
        events = [event for number in range(20) for event in self.publish(server, number, SAMPLED)]
        e2e.until(lambda: server.metric('demarche_trace_spans_total{result="failed"}') >= 4)
        self.assertEqual(set(self.traceparents(server)), set(events))
        self.assertEqual(server.metric('demarche_trace_spans_total{result="exported"}'), 0)
        self.assertEqual(server.stop(), 0)

    def test_a_collector_that_does_not_answer_holds_up_nothing(self):
        collector = self.collector()
        collector.gate.clear()
        server = self.start("--otlp-endpoint", collector.url)
        self.publish(server, 0, SAMPLED)
        self.assertTrue(collector.wait_for(len))
        events = [event for number in range(1, 20) for event in self.publish(server, number, SAMPLED)]
        self.assertLessEqual(set(events), set(self.traceparents(server)))
        self.assertEqual(server.stop(), 0)

    def test_an_endpoint_that_is_none_lets_nothing_start(self):
        for endpoint in ["127.0.0.1:4318", "https://127.0.0.1:4318", "http://", "http://127.0.0.1:0", "http://user@host", "http://a?b"]:
            code, _, err = e2e.run("demarched", "serve", "--otlp-endpoint", endpoint, "--data-dir", self.path / "data", "--listen",
                                   "127.0.0.1:0")
            self.assertEqual(code, 2, endpoint)
            self.assertIn("tracing.otlp_endpoint must be http://HOST:PORT", err)
