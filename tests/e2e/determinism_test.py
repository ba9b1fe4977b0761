"""The same items give the same bytes, whatever the number of workers and whatever else is coded in the same run."""
import json

import e2e


def items():
    """The samples, then sentences of our corpus as items of their own."""
    lines = e2e.SAMPLES.read_text(encoding="utf-8").splitlines()
    with open(e2e.SOURCE / "tests" / "accuracy" / "corpus" / "train.jsonl", encoding="utf-8") as corpus:
        for line in list(corpus)[:200]:
            record = json.loads(line)
            lines.append(json.dumps({"newsItemId": record["id"], "publisher": record["source"], "body": record["text"],
                                     "publishTime": record["date"] + "T00:00:00Z"}))
    return lines


def classify(lines, workers):
    code, out, err = e2e.run("demarched", "classify", "--workers", workers, stdin="\n".join(lines) + "\n")
    assert code == 0, err
    return out


class Determinism(e2e.unittest.TestCase):
    def test_workers_and_batches_change_nothing(self):
        lines = items()
        expected = classify(lines, 1)
        self.assertGreater(expected.count('"eventId"'), 50)
        self.assertEqual(classify(lines, 1), expected)
        self.assertEqual(classify(lines, 2), expected)
        half = len(lines) // 2
        self.assertEqual(classify(lines[:half], 2) + classify(lines[half:], 1), expected)
        backwards = classify(lines[::-1], 2).splitlines()[::-1]
        self.assertEqual(backwards, expected.splitlines())


if __name__ == "__main__":
    e2e.unittest.main()
