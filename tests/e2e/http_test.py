"""The HTTP endpoint through real sockets: metrics that Prometheus accepts, health, pages, server-sent events, publishing."""
import http.client
import json
import shutil
import subprocess
import urllib.parse

import e2e


class Http(e2e.ServerTest):
    def ask(self, server, method, path, body=None, headers=None, timeout=60):
        connection = http.client.HTTPConnection(server.http_address, timeout=timeout)
        self.addCleanup(connection.close)
        connection.request(method, path, body=body, headers=headers or {})
        return connection.getresponse()

    def json_of(self, server, method, path, body=None, headers=None):
        answer = self.ask(server, method, path, body, headers or {"Content-Type": "application/json"})
        return answer.status, json.loads(answer.read())

    def events_of(self, server, query="", headers=None):
        """Server-sent events, one after the other, as (id, name, data)."""
        answer = self.ask(server, "GET", "/v1/events:watch?" + query, headers=headers)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.getheader("Content-Type"), "text/event-stream")
        fields = {}
        while True:
            line = answer.readline()
            if not line:
                return
            line = line.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                yield fields.get("id"), fields["event"], json.loads(fields["data"])
                fields = {}

    def until_caught_up(self, server, query="earliest=true", headers=None):
        seen = []
        for position, name, data in self.events_of(server, query, headers):
            if name == "caught_up":
                return seen
            if name == "event":
                self.assertEqual(position, data["position"])
                seen.append(data)
        raise AssertionError("the stream ended before the live end")

    def metrics_of(self, server):
        answer = self.ask(server, "GET", "/metrics")
        self.assertEqual(answer.status, 200)
        text = answer.read().decode()
        values = {}
        for line in text.splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                values[name] = float(value)
        return text, values

    def publish_samples(self, server):
        code, _, err = server.cli("publish", e2e.SAMPLES)
        self.assertEqual(code, 0, err)

    def test_health(self):
        server = self.start()
        self.assertEqual(self.ask(server, "GET", "/healthz").status, 200)
        self.assertEqual(self.ask(server, "GET", "/readyz").status, 200)
        status, error = self.json_of(server, "GET", "/nothing")
        self.assertEqual((status, error["code"]), (404, 5))

    def test_metrics_tell_what_happened(self):
        server = self.start()
        _, before = self.metrics_of(server)
        self.assertNotIn('demarche_items_total{result="accepted"}', before)
        self.publish_samples(server)
        events = server.events()
        text, values = self.metrics_of(server)
        self.assertEqual(values['demarche_items_total{result="accepted"}'], len(e2e.sample_items()))
        self.assertEqual(sum(v for k, v in values.items() if k.startswith("demarche_events_total{")), len(events))
        self.assertEqual(values["demarche_events_delivered_total"], len(events))
        self.assertEqual(values["demarche_log_items_total"], len(e2e.sample_items()))
        self.assertGreater(values["demarche_log_commit_seconds_count"], 0)
        self.assertEqual(values["demarche_ingest_to_append_seconds_count"], len(e2e.sample_items()))
        self.assertGreater(values["demarche_ingest_to_delivery_seconds_count"], 0)
        self.assertEqual(values['demarche_grpc_calls_total{code="OK",method="demarche.v1.IngestService/PublishNewsItems"}'], 1)
        self.assertEqual(values["demarche_watches"], 0)
        self.assertIn("demarche_build_info{", text)
        self.publish_samples(server)
        _, values = self.metrics_of(server)
        self.assertEqual(values['demarche_items_total{result="duplicate"}'], len(e2e.sample_items()))

    def test_promtool_accepts_the_metrics(self):
        promtool = shutil.which("promtool")
        self.assertIsNotNone(promtool, "promtool comes with Debian's prometheus, which ./dev setup installs")
        server = self.start()
        self.publish_samples(server)
        server.events()
        text, values = self.metrics_of(server)
        checked = subprocess.run([promtool, "check", "metrics"], input=text.encode(), capture_output=True, timeout=60, check=False)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, b""))
        control = subprocess.run([promtool, "check", "metrics"], input=b"# TYPE bad counter\nbad 1\n", capture_output=True,
                                 timeout=60, check=False)
        self.assertNotEqual(control.returncode, 0, "promtool must find a bad name")
        for name in values:
            self.assertRegex(name, r"^(demarche|process)_")

    def test_pages_hold_what_the_stream_holds(self):
        server = self.start()
        self.publish_samples(server)
        latest = {line["event"]["eventId"]: line["event"] for line in server.events()}
        listed, token = [], ""
        while True:
            status, page = self.json_of(server, "GET", f"/v1/events?pageSize=7&pageToken={urllib.parse.quote(token)}")
            self.assertEqual(status, 200, page)
            listed += page.get("events", [])
            token = page.get("nextPageToken", "")
            if not token:
                break
        self.assertEqual({event["eventId"]: event for event in listed}, latest)
        self.assertEqual(len(listed), len(latest))
        wanted = urllib.parse.quote("type = CONSULT")
        status, page = self.json_of(server, "GET", f"/v1/events?filter={wanted}")
        self.assertEqual({event["eventId"] for event in page["events"]},
                         {id for id, event in latest.items() if event["type"] == "EVENT_TYPE_CONSULT"})

    def test_mistakes_are_named(self):
        server = self.start()
        for path, word in (("/v1/events?filter=kind+%3D+", "FILTER_INVALID"), ("/v1/events?pageSize=x", "pageSize"),
                           ("/v1/events?page_sise=3", "page_sise"), ("/v1/events:watch?after=nonsense", "CURSOR_MALFORMED"),
                           ("/v1/events:watch?since=yesterday", "since"), ("/v1/events:watch?earliest=true&latest=true", "only one"),
                           ("/v1/events:watch?onExpired=panic", "onExpired")):
            status, error = self.json_of(server, "GET", path)
            self.assertEqual((path, status, error["code"]), (path, 400, 3))
            self.assertIn(word, json.dumps(error))
        status, error = self.json_of(server, "POST", "/v1/newsItems", body="{}", headers={"Content-Type": "text/plain"})
        self.assertEqual(status, 400)
        self.assertIn("must be application/json, got 'text/plain'", json.dumps(error))
        status, error = self.json_of(server, "POST", "/v1/newsItems", body='{"bodi": "x"}')
        self.assertEqual(status, 400)
        self.assertIn("bodi", error["message"])
        status, error = self.json_of(server, "POST", "/v1/newsItems", body=b"{" + b" " * (5 << 20))
        self.assertEqual(status, 413)

    def test_publish_answers_as_grpc_does(self):
        server = self.start()
        item = e2e.sample_items()[0]
        status, result = self.json_of(server, "POST", "/v1/newsItems", body=json.dumps(item))
        self.assertEqual((status, result["outcome"]), (200, "PUBLISH_OUTCOME_ACCEPTED"))
        self.assertEqual([line["event"]["eventId"] for line in server.events()], result["eventIds"])
        status, again = self.json_of(server, "POST", "/v1/newsItems", body=json.dumps(item))
        self.assertEqual((again["outcome"], again["eventIds"]), ("PUBLISH_OUTCOME_DUPLICATE", result["eventIds"]))
        status, error = self.json_of(server, "POST", "/v1/newsItems", body=json.dumps({**item, "body": "Another text."}))
        self.assertEqual(status, 409)
        self.assertIn("IDEMPOTENCY_CONFLICT", json.dumps(error))

    def test_a_stream_is_live_and_resumes_by_its_last_id(self):
        server = self.start()
        stream = self.events_of(server)
        self.assertEqual(next(stream)[1], "started")
        self.publish_samples(server)
        whole = server.events()
        live = []
        while len(live) < len(whole):
            _, name, data = next(stream)
            if name == "event":
                live.append(data)
        self.assertEqual(live, whole)
        middle = len(whole) // 2
        rest = self.until_caught_up(server, "earliest=true", {"Last-Event-ID": whole[middle]["position"]})
        self.assertEqual(rest, whole[middle + 1:])
        self.assertEqual(self.until_caught_up(server, "after=" + whole[middle]["position"]), whole[middle + 1:])

    def test_a_stream_ends_with_the_server_and_says_where_it_stands(self):
        server = self.start()
        stream = self.events_of(server, "earliest=true")
        self.assertEqual(next(stream)[1], "started")
        self.assertEqual(server.stop(), 0)
        names = [name for _, name, _ in stream]
        self.assertEqual(names[-2:], ["draining", "error"])

    def test_streams_beyond_the_limit_are_told_to_come_back(self):
        server = self.start("--http-streams", "2")
        streams = [self.events_of(server) for _ in range(2)]
        for stream in streams:
            self.assertEqual(next(stream)[1], "started")
        answer = self.ask(server, "GET", "/v1/events:watch")
        self.assertEqual(answer.status, 503)
        self.assertGreater(int(answer.getheader("Retry-After")), 0)
        self.assertEqual(self.ask(server, "GET", "/readyz").status, 200, "other requests are still answered")

    def test_api_can_be_left_out(self):
        server = self.start("--http-api", "false")
        self.assertEqual(self.ask(server, "GET", "/metrics").status, 200)
        self.assertEqual(self.ask(server, "GET", "/v1/events").status, 404)
        self.assertEqual(self.ask(server, "POST", "/v1/newsItems", body="{}").status, 404)


if __name__ == "__main__":
    e2e.unittest.main()
