"""A client that is killed, frozen, cut off, loses every packet for a while and is left by its server again and again ends with each matching
event once: the example `exactly_once`, whose Watcher reconnects by itself. Packets are lost only where network namespaces are allowed.

DEMARCHE_LONG_TESTS: 50 faults in a stream of 100,000 events in place of 12 in a short one, and longer ones. DEMARCHE_KILL_SEED repeats a run.
"""
import os
import random
import signal
import subprocess
import time

import e2e
import network
import proxy

network.enter()

LONG = "DEMARCHE_LONG_TESTS" in os.environ
FAULTS = 50 if LONG else 12
WANTED_EVENTS = 100_000 if LONG else 400
RATE = 500
# How long a client is frozen or hears nothing: short, or so long that keepalive (30 s) and the server's patience with who does not read
# (30 s) have run out.
SECONDS = [0.2, 1, 60] if LONG else [0.1, 0.5]
FILTER = 'type = CONSULT OR type = SANCTION OR party : "FRA" OR party : "USA"'
EXAMPLE = e2e.BIN.parent / "examples" / "example_exactly_once"
END_SECONDS = 600  # a bound, not a wait


class ExactlyOnce(e2e.ServerTest):
    def publish(self, server):
        """At least so many events; gives those that match, in order."""
        seed = 0
        while len(server.events()) < WANTED_EVENTS:
            seed += 1
            seconds = 60 if LONG else 1
            code, out, err = server.cli("bench", "publish", "--rate", RATE, "-z", f"{seconds}s", "--warmup", "0s", "--seed", seed, timeout=600)
            self.assertEqual(code, 0, out + err)
        return [line["event"]["eventId"] for line in server.events("--filter", FILTER)]

    def start_client(self):
        prefix = self.link.prefix if self.link else []
        return subprocess.Popen([*prefix, str(EXAMPLE), self.proxy.address, str(self.results), str(len(self.wanted)), FILTER],
                                stderr=subprocess.DEVNULL)

    def lines(self):
        return self.results.read_bytes().count(b"\n") if self.results.exists() else 0

    def do_fault(self, kind, seconds):
        if kind == "killed":
            self.client.kill()
            self.client.wait()
            if self.lines() < len(self.wanted):
                self.client = self.start_client()
        elif kind == "frozen":
            self.client.send_signal(signal.SIGSTOP)
            time.sleep(seconds)
            self.client.send_signal(signal.SIGCONT)
        elif kind == "cut off":
            self.proxy.cut()
        elif kind == "unheard":
            self.proxy.stall()
            time.sleep(seconds)
            self.proxy.resume()
        elif kind == "without packets":
            self.link.drop()
            time.sleep(seconds)
            self.link.resume()
        else:
            address = self.server.address
            self.server.kill()
            self.server = self.start(listen=address)

    def test_each_event_once(self):
        seed = int(os.environ.get("DEMARCHE_KILL_SEED", time.time_ns() % 100_000))
        print("seed", seed)
        chance = random.Random(seed)
        self.server = self.start()
        self.wanted = self.publish(self.server)
        self.assertGreater(len(self.wanted), FAULTS)
        self.results = self.path / "results"
        self.link = network.Link() if network.is_entered() else None
        if self.link:
            self.addCleanup(self.link.close)
        else:
            print("skipped: packets that are lost, as no network namespace may be made here")
        self.proxy = proxy.Proxy(self.server.address, listen=network.ADDRESS if self.link else "127.0.0.1")
        self.addCleanup(self.proxy.close)
        kinds = ["killed", "frozen", "cut off", "unheard", "left"] + (["without packets"] if self.link else [])
        kinds *= FAULTS // len(kinds) + 1
        chance.shuffle(kinds)
        self.client = self.start_client()
        self.addCleanup(lambda: self.client.kill())
        for fault, kind in enumerate(kinds[:FAULTS]):
            aim = chance.randrange(len(self.wanted) * fault // FAULTS, len(self.wanted) * (fault + 1) // FAULTS)
            while self.lines() < aim and self.client.poll() is None:
                time.sleep(0.001)
            self.do_fault(kind, chance.choice(SECONDS))
        if self.lines() < len(self.wanted):
            self.assertEqual(self.client.wait(END_SECONDS), 0)
        self.assertEqual([line.split()[1] for line in self.results.read_text().splitlines()], self.wanted)


if __name__ == "__main__":
    e2e.unittest.main()
