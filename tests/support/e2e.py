"""What the end-to-end tests share: the real binaries, started and stopped as a user would.

Environment (set by tests/e2e/e2e.cmake): DEMARCHE_BIN_DIR, DEMARCHE_SOURCE_DIR, DEMARCHE_STUBS (generated Python stubs).
"""
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

BIN = pathlib.Path(os.environ["DEMARCHE_BIN_DIR"])
SOURCE = pathlib.Path(os.environ["DEMARCHE_SOURCE_DIR"])
SAMPLES = SOURCE / "demo" / "articles.jsonl"
sys.path.insert(0, os.environ["DEMARCHE_STUBS"])
START_SECONDS = 60  # a bound, not a wait: under a sanitizer on a busy machine a start takes seconds

# Pairs of states, for texts that each tell of an event of its own.
STATES = ["France", "Germany", "Poland", "Turkey", "Japan", "Brazil", "India", "Canada", "Egypt", "Kenya", "Norway",
          "Spain", "Italy", "Mexico"]
PAIRS = list(itertools.permutations(STATES, 2))


def environment(**extra):
    """The environment of a command: none of the user's own settings leak in."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DEMARCHE_")}
    return {**kept, "NO_COLOR": "1", "XDG_CONFIG_HOME": "/nonexistent", **extra}


def run(program, *args, stdin=None, timeout=120, **extra):
    """Runs a binary to its end and gives (exit code, stdout, stderr) as text."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run([str(BIN / program), *map(str, args)], input=data, capture_output=True, timeout=timeout,
                          env=environment(**extra), check=False)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def until(is_true):
    """Waits until it is; a bound, not a wait."""
    end = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < end, "it did not come about within a minute"
        time.sleep(0.02)


def latest(ids):
    """Event ids of a stream as ListEvents gives them: each once, where its latest revision stands."""
    return list(dict.fromkeys(reversed(ids)))[::-1]


class Server:
    """A real demarched, on a free port unless told which, with further variables of the environment."""

    def __init__(self, data_dir, *args, listen="127.0.0.1:0", **extra):
        self.data_dir = pathlib.Path(data_dir)
        self.process = subprocess.Popen(
            [str(BIN / "demarched"), "serve", "--listen", listen, "--data-dir", str(data_dir), "--min-free-bytes", "0",
             "--http-listen", "127.0.0.1:0", *args],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(**extra))
        self.log = []
        self.address = None
        self.http_address = None
        self._serving = threading.Event()
        self._logged = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._serving.wait(START_SECONDS)
        if self.address is None:
            self.kill()
            raise AssertionError("demarched did not start:\n" + "".join(self.log))

    def _read(self):
        for raw in self.process.stderr:
            line = raw.decode(errors="replace")
            with self._logged:
                self.log.append(line)
                self._logged.notify_all()
            found = re.search(r"serving on (\S+?),", line)
            if found:
                self.address = found.group(1)
            found = re.search(r"http on ([\w.:]+)", line)
            if found:
                self.http_address = found.group(1)
            if " ready" in line:
                self._serving.set()
        self._serving.set()

    def wait_for_line(self, text, count=1, timeout=60):
        """Whether so many lines of the log hold the text, now or before the time is over."""
        with self._logged:
            return self._logged.wait_for(lambda: sum(text in line for line in self.log) >= count, timeout)

    def metric(self, name):
        """The value of a metric, by its name with labels; None when there is no such."""
        with urllib.request.urlopen(f"http://{self.http_address}/metrics", timeout=60) as answer:
            return next((float(line.rsplit(b" ", 1)[1]) for line in answer if line.startswith(name.encode() + b" ")), None)

    def kill(self):
        """As a crash: no chance to write anything."""
        self.process.kill()
        self._end()

    def stop(self, timeout=60):
        """As an operator: SIGTERM. Gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout)
        return self._end()

    def _end(self):
        code = self.process.wait()
        self._reader.join()
        self.process.stderr.close()
        return code

    def cli(self, *args, **kwargs):
        """Runs `demarche ARGS --server ADDRESS`."""
        return run("demarche", *args, "--server", self.address, **kwargs)

    def events(self, *args):
        """The lines of `demarche watch -o jsonl --earliest --until-caught-up` as objects."""
        code, out, err = self.cli("watch", "-o", "jsonl", "--earliest", "--until-caught-up", *args)
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]


class ServerTest(unittest.TestCase):
    """A test with a temporary directory; servers it starts are gone when it ends."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = pathlib.Path(self.directory.name)

    def start(self, *args, data="data", listen="127.0.0.1:0", **extra):
        server = Server(self.path / data, *args, listen=listen, **extra)
        self.addCleanup(lambda: server.process.poll() is None and server.kill())
        return server


def sample_items():
    """The demo's articles as objects."""
    return [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
