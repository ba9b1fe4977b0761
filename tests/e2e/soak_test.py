"""A day in short: articles come in, subscribers watch, read slowly, break off and come back. Nothing is lost, repeated or out of order, and
when all have gone the server holds no more than before.

DEMARCHE_LONG_TESTS: 15 minutes in place of ten seconds. DEMARCHE_SOAK_SECONDS sets it outright.
"""
import contextlib
import json
import os

import bystander
import e2e

SECONDS = int(os.environ.get("DEMARCHE_SOAK_SECONDS", "900" if "DEMARCHE_LONG_TESTS" in os.environ else "10"))
RATE = 50  # with some three events an article below what a slow subscriber reads, 200 a second
CLIENTS = ("--subscribers", "8", "--slow", "2", "--reconnecting", "4")
MOST_MEMORY = 1 << 30  # in bytes, with full rings and all that is remembered of the items of 15 minutes


def held(server):
    """What it holds for others; the log opens files as it grows."""
    folder, sockets = f"/proc/{server.process.pid}/fd", 0
    for name in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            sockets += os.readlink(f"{folder}/{name}").startswith("socket:")
    return sockets, server.metric("demarche_connections"), server.metric("demarche_sessions")


class Soak(e2e.ServerTest):
    def load(self, server, seconds, seed):
        """Gives (exit code, report)."""
        code, out, err = server.cli("bench", "mixed", "--rate", RATE, "-z", f"{seconds}s", "--warmup", "1s", "--seed", seed, *CLIENTS, "-o",
                                    "json", timeout=seconds + 300)
        return code, json.loads(out)["main"] if code == 0 else err

    def test_nothing_is_lost_and_nothing_is_kept(self):
        server = self.start()
        self.assertEqual(self.load(server, 1, 1)[0], 0)
        e2e.until(lambda: held(server)[1:] == (0, 0))
        before = held(server)
        code, report = self.load(server, SECONDS, 2)
        self.assertEqual(code, 0, report)
        self.assertEqual([report[what] for what in ("lost", "repeated", "out_of_order", "failed")], [0, 0, 0, 0], report)
        e2e.until(lambda: held(server) == before)
        memory = server.metric("process_resident_memory_bytes")
        print(f"{SECONDS} s at {RATE} articles a second: {report['events']} events, {report['delivered']} delivered; "
              f"{memory / 2**20:.0f} MiB", flush=True)
        self.assertLess(memory, MOST_MEMORY)
        self.assertEqual(server.stop(), 0)

    def test_control_what_is_kept_is_noticed(self):
        server = self.start()
        before = held(server)
        watch = bystander.Bystander(server.address)
        self.assertNotEqual(held(server), before)
        watch.close()
        e2e.until(lambda: held(server) == before)


if __name__ == "__main__":
    e2e.unittest.main()
