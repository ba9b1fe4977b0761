"""Other people's clients against the real server: Python's grpcio, Node's grpc-js, buf curl through reflection."""
import json
import subprocess

import e2e
import grpc
from demarche.v1 import event_service_pb2, event_service_pb2_grpc, ingest_service_pb2, ingest_service_pb2_grpc


class Clients(e2e.ServerTest):
    def setUp(self):
        super().setUp()
        self.server = self.start()
        self.assertEqual(self.server.cli("publish", e2e.SAMPLES)[0], 0)
        self.wanted = [line["event"]["eventId"] for line in self.server.events()]

    def test_python(self):
        with grpc.insecure_channel(self.server.address) as channel:
            request = event_service_pb2.WatchEventsRequest()
            request.start.earliest = True
            call = event_service_pb2_grpc.EventServiceStub(channel).WatchEvents(request)
            seen = []
            for message in call:
                if message.HasField("caught_up"):
                    break
                seen += [event.event_id for event in message.event_batch.events]
            self.assertEqual(seen, self.wanted)
            publish = ingest_service_pb2.PublishNewsItemRequest()
            publish.news_item.publisher = "Test"
            publish.news_item.publish_time.seconds = 1_700_000_000
            publish.news_item.body = "Poland summoned the Russian ambassador on Tuesday."
            result = ingest_service_pb2_grpc.IngestServiceStub(channel).PublishNewsItem(publish).result
            live = next(message for message in call if message.HasField("event_batch"))
            self.assertEqual([event.event_id for event in live.event_batch.events], list(result.event_ids))
            call.cancel()

    def test_node(self):
        done = subprocess.run(["node", str(e2e.SOURCE / "tests" / "e2e" / "node_client.mjs"), self.server.address],
                              capture_output=True, timeout=120, cwd=e2e.SOURCE, env=e2e.environment(), check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertEqual(json.loads(done.stdout), self.wanted)

    def buf_curl(self, method, data):
        command = ["npx", "--no-install", "buf", "curl", "--http2-prior-knowledge", "--protocol", "grpc", "--data", json.dumps(data),
                   f"http://{self.server.address}/{method}"]
        done = subprocess.run(command, capture_output=True, timeout=120, cwd=e2e.SOURCE, env=e2e.environment(), check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def test_buf_curl_through_reflection(self):
        self.assertEqual(self.buf_curl("grpc.health.v1.Health/Check", {}), {"status": "SERVING"})
        listed = self.buf_curl("demarche.v1.EventService/ListEvents", {"pageSize": 1000})
        self.assertEqual([event["eventId"] for event in listed["events"]], e2e.latest(self.wanted))
        kinds = self.buf_curl("demarche.v1.OntologyService/ListEventKinds", {"type": "EVENT_TYPE_CONSULT"})
        self.assertIn("leader_call", [kind["kind"] for kind in kinds["eventKinds"]])
        who = self.buf_curl("demarche.v1.OntologyService/LookupActor", {"name": "Kaja Kallas", "time": "2025-02-13T00:00:00Z"})
        self.assertEqual(who["actors"][0]["organizationCode"], "EU")


if __name__ == "__main__":
    e2e.unittest.main()
