"""The installed C++ library: a project outside the tree builds against it, and its programs do what their pages say."""
import json
import os
import pathlib
import shutil
import subprocess

import e2e

BUILD = pathlib.Path(os.environ["DEMARCHE_BIN_DIR"]).parent
BUILD_SECONDS = 900  # a bound, not a wait


def run(*command, code=0, cwd=None):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=BUILD_SECONDS, check=False, cwd=cwd)
    assert done.returncode == code, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


class CppPackage(e2e.ServerTest):
    def setUp(self):
        super().setUp()
        self.prefix = self.path / "prefix"
        run("cmake", "--install", BUILD, "--prefix", self.prefix)

    def test_a_project_outside_the_tree_builds_and_works(self):
        project = self.path / "project"
        shutil.copytree(e2e.SOURCE / "client/cpp/examples", project)
        run("cmake", "-G", "Ninja", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", project / "build", "-j", "2")
        server = self.start()
        programs = project / "build/examples"
        said = run(programs / "example_publish", server.address, "Test", "Germany expelled two Russian diplomats on Monday.")
        self.assertIn("PUBLISH_OUTCOME_ACCEPTED 1 events", said)
        self.assertEqual(server.cli("publish", e2e.SAMPLES)[0], 0)
        wanted = [line["event"] for line in server.events()]
        watch = (programs / "example_watch", server.address, self.path / "position")
        self.assertEqual([line.split()[1] for line in run(*watch).splitlines()], [event["kind"] for event in wanted])
        self.assertEqual(run(*watch), "")
        lines = self.path / "lines"
        run(programs / "example_exactly_once", server.address, lines, len(wanted))
        self.assertEqual([line.split()[1] for line in lines.read_text().splitlines()], [event["eventId"] for event in wanted])
        self.assertEqual(server.cli("sub", "create", "desk", "--earliest")[0], 0)
        consumed = run(programs / "example_consume", server.address, "desk", len(wanted)).splitlines()
        self.assertEqual([line.split()[1:] for line in consumed], [[event["kind"], "1"] for event in wanted])
        self.assertNotIn("backlog", json.loads(server.cli("sub", "info", "desk", "-o", "jsonl")[1]))

    def test_pkg_config_knows_what_to_compile_and_link_with(self):
        found = next(self.prefix.rglob("demarche-client.pc")).parent
        environment = dict(os.environ, PKG_CONFIG_PATH=str(found))
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "demarche-client"], env=environment, check=True,
                               capture_output=True, text=True).stdout.split()
        program = self.path / "program"
        source = e2e.SOURCE / "client/cpp/examples/watch.cc"
        run("c++", "-std=c++20", "-o", program, source, *flags)
        run(program, code=2)


if __name__ == "__main__":
    e2e.unittest.main()
