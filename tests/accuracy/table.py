#!/usr/bin/env python3
"""One table of how well `demarched classify` codes every set of the evaluation kit and of our own corpus.

  table.py --eval KIT --demarched PROGRAM --out FOLDER [SET...]    a Markdown table; without SET all that are there
  table.py ... --errors N SET...                                   the kit's report on each SET with the first N errors of a sort

Gold goes in and out as files in FOLDER: SET.items.jsonl, SET.system.jsonl. A set that is not there is skipped with a message.
"""
import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE / "corpus"

KIT_SETS = ("seed", "dev_articles", "dev_sentences", "plover_dev")
OWN_SETS = {
    "seed_paraphrases": HERE / "seed_paraphrases.jsonl",
    "own_train": CORPUS / "train.jsonl",
    "own_held_back": CORPUS / "held_back.jsonl",
    "own_articles_train": CORPUS / "articles_train.jsonl",
    "own_articles_held_back": CORPUS / "articles_held_back.jsonl",
}
ORDER = ("seed", "seed_paraphrases", "dev_articles", "dev_sentences", "plover_dev", "own_train", "own_held_back",
         "own_articles_train", "own_articles_held_back")

# Heading, figure of score.py, and how it is written.
COLUMNS = (
    ("P", ("detection", "p"), "ratio"), ("R", ("detection", "r"), "ratio"), ("F1", ("detection", "f1"), "ratio"),
    ("exact F1", ("exact_dyad", "f1"), "ratio"), ("macro F1", ("type_macro_f1",), "ratio"),
    ("duplicates", ("duplicate_rate",), "percent"), ("factuality", ("factuality_accuracy",), "percent"),
    ("false actual", ("false_actual_rate",), "percent"), ("alarms", ("no_event_alarm_rate",), "percent"),
    ("kind", ("kind_accuracy",), "percent"), ("time", ("time_accuracy",), "percent"), ("ECE", ("ece",), "ratio"),
)
FORMATS = {"ratio": "{:.3f}".format, "percent": lambda share: f"{100 * share:.1f}%"}


def run(*command, **streams):
    return subprocess.run([str(word) for word in command], check=True, text=True, **streams)


def classify(name, gold, args):
    """The path of the system's output for this set."""
    items, system = args.out / f"{name}.items.jsonl", args.out / f"{name}.system.jsonl"
    with open(items, "w", encoding="utf-8") as out:
        run(sys.executable, args.eval / "to_news_items.py", gold, stdout=out)
    with open(items, encoding="utf-8") as source, open(system, "w", encoding="utf-8") as out:
        run(args.demarched, "classify", "--output", "jsonl", stdin=source, stdout=out)
    return system


def cell(figures, path, style):
    for step in path:
        figures = figures[step]
    return "-" if figures is None else FORMATS[style](figures)


def row(name, gold, args):
    scored = run(sys.executable, args.eval / "score.py", gold, classify(name, gold, args), "--json", stdout=subprocess.PIPE)
    figures = json.loads(scored.stdout)
    return [name, str(figures["counts"]["records"]), *(cell(figures, path, style) for _, path, style in COLUMNS)]


def table(rows):
    """Markdown whose columns stand below each other."""
    head = ["set", "records", *(heading for heading, _, _ in COLUMNS)]
    width = [max(map(len, column)) for column in zip(head, *rows)]
    line = lambda cells: "| " + " | ".join([cells[0].ljust(width[0]), *(c.rjust(w) for c, w in zip(cells[1:], width[1:]))]) + " |"
    rule = "| " + " | ".join(["-" * width[0], *("-" * (w - 1) + ":" for w in width[1:])]) + " |"
    return "\n".join([line(head), rule, *map(line, rows)])


def chosen(args):
    """(name, gold) of the wanted sets that are there."""
    places = {name: args.eval / f"{name}.jsonl" for name in KIT_SETS} | OWN_SETS
    for name in args.sets or ORDER:
        if places[name].is_file():
            yield name, places[name]
        else:
            print(f"{name}: no {places[name]}, skipped", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=pathlib.Path, required=True, metavar="KIT")
    parser.add_argument("--demarched", type=pathlib.Path, required=True, metavar="PROGRAM")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--errors", type=int, metavar="N")
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(ORDER))
    args = parser.parse_intermixed_args()
    unknown = set(args.sets) - set(ORDER)
    if unknown:
        parser.error(f"unknown set '{min(unknown)}'; there are {', '.join(ORDER)}")
    if args.errors is not None and not args.sets:
        parser.error("--errors needs the name of a set")
    args.out.mkdir(parents=True, exist_ok=True)
    if args.errors is None:
        print(table([row(name, gold, args) for name, gold in chosen(args)]))
        return
    for name, gold in chosen(args):
        print(f"== {name}", flush=True)
        run(sys.executable, args.eval / "score.py", gold, classify(name, gold, args), "--errors", args.errors)


if __name__ == "__main__":
    main()
