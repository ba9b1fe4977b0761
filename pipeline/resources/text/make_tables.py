#!/usr/bin/env python3
"""Writes forms.tsv from UD English treebanks: make_tables.py TRAIN.conllu... (EWT and GUM; never a test file)."""
import collections
import pathlib
import re
import sys

HEADER = """# {what}
# Counted in the training parts of UD English EWT and of UD English GUM (its genres with open texts) by make_tables.py.
# Source: Universal Dependencies, English Web Treebank (Silveira et al. 2014) and Georgetown University Multilayer Corpus
# (Zeldes 2017). Licence of this table: CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/). Version 1.
#
{columns}
"""
MIN_FORM_COUNT = 1
MIN_SHARE = 0.01      # readings that are rarer among the readings of a form are taken for slips


def sentences(paths):
    for path in paths:
        rows = []
        for line in open(path, encoding="utf-8"):
            cells = line.rstrip("\n").split("\t")
            if len(cells) == 10 and cells[0].isdigit():
                rows.append((cells[1], cells[2].lower(), cells[3]))
            elif not line.strip() and rows:
                yield rows
                rows = []


def lower(text):
    return "".join(c.lower() if c < "\x80" else c for c in text)


def write(name, what, columns, rows):
    path = pathlib.Path(__file__).parent / name
    head = HEADER.format(what=what, columns="\n".join("# " + c for c in columns))
    path.write_text(head + "\n".join("\t".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")


def main(paths):
    forms = collections.defaultdict(collections.Counter)
    for rows in sentences(paths):
        for form, lemma, tag in rows:
            forms[lower(form)][tag, lemma] += 1
    for form in [f for f in forms if "'" in f]:
        for reading, count in forms[form].items():
            if forms[form.replace("'", "\u2019")][reading] == 0:
                forms[form.replace("'", "\u2019")][reading] = count

    table = []
    for form, readings in sorted(forms.items()):
        total = sum(readings.values())
        if total < MIN_FORM_COUNT or any(c.isdigit() for c in form):
            continue
        best = {}  # the most frequent lemma of each tag
        for (tag, lemma), count in readings.most_common():
            old = best.get(tag)
            best[tag] = (old[0], old[1] + count) if old else (lemma, count)
        kept = [f"{tag}:{'=' if lemma == form else lemma}:{count}"
                for tag, (lemma, count) in sorted(best.items(), key=lambda item: (-item[1][1], item[0]))
                if count >= total * MIN_SHARE and not re.search(r"[\s:]", lemma.replace(form, ""))]
        if kept:
            table.append((form, " ".join(kept)))
    write("forms.tsv", "Word forms with what they may be.",
          ["form in lower case\treadings, separated by a space: part of speech, lemma ('=' when it is the form), count"], table)


if __name__ == "__main__":
    main(sys.argv[1:])
