"""Mistakes that users make: each ends in a clear line that names what is wrong, and a documented exit code."""
import json
import subprocess

import certificates
import e2e
from auth_test import AuthTest

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
        contexts = self.path / "config" / "demarche" / "contexts.toml"
        contexts.parent.mkdir(parents=True)
        contexts.write_text('[contexts.prod]\nserve = "127.0.0.1:1"\n')
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
            (("wacth", *there), 2, "'wacth' is no command of demarche; did you mean 'watch'?"),
            (("events", "lst", *there), 2, "'lst' is no command of events; did you mean 'list'?"),
            (("watch", "--titel", "x", *there), 2, "'--titel' is no option of watch"),
            (("watch", "--filtre", "x", *there), 2, "'--filtre' is no option of watch; did you mean '--filter'?"),
            (("watch", "--title", "x", *there), 2, "'--title' is no option of watch"),
            (("publish", lines, "--until-caught-up", *there), 2, "'--until-caught-up' is no option of publish"),
            (("watch", "--count", "many", *there), 2, "--count"),
            (("watch", "-o", "xml", *there), 2, "xml not in {pretty,jsonl,csv,cloudevents}"),
            (("watch", "--cursor-file", "/dev/full", "--until-caught-up", *there), 2, "/dev/full"),
            (("sub", "consume", "no-such", *there), 4, "RESOURCE_NOT_FOUND"),
            (("sub", "create", "No Such", *there), 4, "REQUEST_INVALID"),
            (("top", "--once", "--server", "127.0.0.1:1"), 3, "no answer from a server at 127.0.0.1:1"),
            (("watch", "--context", "no-such", *there), 2, "contexts.toml:2: 'serve' is no setting of a context"),
            (("watch", "--context", "a/b", *there), 2, "'a/b' is no name of a context"),
            (("events", "list"), 2, "contexts.toml:2: 'serve' is no setting of a context"),
        ]
        self.assertGreaterEqual(len(table), 20)
        for arguments, code, words in table:
            with self.subTest(command=" ".join(map(str, arguments))):
                found, out, err = e2e.run("demarche", *arguments, timeout=60, XDG_CONFIG_HOME=str(self.path / "config"))
                self.assertEqual(found, code, out + err)
                self.assertEqual([line for line in err.splitlines() if words in line], err.splitlines(), "one line")

    def test_a_full_disk(self):
        self.assertEqual(self.server.cli("publish", e2e.SAMPLES)[0], 0)
        watch = ("watch", "--earliest", "--until-caught-up")
        for command in ((*watch, "-o", "jsonl"), (*watch, "-o", "csv"), watch, ("events", "list"), ("who", "Kallas"), ("top", "--once"),
                        ("completion", "bash"), ("--man",)):
            with self.subTest(command=command), open("/dev/full", "wb") as full:
                done = subprocess.run([str(e2e.BIN / "demarche"), *command], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False,
                                      env=e2e.environment(DEMARCHE_SERVER=self.server.address))
                self.assertEqual(done.returncode, 5)
                # A line that is longer than the buffer loses the cause.
                self.assertRegex(done.stderr, rb"^demarche: cannot write to stdout: (No space left on device|output error)\n$")

    def test_contexts_that_cannot_be_kept(self):
        blocked = self.path / "blocked"
        blocked.write_text("a file where a folder is wanted")
        code, _, err = e2e.run("demarche", "context", "add", "prod", XDG_CONFIG_HOME=str(blocked))
        self.assertEqual(code, 5, err)
        self.assertIn(f"cannot make {blocked}/demarche", err)


class Refused(AuthTest):
    """What tokens and TLS refuse."""

    def test_tokens(self):
        old = self.path / "old"
        old.write_text(self.token("old", "all", "--expires", "2020-01-01T00:00:00Z"))
        reader = self.path / "reader"
        reader.write_text(self.token("reader", "subscribe"))
        unknown = self.path / "unknown"
        unknown.write_text("dmr_" + "0" * 64)
        server = self.start("--token-file", self.tokens)
        for arguments, words in ((("--token-file", old), "TOKEN_EXPIRED"), (("--token-file", unknown), "TOKEN_INVALID"), ((), "TOKEN_MISSING")):
            code, _, err = server.cli("watch", *arguments)
            self.assertEqual(code, 4, err)
            self.assertIn(words, err)
            self.assertEqual(len(err.splitlines()), 1, err)
        code, _, err = server.cli("publish", e2e.SAMPLES, "--token-file", reader)
        self.assertEqual(code, 4, err)
        self.assertIn("SCOPE_MISSING", err)

    def test_tls(self):
        pki = certificates.make(self.path / "pki")
        other = certificates.make(self.path / "other")
        server = self.start("--tls-certificate-file", pki / "server.crt", "--tls-key-file", pki / "server.key")
        for arguments, words in (((), "without TLS"), (("--ca", other / "ca.crt"), "its certificate signed by the CA given"),
                                 (("--tls",), "its certificate signed by the CA given")):
            code, _, err = server.cli("watch", *arguments)
            self.assertEqual(code, 3, err)
            self.assertIn(words, err)
            self.assertEqual(len(err.splitlines()), 1, err)
        code, out, _ = server.cli("doctor", "--ca", pki / "ca.crt")
        self.assertEqual(code, 1, out)
        # Its two days are whole within the second that it was made in.
        self.assertRegex(out, "FAIL  TLS: the server's certificate is good for [12] day")
        self.assertIn("mend: replace the server's certificate", out)
        code, out, _ = server.cli("doctor")
        self.assertEqual(code, 3, out)
        self.assertIn("mend: if the server wants TLS, give --ca FILE", out)


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
