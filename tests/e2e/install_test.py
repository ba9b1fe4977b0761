"""`cmake --install` puts everything in its place, and the installed server runs."""
import os
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["DEMARCHE_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["DEMARCHE_BIN_DIR"]).parent


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.prefix = pathlib.Path(directory.name) / "usr"
        subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(cls.prefix)], check=True, capture_output=True, timeout=50)

    def test_everything_is_there(self):
        for path in ("bin/demarched", "bin/demarche", "share/demarche/demarched.toml", "lib/systemd/system/demarched.service",
                     "share/doc/demarche/LICENSE", "share/man/man1/demarche.1", "share/bash-completion/completions/demarche"):
            self.assertTrue((self.prefix / path).is_file(), path)

    def test_all_served_protos_are_there(self):
        wanted = {path.name for path in (SOURCE / "proto/demarche/v1").glob("*.proto")}
        self.assertEqual({path.name for path in self.prefix.glob("share/demarche/proto/demarche/v1/*")}, wanted)
        self.assertFalse((self.prefix / "share/demarche/proto/demarche/stored").exists())

    def test_the_installed_server_takes_the_installed_configuration(self):
        config = self.prefix / "share/demarche/demarched.toml"
        run = subprocess.run([str(self.prefix / "bin/demarched"), "config", "show", "--config", str(config)],
                             capture_output=True, text=True, timeout=20)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("127.0.0.1:7345", run.stdout)


if __name__ == "__main__":
    unittest.main()
