"""The deployment of deploy/README.md, "With tokens and TLS", line by line as it stands there: two who may call, one to publish and one to
watch, and those who may not.
"""
import json
import re
import shlex
import shutil
import subprocess

import e2e

ADDRESS = "localhost:7345"


def commands():
    """The indented lines of the section, in three blocks: what makes the files and the server, the clients, and what is for systemd."""
    text = (e2e.SOURCE / "deploy" / "README.md").read_text(encoding="utf-8")
    section = text.split("## With tokens and TLS\n", 1)[1].split("\n## ", 1)[0]
    return [re.findall(r"(?m)^    (.*)$", block) for block in re.findall(r"(?m)(?:^    .*\n)+", section)]


class Trial(e2e.ServerTest):
    def setUp(self):
        super().setUp()
        making, self.clients, _ = commands()
        [serve] = [line for line in making if line.startswith("demarched serve")]
        script = "set -eu\n" + "\n".join(line for line in making if line != serve)
        path = f"{e2e.BIN}:/usr/bin:/bin"
        subprocess.run(["bash", "-c", script], cwd=self.path, env=e2e.environment(PATH=path), check=True, capture_output=True, timeout=60)
        flags = shlex.split(serve)[2:]
        self.assertEqual(flags[:2], ["--data-dir", "data"])
        self.server = self.start(*[str(self.path / word) if (self.path / word).exists() else word for word in flags[2:]])
        shutil.copy(e2e.SAMPLES, self.path / "ARTICLES.jsonl")

    def client(self, line, *more):
        """Runs it in the directory, against the server."""
        address = self.server.address.replace("127.0.0.1", "localhost")
        self.assertIn(ADDRESS, line)
        words = [*shlex.split(line.replace(ADDRESS, address)), *more]
        done = subprocess.run([e2e.BIN / words[0], *words[1:]], cwd=self.path, env=e2e.environment(), capture_output=True, text=True,
                              timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr

    def line(self, command):
        [line] = [line for line in self.clients if line.startswith(f"demarche {command}")]
        return line

    def test_each_may_do_what_the_text_says(self):
        for name in ("ca.key", "server.key", "tokens", "wire.token", "desk.token"):
            self.assertEqual((self.path / name).stat().st_mode & 0o077, 0, name)
        code, out, err = self.client(self.line("doctor"))
        self.assertEqual(code, 0, out + err)
        self.assertRegex(out, r"TLS: .* 36\d days")
        code, out, err = self.client(self.line("publish"))
        self.assertEqual(code, 0, err)
        self.assertIn("18 accepted", out + err)
        code, out, err = self.client(self.line("watch"), "--until-caught-up", "-o", "jsonl")
        self.assertEqual(code, 0, err)
        self.assertGreater(len([json.loads(line) for line in out.splitlines()]), 18)

    def test_nobody_may_do_more(self):
        publish, watch = self.line("publish"), self.line("watch") + " --until-caught-up"
        for line, wanted in ((publish.replace("wire.token", "desk.token"), "SCOPE_MISSING"),
                             (watch.replace("desk.token", "wire.token"), "SCOPE_MISSING"),
                             (watch.replace(" --token-file desk.token", ""), "TOKEN_MISSING"),
                             (watch.replace("--ca ca.crt", "--tls"), "certificate")):
            code, out, err = self.client(line)
            self.assertNotEqual(code, 0, line)
            self.assertIn(wanted, out + err, line)
        for reason in ("SCOPE_MISSING", "TOKEN_MISSING"):
            self.assertTrue(self.server.wait_for_line(f"reason={reason}"))


if __name__ == "__main__":
    e2e.unittest.main()
