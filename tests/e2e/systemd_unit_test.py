"""The systemd unit is valid and shuts the service in. Needs systemd-analyze, but no running systemd."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

UNIT = pathlib.Path(os.environ["DEMARCHE_SOURCE_DIR"]) / "deploy/systemd/demarched.service"
MAX_EXPOSURE = 1.5


def exposure(path):
    """The overall exposure level, 0 to 10, as systemd-analyze computes it from the file alone."""
    run = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", str(path)],
                         capture_output=True, text=True, timeout=30)
    found = re.search(r"Overall exposure level for \S+: (\d+\.\d+)", run.stdout)
    assert found, run.stdout + run.stderr
    return float(found[1])


class SystemdUnit(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.copy = pathlib.Path(directory.name) / UNIT.name

    def test_exposure_is_low(self):
        self.assertLessEqual(exposure(UNIT), MAX_EXPOSURE)

    def test_control_the_same_unit_without_hardening_is_exposed(self):
        keep = r"\[|ExecStart=|Description="
        self.copy.write_text("".join(line + "\n" for line in UNIT.read_text().splitlines() if re.match(keep, line)))
        self.assertGreater(exposure(self.copy), 5)

    def test_exposure_stays_low_with_the_user_that_files_can_belong_to(self):
        readme = (UNIT.parents[1] / "README.md").read_text()
        [settings] = re.findall(r"printf '\[Service\]\\n(.*)\\n' \| sudo tee", readme)
        text = UNIT.read_text()
        for line in settings.split("\\n"):
            text = re.sub(rf"(?m)^{line.split('=')[0]}=.*\n", "", text).replace("[Service]\n", f"[Service]\n{line}\n")
        self.assertIn("User=demarche\n", text)
        self.copy.write_text(text)
        self.assertLessEqual(exposure(self.copy), MAX_EXPOSURE)

    def test_systemd_knows_every_directive(self):
        # The program is not installed here; everything else is checked as it stands.
        text = re.sub(r"ExecStart=/usr/bin/demarched\b", "ExecStart=/bin/true", UNIT.read_text())
        self.copy.write_text(text)
        run = subprocess.run(["systemd-analyze", "verify", str(self.copy)], capture_output=True, text=True, timeout=30)
        self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))

    def test_what_the_documentation_promises(self):
        lines = UNIT.read_text().splitlines()
        for line in ("ExecStart=/usr/bin/demarched serve --config /etc/demarche/demarched.toml", "DynamicUser=yes",
                     "StateDirectory=demarche", "ProtectSystem=strict", "LimitNOFILE=65536", "CapabilityBoundingSet="):
            self.assertIn(line, lines)
        self.assertTrue(any(line.startswith("MemoryMax=") for line in lines))


if __name__ == "__main__":
    unittest.main()
