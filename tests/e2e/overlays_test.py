"""Tables of the user's: laid over the built-in ones at start and at SIGHUP, while a stream stays open."""
import json
import shutil
import signal
import threading
import urllib.request

import e2e
import grpc
from demarche.v1 import event_service_pb2, event_service_pb2_grpc

EXAMPLE = e2e.SOURCE / "deploy" / "overlays" / "example"
TEXT = "Ruritania granted Syldavia fishing licences on Monday. Mira Valdek met Japan's foreign minister in Tokyo on Tuesday."


def item(number, body=TEXT):
    return json.dumps({"newsItemId": f"item-{number}", "publisher": "wire", "title": f"Report number {number}", "body": body,
                       "publishTime": f"2026-02-0{number}T12:00:00Z"})


class Watch:
    """A watch that a thread follows until it ends."""

    def __init__(self, address):
        self.channel = grpc.insecure_channel(address)
        request = event_service_pb2.WatchEventsRequest()
        request.start.earliest = True
        self.call = event_service_pb2_grpc.EventServiceStub(self.channel).WatchEvents(request)
        self.events, self.changed = [], threading.Condition()
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        try:
            for response in self.call:
                with self.changed:
                    self.events += response.event_batch.events
                    self.changed.notify_all()
        except grpc.RpcError:
            pass  # is_active() tells the test

    def wait_for(self, wanted):
        """The first event that is wanted."""
        with self.changed:
            found = lambda: next((event for event in self.events if wanted(event)), None)
            self.changed.wait_for(found, timeout=60)
            return found()


class Overlays(e2e.ServerTest):
    def publish(self, server, *items):
        code, _, err = server.cli("publish", "-", "--format", "jsonl", stdin="\n".join(items))
        self.assertEqual(code, 0, err)

    def metrics(self, server):
        with urllib.request.urlopen(f"http://{server.http_address}/metrics", timeout=60) as answer:
            return answer.read().decode()

    def test_a_reload_changes_what_comes_after_and_breaks_no_stream(self):
        overlays = self.path / "overlays"
        overlays.mkdir()
        server = self.start("--overlays", str(overlays))
        watch = Watch(server.address)
        self.addCleanup(watch.channel.close)
        self.publish(server, item(1, "France recalled its ambassador to Turkey on Monday. Ruritania stayed calm."))
        first = watch.wait_for(lambda event: True)
        self.assertEqual(first.ontology_version, "1")

        shutil.copytree(EXAMPLE, overlays, dirs_exist_ok=True)
        server.process.send_signal(signal.SIGHUP)
        self.assertTrue(server.wait_for_line("overlays read again"))
        self.publish(server, item(3))
        granted = watch.wait_for(lambda event: event.kind == "fishing_rights_granted")
        self.assertEqual([granted.actors[0].country_code, granted.recipients[0].country_code], ["XRA", "XSY"])
        self.assertRegex(granted.ontology_version, r"^1\+overlay\.[0-9a-f]{8}$")
        met = watch.wait_for(lambda event: any(actor.display_name == "Mira Valdek" for actor in [*event.actors, *event.recipients]))
        self.assertIsNotNone(met)
        code, out, err = server.cli("who", "Mira Valdek", "--on", "2026-02-03", "-o", "jsonl")
        self.assertEqual(code, 0, err)
        self.assertIn("Foreign Minister of Ruritania", out)
        self.assertIn(f'ontology_version="{granted.ontology_version}"', self.metrics(server))

        with open(overlays / "actors" / "offices.tsv", "a", encoding="utf-8") as offices:
            offices.write("person/mira-valdek\tXRX\tenvoy\tEnvoy\t2020\t2021\t\tinvented\thigh\n")
        server.process.send_signal(signal.SIGHUP)
        self.assertTrue(server.wait_for_line("offices.tsv:5: unknown body 'XRX'"))
        self.publish(server, item(4, "Syldavia granted Ruritania fishing licences on Monday."))
        self.assertIsNotNone(watch.wait_for(lambda event: event.actors and event.actors[0].country_code == "XSY"))
        text = self.metrics(server)
        self.assertIn('demarche_reloads_total{result="ok"} 1', text)
        self.assertIn('demarche_reloads_total{result="failed"} 1', text)
        self.assertTrue(watch.call.is_active(), "the stream broke")
        self.assertEqual(server.stop(), 0)

    def test_items_that_come_during_reloads_are_all_coded(self):
        server = self.start("--overlays", str(EXAMPLE))
        items = [{"newsItemId": f"item-{i}", "publisher": "wire", "title": f"{a} and {b}", "publishTime": "2026-02-01T12:00:00Z",
                  "body": f"{a} recalled its ambassador to {b} on Sunday."} for i, (a, b) in enumerate(e2e.PAIRS)]
        published = []
        publisher = threading.Thread(target=lambda: published.append(
            server.cli("publish", "-", "--format", "jsonl", "-o", "jsonl", stdin="\n".join(map(json.dumps, items)))))
        publisher.start()
        reloads = 0
        while publisher.is_alive() or reloads == 0:
            server.process.send_signal(signal.SIGHUP)
            reloads += 1
            self.assertTrue(server.wait_for_line("overlays read again", count=reloads))
        publisher.join()
        code, out, err = published[0]
        self.assertEqual(code, 0, err)
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([answer["outcome"] for answer in answers], ["PUBLISH_OUTCOME_ACCEPTED"] * len(items))
        self.assertEqual({line["event"]["eventId"] for line in server.events()}, {i for answer in answers for i in answer["eventIds"]})
        self.assertIn(f'demarche_reloads_total{{result="ok"}} {reloads}', self.metrics(server))

    def test_a_bad_overlay_lets_nothing_start(self):
        overlays = self.path / "overlays"
        shutil.copytree(EXAMPLE, overlays)
        (overlays / "ontology" / "kinds.tsv").write_text("# mine\nparade\tPARADE\t\t061\t\td\te\tc\n")
        message = f"{overlays}/ontology/kinds.tsv:2: unknown type 'PARADE'"
        code, _, err = e2e.run("demarched", "serve", "--overlays", overlays, "--data-dir", self.path / "data", "--listen", "127.0.0.1:0")
        self.assertEqual(code, 2)
        self.assertIn(message, err)
        code, out, err = e2e.run("demarched", "classify", "--overlays", overlays, stdin=item(1))
        self.assertEqual((code, out), (2, ""))
        self.assertIn(message, err)
        code, _, err = e2e.run("demarched", "classify", stdin=item(1), DEMARCHE_OVERLAYS=str(self.path / "nowhere"))
        self.assertEqual(code, 2)
        self.assertIn("nowhere", err)

    def test_the_kinds_of_the_example_are_coded_as_they_say(self):
        rows = [line.split("\t") for line in (EXAMPLE / "ontology" / "kinds.tsv").read_text().splitlines() if line[0] != "#"]
        config = self.path / "demarched.toml"
        config.write_text(f'[pipeline]\noverlays = "{EXAMPLE}"\n')
        for kind, *_, example, counter_example in rows:
            code, out, err = e2e.run("demarched", "classify", "--config", config, stdin="\n".join([item(1, example), item(2, counter_example)]))
            self.assertEqual(code, 0, err)
            kinds = [[event["kind"] for event in json.loads(line).get("events", [])] for line in out.splitlines()]
            self.assertIn(kind, kinds[0])
            self.assertNotIn(kind, kinds[1])
