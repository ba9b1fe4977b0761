#!/usr/bin/env python3
"""Checks the corpus: fields, codes, offsets, the split, and that it shares no sentence with the evaluation kit.

  check_corpus.py [--eval KIT]    KIT: folder of the evaluation kit; where it is not there that one check is skipped
"""
import argparse
import datetime
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
RESOURCES = HERE.parents[1] / "pipeline" / "resources"

# Name of a file, and the ids that it may hold: the number decides on the side.
HELD_BACK_EVERY = 3
FILES = {
    "corpus/train.jsonl": (re.compile(r"own-(\d{4})"), False),
    "corpus/held_back.jsonl": (re.compile(r"own-(\d{4})"), True),
    "corpus/articles_train.jsonl": (re.compile(r"own-a(\d{3})"), False),
    "corpus/articles_held_back.jsonl": (re.compile(r"own-a(\d{3})"), True),
}
PARAPHRASES = "seed_paraphrases.jsonl"
QUIET_SHARE = (0.28, 0.42)  # records without events, of all
LONG_ENOUGH = 6  # words: a shorter sentence of the kit may turn up by chance

RECORD_FIELDS = {"id": str, "text": str, "date": str, "source": str, "events": list}
RECORD_EXTRAS = {"title", "word_count", "non_events", "known_errors_in_text"}
EVENT_FIELDS = {"event_id": str, "plover": str, "source": list, "target": list, "factuality": str, "time": str,
                "sentence": str, "trigger_text": str, "trigger_start": int}
EVENT_EXTRAS = {"alt_plover", "mode", "subtype", "alt_source", "alt_target", "inferred", "source_text", "target_text",
                "reciprocal", "alt_factuality", "event_date", "attributed_to", "other_mentions", "optional"}
FACTUALITIES = {"actual", "planned", "hypothetical", "negated", "denied"}
TIMES = {"current", "past", "future"}
GROUPS = {"EUROPE", "NGO"}  # what the coding rules have besides states and bodies
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def column(name, *places):
    """Rows of a resource table, the wanted columns only."""
    with open(RESOURCES / name, encoding="utf-8") as table:
        for line in table:
            if line.strip() and not line.startswith("#"):
                cells = line.rstrip("\n").split("\t")
                yield tuple(cells[place] for place in places)


class Codes:
    def __init__(self):
        self.actors = {code for name in ("actors/states.tsv", "actors/organizations.tsv") for code, in column(name, 0)} | GROUPS
        self.types = {name for name, in column("ontology/types.tsv", 0)} - {"version"}
        self.modes = set(column("ontology/modes.tsv", 0, 1))


def check_fields(what, have, required, extras):
    for name, kind in required.items():
        if not isinstance(have.get(name), kind):
            yield f"{what}: '{name}' is missing or no {kind.__name__}"
    for name in sorted(set(have) - set(required) - extras):
        yield f"{what}: unknown field '{name}'"


def check_codes(where, event, codes):
    types = [event["plover"], *event.get("alt_plover", [])]
    for name in types:
        if name not in codes.types:
            yield f"{where}: unknown type '{name}'"
    if len(types) != len(set(types)):
        yield f"{where}: a type is given twice"
    if event.get("mode") and not any((name, event["mode"]) in codes.modes for name in types):
        yield f"{where}: {event['plover']} has no mode '{event['mode']}'"
    for side in ("source", "target", "alt_source", "alt_target"):
        for code in sorted(set(event.get(side, [])) - codes.actors):
            yield f"{where}: unknown code '{code}' in '{side}'"
    for side in event.get("inferred", []):
        if not event.get(side):
            yield f"{where}: '{side}' is inferred and empty"
    if event.get("reciprocal") and not event["source"] + event["target"]:
        yield f"{where}: reciprocal without a party"


def check_status(where, event):
    for name in [event["factuality"], *event.get("alt_factuality", [])]:
        if name not in FACTUALITIES:
            yield f"{where}: unknown factuality '{name}'"
    if event["time"] not in TIMES:
        yield f"{where}: unknown time '{event['time']}'"
    if event["factuality"] == "planned" and event["time"] != "future":
        yield f"{where}: planned, but its time is {event['time']}"
    if event["factuality"] == "denied" and not event.get("attributed_to"):
        yield f"{where}: denied by nobody"
    if "event_date" in event and not DATE.fullmatch(event["event_date"]):
        yield f"{where}: event_date '{event['event_date']}'"


def check_evidence(where, event, text):
    start, words = event["trigger_start"], event["trigger_text"]
    if not words or text[start:start + len(words)] != words:
        yield f"{where}: '{words}' is not at {start}"
        return
    at = text.rfind(event["sentence"], 0, start + len(event["sentence"]))  # the last that begins before the trigger
    if at < 0 or start + len(words) > at + len(event["sentence"]):
        yield f"{where}: the sentence does not hold the trigger '{words}'"
    mentions = [part for side in ("source_text", "target_text") for part in event.get(side, "").split(" ; ")]
    for part in mentions + event.get("other_mentions", []):
        if part not in text:
            yield f"{where}: '{part}' is not in the text"


def check_event(where, event, text, codes):
    problems = list(check_fields(where, event, EVENT_FIELDS, EVENT_EXTRAS))
    yield from problems
    if not problems:
        yield from check_codes(where, event, codes)
        yield from check_status(where, event)
        yield from check_evidence(where, event, text)


def check_record(record, codes):
    """What one record says about itself; the split and other records aside."""
    where = record.get("id", "a record without an id")
    problems = list(check_fields(where, record, RECORD_FIELDS, RECORD_EXTRAS))
    yield from problems
    if problems:
        return
    try:
        datetime.date.fromisoformat(record["date"])
    except ValueError:
        yield f"{where}: date '{record['date']}'"
    if record["source"] != "Synthetic":
        yield f"{where}: source is '{record['source']}', not Synthetic"
    for number, event in enumerate(record["events"], 1):
        if event.get("event_id") != f"{where}-e{number}":
            yield f"{where}: event {number} has the id '{event.get('event_id')}'"
        yield from check_event(f"{where}-e{number}", event, record["text"], codes)


def check_side(name, record):
    """The id belongs into this file."""
    pattern, held_back = FILES[name]
    found = pattern.fullmatch(record.get("id", ""))
    if not found:
        yield f"{name}: '{record.get('id')}' is no id of this file"
    elif (int(found[1]) % HELD_BACK_EVERY == 0) != held_back:
        yield f"{name}: {record['id']} is on the wrong side of the split"


def check_together(records):
    """Ids and texts are unique; about a third has no events."""
    for name in ("id", "text"):
        seen = {}
        for record in records:
            if record.get(name) in seen:
                yield f"{record.get('id')}: the same {name} as {seen[record.get(name)]}"
            seen[record.get(name)] = record.get("id")
    share = sum(not record.get("events") for record in records) / len(records)
    if not QUIET_SHARE[0] <= share <= QUIET_SHARE[1]:
        yield f"{share:.0%} of the records have no events; between {QUIET_SHARE[0]:.0%} and {QUIET_SHARE[1]:.0%} are wanted"


def words(text):
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def check_apart(records, kit):
    """No sentence of the kit's records is in ours."""
    ours = {record["id"]: f" {words(record.get('title', '') + ' ' + record['text'])} " for record in records}
    everything = "\n".join(ours.values())
    for path in sorted(kit.glob("*.jsonl")):
        for theirs in read(path):
            for sentence in re.split(r"(?<=[.!?])[\"'”’]?\s+|\n", f"{theirs.get('title', '')}\n{theirs['text']}"):
                plain = f" {words(sentence)} "
                if plain.count(" ") > LONG_ENOUGH and plain in everything:
                    for own in (name for name, text in ours.items() if plain in text):
                        yield f"{own}: has the sentence '{sentence}' of {path.name}"


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def check_all(kit):
    codes, corpus = Codes(), []
    for name in FILES:
        for record in read(HERE / name):
            yield from check_side(name, record)
            corpus.append(record)
    yield from check_together(corpus)
    records = corpus + read(HERE / PARAPHRASES)
    for record in records:
        yield from check_record(record, codes)
    if kit.is_dir():
        yield from check_apart(records, kit)
    else:
        print(f"no evaluation kit in '{kit}': not compared with it")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=pathlib.Path, default=HERE.parents[2] / "shared" / "eval", metavar="KIT")
    problems = list(check_all(parser.parse_args().eval))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
