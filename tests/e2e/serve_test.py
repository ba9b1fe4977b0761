"""The main path as a user walks it: publish, watch, look up, restart, resume, classify."""
import json

import e2e


class Serve(e2e.ServerTest):
    def publish_samples(self, server):
        code, out, err = server.cli("publish", e2e.SAMPLES, "-o", "jsonl")
        self.assertEqual(code, 0, err)
        results = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(len(results), len(e2e.sample_items()))
        return results

    def test_published_articles_become_events_in_order(self):
        server = self.start()
        results = self.publish_samples(server)
        lines = server.events()
        positions = [line["position"] for line in lines]
        self.assertEqual(positions, sorted(set(positions)))
        self.assertEqual([line["event"]["eventId"] for line in lines], [i for r in results for i in r.get("eventIds", [])])
        self.assertGreater(len(lines), len(results), "the samples hold more events than articles")

    def test_evidence_points_into_the_text_as_received(self):
        server = self.start()
        self.publish_samples(server)
        items = {item["newsItemId"]: item for item in e2e.sample_items()}
        for line in server.events():
            for evidence in line["event"]["evidence"]:
                span = evidence["sentenceSpan"]
                item = items[evidence["newsItemId"]]
                field = item["title"] if span["field"] == "TEXT_FIELD_TITLE" else item["body"]
                received = field.encode()[span.get("begin", 0):span["end"]].decode()
                if "<" not in received and "&" not in received:
                    self.assertEqual(" ".join(received.split()), " ".join(evidence["sentence"].split()))
                trigger = evidence["triggerSpan"]
                self.assertLess(trigger.get("begin", 0), trigger["end"])
                self.assertGreaterEqual(trigger.get("begin", 0), span.get("begin", 0))
                self.assertLessEqual(trigger["end"], span["end"])

    def test_a_retry_changes_nothing_and_another_body_is_refused(self):
        server = self.start()
        first = self.publish_samples(server)
        before = server.events()
        second = self.publish_samples(server)
        self.assertEqual({r["outcome"] for r in second}, {"PUBLISH_OUTCOME_DUPLICATE"})
        self.assertEqual([r.get("eventIds") for r in first], [r.get("eventIds") for r in second])
        self.assertEqual(server.events(), before)
        changed = dict(e2e.sample_items()[0], body="Another text.")
        code, _, err = server.cli("publish", "-", "--format", "jsonl", stdin=json.dumps(changed))
        self.assertNotEqual(code, 0)
        self.assertIn("IDEMPOTENCY_CONFLICT", err)

    def test_a_restart_keeps_everything_and_a_watch_resumes(self):
        server = self.start()
        self.publish_samples(server)
        before = server.events()
        self.assertEqual(server.stop(), 0)
        server = self.start()
        self.assertEqual(server.events(), before)
        middle = len(before) // 2
        code, out, err = server.cli("watch", "-o", "jsonl", "--after", before[middle]["position"], "--until-caught-up")
        self.assertEqual(code, 0, err)
        self.assertEqual([json.loads(line) for line in out.splitlines()], before[middle + 1:])

    def test_online_and_offline_coding_agree(self):
        server = self.start()
        self.publish_samples(server)
        stored = [line["event"] for line in server.events()]
        code, out, err = e2e.run("demarched", "classify", "--stories", "--output", "jsonl", stdin=e2e.SAMPLES.read_bytes())
        self.assertEqual(code, 0, err)
        self.assertEqual([event for line in out.splitlines() for event in json.loads(line).get("events", [])], stored)

    def test_events_can_be_looked_up(self):
        server = self.start()
        self.publish_samples(server)
        line = server.events()[0]
        code, out, err = server.cli("events", "get", line["event"]["eventId"], "-o", "jsonl")
        self.assertEqual(code, 0, err)
        self.assertIn(line["event"]["eventId"], out)
        code, out, err = server.cli("events", "list", "--limit", "5", "-o", "jsonl")
        self.assertEqual(code, 0, err)
        self.assertEqual(len(out.splitlines()), 5)
        self.assertNotEqual(server.cli("events", "get", "ev-none")[0], 0)

    def test_classify_explains(self):
        server = self.start()
        article = self.path / "article.txt"
        article.write_text("France expelled two Russian diplomats on Monday, the Foreign Ministry in Paris said.")
        code, out, err = server.cli("classify", article, "--explain")
        self.assertEqual(code, 0, err)
        for word in ("diplomats_expelled", "FRA", "RUS", "normalize", "frames"):
            self.assertIn(word, out)
        self.assertEqual(server.events(), [], "classify stores nothing")

    def test_other_languages_are_kept_and_not_coded(self):
        server = self.start()
        item = {"newsItemId": "fr-1", "publisher": "Test", "publishTime": "2024-05-06T07:00:00Z",
                "body": "Le ministre des Affaires étrangères a rencontré son homologue allemand à Paris lundi pour parler de la sécurité."}
        code, out, err = server.cli("publish", "-", "--format", "jsonl", "-o", "jsonl", stdin=json.dumps(item))
        self.assertEqual(code, 0, err)
        self.assertIn("UNSUPPORTED_LANGUAGE", out)

    def test_doctor_finds_a_healthy_server(self):
        server = self.start()
        code, out, err = server.cli("doctor")
        self.assertEqual(code, 0, out + err)


if __name__ == "__main__":
    e2e.unittest.main()
