"""The manual page: it is made from the commands themselves, groff takes it as it is, and `cmake --install` puts it where man looks."""
import re
import shutil
import subprocess
import unittest

import e2e


class Man(unittest.TestCase):
    def setUp(self):
        code, self.page, err = e2e.run("demarche", "--man")
        self.assertEqual((code, err), (0, ""))

    def test_every_command_option_and_exit_code_is_in_it(self):
        plain = re.sub(r"\\f[BIR]", "", self.page).replace("\\-", "-")
        for wanted in ("watch", "events list", "sub consume NAME", "context add NAME", "bench publish", "top", "doctor", "completion SHELL"):
            self.assertRegex(plain, rf'\n\.SS "{wanted}')
        for option in ("--until-caught-up", "--cursor-file FILE", "-o, --output pretty|jsonl|csv|cloudevents", "--context NAME", "--lease SECONDS"):
            self.assertIn(f"\n.TP\n{option}\n", plain)
        for code in (0, 1, 2, 3, 4, 5, 130, 143):
            self.assertIn(f"\n.TP\n{code}\n", plain)
        self.assertNotIn("--man\n", plain)
        self.assertIn("[DEMARCHE_SERVER]", plain)

    def test_it_is_what_the_build_made(self):
        self.assertEqual((e2e.BIN.parent / "demarche.1").read_text(), self.page)

    def test_no_line_is_an_unknown_request(self):
        requests = {line.split()[0] for line in self.page.splitlines() if line.startswith((".", "'"))}
        self.assertEqual(requests, {'.\\"', ".TH", ".SH", ".SS", ".B", ".TP", ".I"})

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_groff_has_no_complaint(self):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=self.page.encode(), capture_output=True, check=False, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn("Print events as they come", done.stdout.decode())


if __name__ == "__main__":
    unittest.main()
