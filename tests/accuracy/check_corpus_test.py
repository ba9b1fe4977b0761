#!/usr/bin/env python3
"""Breaks each rule of check_corpus.py once."""
import copy
import json
import pathlib
import tempfile
import unittest

import check_corpus

TEXT = "Oslo recalled its envoy. Lima denied it."
GOOD = {
    "id": "own-0001", "text": TEXT, "date": "2020-02-29", "source": "Synthetic",
    "events": [{"event_id": "own-0001-e1", "plover": "SANCTION", "mode": "withdraw", "subtype": "ambassador_recalled",
                "source": ["NOR"], "target": ["PER"], "inferred": ["target"], "source_text": "Oslo",
                "trigger_text": "recalled its envoy", "trigger_start": 5, "sentence": "Oslo recalled its envoy.",
                "factuality": "actual", "time": "current", "other_mentions": ["denied it"]}],
}
CODES = check_corpus.Codes()


def broken(change):
    record = copy.deepcopy(GOOD)
    change(record, record["events"][0])
    return list(check_corpus.check_record(record, CODES))


class CheckRecord(unittest.TestCase):
    def test_a_good_record_passes(self):
        self.assertEqual([], broken(lambda record, event: None))

    def assert_found(self, text, of_record=(), **of_event):
        def change(record, event):
            record.update(of_record)
            event.update(of_event)
        found = broken(change)
        self.assertTrue(any(text in problem for problem in found), f"'{text}' is not in {found}")

    def test_fields(self):
        self.assert_found("'date' is missing", {"date": None})
        self.assert_found("'trigger_start' is missing", trigger_start="5")
        self.assert_found("unknown field 'colour'", {"colour": "red"})
        self.assert_found("date '2021-02-29'", {"date": "2021-02-29"})
        self.assert_found("not Synthetic", {"source": "Harbour Wire"})
        self.assert_found("has the id 'own-0001-e2'", event_id="own-0001-e2")

    def test_codes(self):
        self.assert_found("unknown type 'WAR'", plover="WAR")
        self.assert_found("a type is given twice", alt_plover=["SANCTION"])
        self.assert_found("has no mode 'aerial'", mode="aerial")
        self.assert_found("unknown code 'NRW' in 'source'", source=["NRW"])
        self.assert_found("unknown code 'NRW' in 'alt_target'", alt_target=["NRW"])
        self.assert_found("'target' is inferred and empty", target=[])
        self.assert_found("reciprocal without a party", source=[], target=[], reciprocal=True)

    def test_status(self):
        self.assert_found("unknown factuality 'likely'", factuality="likely")
        self.assert_found("unknown time 'soon'", time="soon")
        self.assert_found("planned, but its time is current", factuality="planned")
        self.assert_found("denied by nobody", factuality="denied")
        self.assert_found("event_date", event_date="spring 2020")

    def test_evidence(self):
        self.assert_found("is not at 6", trigger_start=6)
        self.assert_found("does not hold the trigger", sentence="Lima denied it.")
        self.assert_found("'Bergen' is not in the text", source_text="Bergen")
        self.assert_found("'a call' is not in the text", other_mentions=["a call"])


class CheckTogether(unittest.TestCase):
    def test_the_number_decides_on_the_side(self):
        for name, rid, good in (("corpus/train.jsonl", "own-0004", True), ("corpus/train.jsonl", "own-0003", False),
                                ("corpus/held_back.jsonl", "own-0003", True), ("corpus/held_back.jsonl", "own-a003", False),
                                ("corpus/articles_held_back.jsonl", "own-a003", True)):
            self.assertEqual(good, not list(check_corpus.check_side(name, {"id": rid})), (name, rid))

    def test_ids_and_texts_are_unique_and_a_third_is_quiet(self):
        quiet = {"id": "own-0002", "text": "It rained.", "events": []}
        other = {**GOOD, "id": "own-0004", "text": "Lima recalled its envoy."}
        self.assertEqual([], list(check_corpus.check_together([GOOD, quiet, other])))
        self.assertIn("the same text as own-0001", "".join(check_corpus.check_together([GOOD, quiet, {**other, "text": TEXT}])))
        self.assertIn("the same id as own-0001", "".join(check_corpus.check_together([GOOD, quiet, {**other, "id": "own-0001"}])))
        self.assertIn("0% of the records", "".join(check_corpus.check_together([GOOD, other])))

    def test_a_sentence_of_the_kit_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            kit = pathlib.Path(folder)
            theirs = {"text": "Rain fell. Oslo, said Lima, recalled its envoy!"}
            (kit / "dev.jsonl").write_text(json.dumps(theirs) + "\n", encoding="utf-8")
            self.assertEqual([], list(check_corpus.check_apart([GOOD], kit)))
            copied = {**GOOD, "text": "It happened: Oslo, said Lima, recalled its envoy. Then it rained."}
            self.assertIn("own-0001: has the sentence", "".join(check_corpus.check_apart([copied], kit)))


if __name__ == "__main__":
    unittest.main()
