"""The demo runs by itself and shows the events of the samples."""
import subprocess

import e2e


class Demo(e2e.ServerTest):
    def test_demo_shows_events_and_how_to_go_on(self):
        done = subprocess.run([str(e2e.SOURCE / "demo" / "run.sh"), str(e2e.BIN), str(self.path / "demo")], capture_output=True,
                              timeout=120, env=e2e.environment(), stdin=subprocess.DEVNULL, check=False)
        out, err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, 0, err)
        for words in ("leader_call", "diplomats_expelled", "Demarche Sample A", "demarche watch", "demarche classify"):
            self.assertIn(words, out)
        self.assertNotIn("\x1b[", out, "no colour where it is not wanted")
        count = len(e2e.sample_items())
        self.assertIn(f"{count} sample articles", err)


if __name__ == "__main__":
    e2e.unittest.main()
