"""A client that is killed, and left by its server, again and again ends with each event once: the example `exactly_once`.

DEMARCHE_LONG_TESTS: 50 faults in a longer stream in place of 10 in a short one. DEMARCHE_KILL_SEED repeats a run.
"""
import os
import random
import subprocess
import time

import e2e

LONG = "DEMARCHE_LONG_TESTS" in os.environ
FAULTS = 50 if LONG else 10
ARTICLES_PER_SECOND, SECONDS = (500, 60) if LONG else (100, 5)
EXAMPLE = e2e.BIN.parent / "examples" / "example_exactly_once"


class ExactlyOnce(e2e.ServerTest):
    def test_each_event_once(self):
        seed = int(os.environ.get("DEMARCHE_KILL_SEED", time.time_ns() % 100_000))
        print("seed", seed)
        chance = random.Random(seed)
        server = self.start()
        code, out, err = server.cli("bench", "publish", "--rate", ARTICLES_PER_SECOND, "-z", f"{SECONDS}s", "--warmup", "0s", timeout=600)
        self.assertEqual(code, 0, out + err)
        wanted = [line["event"]["eventId"] for line in server.events()]
        self.assertGreater(len(wanted), FAULTS)
        results = self.path / "results"
        lines = lambda: results.read_bytes().count(b"\n") if results.exists() else 0
        for fault in range(FAULTS):
            aim = max(lines(), chance.randrange(len(wanted) * fault // FAULTS, len(wanted) * (fault + 1) // FAULTS))
            client = subprocess.Popen([str(EXAMPLE), server.address, str(results), str(len(wanted))], stderr=subprocess.DEVNULL)
            while lines() < aim and client.poll() is None:
                pass
            if chance.choice(["client", "server"]) == "server":
                address = server.address
                server.kill()
                server = self.start(listen=address)
            client.kill()
            client.wait()
        if lines() < len(wanted):
            done = subprocess.run([str(EXAMPLE), server.address, str(results), str(len(wanted))], timeout=600, check=False)
            self.assertEqual(done.returncode, 0)
        self.assertEqual([line.split()[1] for line in results.read_text().splitlines()], wanted)


if __name__ == "__main__":
    e2e.unittest.main()
