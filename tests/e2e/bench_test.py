"""The load harness against the real server. No figure is judged but one that a stopped server must show."""
import json
import os
import signal
import subprocess
import threading

import e2e

STALL_SECONDS = 0.2


class Bench(e2e.ServerTest):
    def setUp(self):
        super().setUp()
        self.server = self.start()

    def bench(self, *args):
        return self.server.cli("bench", *args, "--warmup", "200ms")

    def test_mixed_verifies_what_was_delivered_and_writes_every_format(self):
        html, hgrm = self.path / "report.html", self.path / "report.hgrm"
        code, out, err = self.bench("mixed", "--rate", "20", "-z", "2s", "--subscribers", "2", "--slow", "1", "--reconnecting", "1",
                                    "-o", "json", "--html", html, "--hgrm", hgrm, "--slo", "p99<1h")
        self.assertEqual(code, 0, out + err)
        report = json.loads(out)["main"]
        self.assertGreater(report["events"], 0)
        self.assertEqual(report["delivered"], 4 * report["events"])
        self.assertEqual([report[what] for what in ("lost", "repeated", "out_of_order", "failed")], [0, 0, 0, 0])
        self.assertGreater(report["delivery"]["count"], 0)
        self.assertIn("<svg", html.read_text())
        self.assertIn("#[Mean", hgrm.read_text())
        baseline = self.path / "baseline.json"
        baseline.write_text(out)
        code, _, err = self.bench("publish", "--rate", "20", "-z", "1s", "--slo", "max<1us", "--compare", baseline, "--tolerance", "10")
        self.assertEqual(code, 1)
        self.assertIn("missed max<1us", err)
        self.assertIn("p99_us", err)

    def test_classify_a_corpus_and_watch(self):
        code, out, err = self.bench("classify", "--rate", "10", "-z", "1s", "-c", "2", "--corpus", e2e.SAMPLES, "-o", "csv")
        self.assertEqual(code, 0, err)
        names, values = (line.split(",") for line in out.splitlines())
        self.assertEqual(dict(zip(names, values))["sent"], "11")
        watch = threading.Thread(target=lambda: self.server.cli("publish", e2e.SAMPLES))
        watch.start()
        code, out, err = self.bench("watch", "-z", "2s")
        watch.join()
        self.assertEqual(code, 0, err)
        self.assertIn("0 lost", self.bench("mixed", "--rate", "20", "-z", "1s")[1])

    def stalled(self, *args):
        """A run in the middle of which the server stands still. Gives the counts of its answers and the report."""
        command = [str(e2e.BIN / "demarche"), "bench", "publish", "--server", self.server.address, "-o", "json", "-z", "3s", "--warmup",
                   "1s", *args]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=e2e.environment())
        stop = threading.Timer(2.5, os.kill, (self.server.process.pid, signal.SIGSTOP))
        go_on = threading.Timer(2.5 + STALL_SECONDS, os.kill, (self.server.process.pid, signal.SIGCONT))
        stop.start()
        go_on.start()
        out, _ = run.communicate(timeout=120)
        go_on.join()
        return json.loads(out)["latency"]

    def test_a_stall_shows_in_the_open_loop(self):
        latency = self.stalled("--rate", "200")
        self.assertGreater(latency["p99.9_us"], STALL_SECONDS * 0.75e6)
        self.assertGreater(latency["p99_us"], STALL_SECONDS * 0.5e6)


if __name__ == "__main__":
    e2e.unittest.main()
