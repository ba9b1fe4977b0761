"""Clients of ours stay while the server is stopped with SIGTERM and started again, again and again: each sees every event once."""
import json
import subprocess
import sys
import threading
import time

import e2e

sys.path.insert(0, str(e2e.SOURCE / "client" / "python"))
from demarche_client import Client  # noqa: E402  pylint: disable=wrong-import-position

RESTARTS = 3
PATIENCE_SECONDS = 60
NODE = f"""
import {{ Client }} from {json.dumps(str(e2e.SOURCE / "client" / "node" / "index.js"))};
for await (const seen of new Client(process.argv[2]).watch({{ earliest: true }})) console.log(seen.event.eventId);
"""


class MoveOver(e2e.ServerTest):
    def follow(self, name, *command):
        """A client that is a process: gives what reads the ids it has printed so far."""
        results = self.path / name
        with results.open("wb") as out:
            client = subprocess.Popen([str(word) for word in command], stdout=out, stderr=subprocess.DEVNULL)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        return lambda: results.read_text(encoding="utf-8").splitlines()

    def follow_python(self, address):
        client, ids = Client(address), []
        self.addCleanup(client.close)

        def run():
            for seen in client.watch(earliest=True):
                ids.append(seen.event.event_id)

        threading.Thread(target=run, daemon=True).start()
        return lambda: list(ids)

    def test_no_gap_and_no_repeat(self):
        server = self.start()
        address = server.address
        exactly_once = self.path / "exactly_once"
        exactly_once.touch()
        self.follow("example", e2e.BIN.parent / "examples" / "example_exactly_once", address, exactly_once, 1_000_000)
        script = self.path / "watch.mjs"
        script.write_text(NODE, encoding="utf-8")
        event_id = lambda line: json.loads(line)["event"]["eventId"]
        cli = self.follow("cli", e2e.BIN / "demarche", "watch", "--server", address, "--earliest", "--reconnect", "-o", "jsonl")
        clients = {
            "C++": lambda: [line.split()[1] for line in exactly_once.read_text(encoding="utf-8").splitlines() if " " in line],
            "CLI": lambda: [event_id(line) for line in cli()],
            "Node": self.follow("node", "node", script, address),
            "Python": self.follow_python(address),
        }
        items = e2e.sample_items()
        share = len(items) // (RESTARTS + 1) + 1
        for first in range(0, len(items), share):
            if first > 0:
                self.assertEqual(server.stop(), 0)
                server = self.start(listen=address)
            batch = "".join(json.dumps(item) + "\n" for item in items[first:first + share])
            code, out, err = server.cli("publish", "-", "-o", "jsonl", stdin=batch)
            self.assertEqual(code, 0, out + err)
            wanted = [line["event"]["eventId"] for line in server.events()]
            for name, seen in clients.items():
                until = time.monotonic() + PATIENCE_SECONDS
                while len(seen()) < len(wanted) and time.monotonic() < until:
                    time.sleep(0.05)
                self.assertEqual(seen(), wanted, name)


if __name__ == "__main__":
    e2e.unittest.main()
