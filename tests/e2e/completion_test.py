"""`demarche completion` as a shell uses it: what bash offers at the cursor."""
import subprocess
import unittest

import e2e


def offered(*words):
    """What bash offers for the last of these words."""
    _, script, _ = e2e.run("demarche", "completion", "bash")
    shell = script + 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _demarche; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-uc", shell, "bash", *words], check=True, capture_output=True, text=True)
    return done.stdout.split()


class Completion(unittest.TestCase):
    def test_commands(self):
        self.assertEqual(offered("demarche", "wa"), ["watch"])
        self.assertEqual(offered("demarche", "events", "")[:2], ["get", "list"])

    def test_options_of_the_command_and_of_all(self):
        self.assertEqual(offered("demarche", "watch", "--until"), ["--until-caught-up"])
        self.assertEqual(offered("demarche", "events", "list", "--lim"), ["--limit"])
        self.assertEqual(offered("demarche", "events", "hist"), ["history"])
        self.assertEqual(offered("demarche", "watch", "--fol"), ["--follow-story"])
        self.assertEqual(offered("demarche", "watch", "--earliest", "--serv"), ["--server"])
        self.assertEqual(offered("demarche", "publish", "--until"), [])

    def test_values(self):
        self.assertEqual(offered("demarche", "watch", "-o", ""), ["pretty", "jsonl", "csv", "cloudevents"])
        self.assertEqual(offered("demarche", "watch", "--on-expired", "e"), ["earliest"])
        self.assertEqual(offered("demarche", "completion", "z"), ["zsh"])

    def test_an_unknown_shell(self):
        code, _, said = e2e.run("demarche", "completion", "fish")
        self.assertEqual(code, 2)
        self.assertIn("SHELL", said)
