"""Each rule of check_tree finds its breach, and a clean tree passes."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check_tree  # noqa: E402

CLEAN = {
    "pipeline/README.md": "page\n",
    "pipeline/gate/README.md": "page\n",
    "pipeline/gate/gate.h": '#include "pipeline/document/document.h"\n#include "demarche/v1/event.pb.h"\n',
    "server/README.md": "page\n",
    "server/ingest/README.md": "page\n",
    "server/ingest/ingest.cc": '#include "server/ingest/ingest.h"\n#include "pipeline/run/runner.h"\n#include <vector>\n',
}


class CheckTree(unittest.TestCase):
    def check(self, **changed):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for path, text in {**CLEAN, **changed.get("files", {})}.items():
                if text is not None:
                    (root / path).parent.mkdir(parents=True, exist_ok=True)
                    (root / path).write_text(text)
            subprocess.run(["git", "init", "-q"], cwd=root, check=True)
            subprocess.run(["git", "add", "-A"], cwd=root, check=True)
            return check_tree.check_tree(root)

    def assert_error(self, path, text, expected):
        errors, _ = self.check(files={path: text})
        self.assertEqual(len(errors), 1, errors)
        self.assertIn(expected, errors[0])

    def test_a_clean_tree_passes(self):
        self.assertEqual(self.check(), ([], []))

    def test_a_folder_without_a_page(self):
        self.assert_error("server/ingest/README.md", None, "server/ingest/: has no README.md")

    def test_long_files(self):
        self.assertEqual(self.check(files={"server/ingest/long.h": "\n" * 150}), ([], []))
        errors, warnings = self.check(files={"server/ingest/long.h": "\n" * 151, "server/ingest/long.cc": "\n" * 301})
        self.assertEqual((len(errors), len(warnings)), (0, 2))
        self.assert_error("server/ingest/long.cc", "\n" * 401, "401 lines")

    def test_arrows(self):
        for path, include in (("pipeline/gate/a.cc", "pipeline/actors/actors.h"), ("pipeline/gate/a.cc", "server/log/event_log.h"),
                              ("pipeline/gate/a.cc", "client/cpp/client.h"), ("server/ingest/a.cc", "server/rpc/service.h"),
                              ("server/ingest/a.cc", "server/subscription/hub.h"), ("server/ingest/a.cc", "pipeline/gate/gate.h"),
                              ("server/ingest/a.cc", "tests/support/fake.h")):
            with self.subTest(path=path, include=include):
                self.assert_error(path, f'#include "{include}"\n', f"may not include {include}")

    def test_client_includes_neither_server_nor_pipeline(self):
        pages = {"client/README.md": "page\n", "client/cli/README.md": "page\n"}
        for include in ("server/limits/limits.h", "pipeline/document/strings.h"):
            errors, _ = self.check(files={**pages, "client/cli/main.cc": f'#include "{include}"\n'})
            self.assertEqual(len(errors), 1, errors)
        self.assertEqual(self.check(files={**pages, "client/cli/main.cc": '#include "client/cpp/client.h"\n'}), ([], []))

    def test_leftovers(self):
        self.assert_error("server/ingest/a.cc", "// TODO: more\n", "TODO")
        self.assert_error("server/ingest/a.cc", "// XXX why\n", "XXX")
        self.assertEqual(self.check(files={"server/ingest/a.cc": 'country = "XXX";\n'}), ([], []))
        self.assert_error("server/ingest/run.sh", "cd /home/someone/demarche\n", "/home/someone")
        self.assertEqual(self.check(files={"server/ingest/a.cc": '// see "ontology/work/x", $HOME/tmp\n'}), ([], []))


if __name__ == "__main__":
    unittest.main()
