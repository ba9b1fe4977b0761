"""The commands of README.md and of the pages of the clients do what they say.

Every fenced block marked `console` is run: lines that begin with `$ ` are commands, run one after the other in one shell at the root of the
tree with the built binaries on PATH, $SERVER set to a running server and $SCRATCH to an empty folder; each must end with 0. A line `# prints: TEXT` after a command
asks for TEXT in its output.
"""
import os
import re
import subprocess

import e2e
from demarche.v1 import errors_pb2


def commands_of(text):
    """(command, words its output must hold) for each command of the page."""
    commands = []
    for block in re.findall(r"^```console\n(.*?)^```", text, re.S | re.M):
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], []))
            elif line.startswith("# prints: "):
                commands[-1][1].append(line[len("# prints: "):])
    return commands


class Readme(e2e.ServerTest):
    def run_page(self, page):
        server = self.start(data=page.replace("/", "-"))
        environment = e2e.environment(PATH=f"{e2e.BIN}:{os.environ['PATH']}", DEMARCHE_SERVER=server.address, SERVER=server.address,
                                      SCRATCH=str(self.path), XDG_CONFIG_HOME=str(self.path / "config"), BUILD=str(e2e.BIN.parent),
                                      PYTHONPATH=f"{e2e.SOURCE}/client/python:{os.environ['DEMARCHE_STUBS']}")
        commands = commands_of((e2e.SOURCE / page).read_text(encoding="utf-8"))
        self.assertGreater(len(commands), 2)
        for command, wanted in commands:
            with self.subTest(command=command):
                done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=e2e.SOURCE, env=environment, capture_output=True,
                                      timeout=120, check=False)
                text = done.stdout.decode() + done.stderr.decode()
                self.assertEqual(done.returncode, 0, text)
                for words in wanted:
                    self.assertIn(words, text)

    def test_readme(self):
        self.run_page("README.md")

    def test_every_reason_of_an_error_is_explained(self):
        reasons = set(errors_pb2.ErrorReason.keys()) - {"ERROR_REASON_UNSPECIFIED"}
        table = re.search(r"^\| code \| reason .*?\n\n", (e2e.SOURCE / "README.md").read_text(encoding="utf-8"), re.S | re.M).group()
        told = set(re.findall(r"[A-Z][A-Z_]+", "".join(line.split("|")[2] for line in table.splitlines() if line)))
        self.assertEqual({"ERROR_REASON_" + reason for reason in told}, reasons)

    def test_clients(self):
        for page in ("client/bench/README.md", "client/cpp/README.md", "client/node/README.md", "client/python/README.md"):
            with self.subTest(page=page):
                self.run_page(page)


if __name__ == "__main__":
    e2e.unittest.main()
