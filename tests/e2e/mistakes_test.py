"""Mistakes that users make: each ends in a clear line that names what is wrong, and a documented exit code."""
import json
import subprocess

import e2e

GOOD = json.dumps({"newsItemId": "ok", "publisher": "Test", "publishTime": "2024-05-06T07:00:00Z", "body": "France thanked Kenya."})


class Mistakes(e2e.ServerTest):
    def setUp(self):
        super().setUp()
        self.server = self.start()

    def test_table(self):
        lines = self.path / "lines.jsonl"
        lines.write_text("\n".join([GOOD] * 16 + ["{oops"] + [GOOD] * 23))
        empty = self.path / "empty.txt"
        empty.write_text("")
        latin = self.path / "latin.txt"
        latin.write_bytes(b"caf\xe9")
        token = self.path / "token"
        token.write_text("secret\n")
        blank = self.path / "blank"
        blank.write_text("\n")
        there = ("--server", self.server.address)
        table = [
            # what is typed, exit code, words that stderr must hold
            (("watch", "--server", "127.0.0.1:1"), 3, "no answer from a server at 127.0.0.1:1"),
            (("watch", "--server", "127.0.0.1"), 2, "is not HOST:PORT"),
            (("watch", "--server", "127.0.0.1:99999"), 2, "port from 1 to 65535"),
            (("watch", "--tls", *there), 3, "is it a TLS port"),
            (("watch", "--ca", "/nonexistent", *there), 2, "File does not exist: /nonexistent"),
            (("watch", "--ca", token, *there), 3, "is it a TLS port"),
            (("watch", "--cert", token, *there), 2, "--cert requires --key"),
            (("watch", "--token-file", "/nonexistent", *there), 2, "File does not exist: /nonexistent"),
            (("watch", "--token-file", blank, *there), 3, "holds no token"),
            (("watch", "--token-file", token, "--server", "192.0.2.1:7345"), 3, "in plaintext: use TLS"),
            (("watch", "--filter", "typ = AID", *there), 4, "FILTER_INVALID"),
            (("watch", "--filter", "type = AID AND", *there), 4, "FILTER_INVALID"),
            (("watch", "--after", "nonsense", *there), 4, "CURSOR_MALFORMED"),
            (("watch", "--since", "soon", *there), 2, "neither a time such as"),
            (("watch", "--earliest", "--since", "2h", *there), 2, "excludes"),
            (("watch", "--cursor-file", blank, "--until-caught-up", *there), 2, "holds no position"),
            (("watch", "--cursor-file", "/nonexistent/cursor", "--until-caught-up", *there), 5, "No such file"),
            (("publish", "/nonexistent", *there), 1, "/nonexistent"),
            (("publish", lines, *there), 1, f"{lines}:17: is not a NewsItem in JSON"),
            (("publish", empty, *there), 1, "is empty"),
            (("publish", latin, "--publisher", "T", *there), 1, "not valid UTF-8"),
            (("publish", *there), 2, "FILE is required"),
            (("publish", lines, "--title", "x", *there), 1, "leave out --title"),
            (("events", "get", "nonsense", *there), 4, "nonsense"),
            (("bench", "publish", "--slo", "fast", *there), 2, "is not an objective"),
            (("bench", "classify", "--corpus", "/nonexistent", *there), 1, "cannot read /nonexistent"),
            (("wacth", *there), 2, "A subcommand is required"),
        ]
        self.assertGreaterEqual(len(table), 20)
        for arguments, code, words in table:
            with self.subTest(command=" ".join(map(str, arguments))):
                found, out, err = e2e.run("demarche", *arguments, timeout=60)
                self.assertEqual(found, code, out + err)
                self.assertIn(words, err)
                self.assertLessEqual(len(err.splitlines()), 3, err)

    def test_a_full_disk(self):
        self.assertEqual(self.server.cli("publish", e2e.SAMPLES)[0], 0)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(e2e.BIN / "demarche"), "watch", "--earliest", "--until-caught-up", "--server", self.server.address],
                                  stdout=full, stderr=subprocess.PIPE, env=e2e.environment(), timeout=60, check=False)
        self.assertEqual(done.returncode, 5)
        self.assertIn(b"cannot write to stdout: No space left on device", done.stderr)


class Formats(e2e.ServerTest):
    def test_cursor_file_csv_and_cloudevents(self):
        server = self.start()
        self.assertEqual(server.cli("publish", e2e.SAMPLES)[0], 0)
        wanted = [line["event"]["eventId"] for line in server.events()]
        watch = ("watch", "--earliest", "--cursor-file", self.path / "cursor")
        first = server.cli(*watch, "-o", "csv", "--count", "2")[1].splitlines()
        self.assertEqual(first[0].split(",")[:2], ["position", "event_id"])
        self.assertEqual([line.split(",")[1] for line in first[1:]], wanted[:2])
        rest = [json.loads(line) for line in server.cli(*watch, "-o", "cloudevents", "--until-caught-up")[1].splitlines()]
        self.assertEqual([event["data"]["eventId"] for event in rest], wanted[2:])
        self.assertEqual({(event["specversion"], event["type"]) for event in rest}, {("1.0", "demarche.v1.DiplomaticEvent")})
        self.assertEqual(server.cli(*watch, "--until-caught-up")[1], "")


if __name__ == "__main__":
    e2e.unittest.main()
