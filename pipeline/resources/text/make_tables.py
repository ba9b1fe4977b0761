#!/usr/bin/env python3
"""Writes forms.tsv and tags.tsv from UD English treebanks: make_tables.py TRAIN.conllu... (EWT and GUM; never a test file)."""
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
MAX_SUFFIX = 5
RARE = 4              # words seen at most so often teach what endings say
MIN_SUFFIX_COUNT = 3


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


def shape(form, first):
    """Must agree with ShapeOf in pipeline/syntax/tagger.cc."""
    letters = [c for c in form if c.isascii() and c.isalpha()]
    if any(c.isascii() and c.isdigit() for c in form):
        return "digit"
    if not letters:
        return "other"
    if not form[0].isascii() or not ("A" <= form[0] <= "Z"):
        return "lower"
    if len(form) > 1 and all("A" <= c <= "Z" for c in letters):
        return "capitals"
    return "first" if first else "capital"


def write(name, what, columns, rows):
    path = pathlib.Path(__file__).parent / name
    head = HEADER.format(what=what, columns="\n".join("# " + c for c in columns))
    path.write_text(head + "\n".join("\t".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")


def main(paths):
    forms = collections.defaultdict(collections.Counter)
    trigrams, shapes, tags = collections.Counter(), collections.Counter(), collections.Counter()
    for rows in sentences(paths):
        before, previous, first = "-", "-", True
        for form, lemma, tag in rows:
            forms[lower(form)][tag, lemma] += 1
            trigrams[before, previous, tag] += 1
            shapes[shape(form, first), tag] += 1
            tags[tag] += 1
            before, previous = previous, tag
            if re.search(r"[^\W_]", form):
                first = False
        trigrams[before, previous, "-"] += 1
    for form in [f for f in forms if "'" in f]:
        for reading, count in forms[form].items():
            if forms[form.replace("'", "\u2019")][reading] == 0:
                forms[form.replace("'", "\u2019")][reading] = count

    table, suffixes = [], collections.defaultdict(collections.Counter)
    for form, readings in sorted(forms.items()):
        total = sum(readings.values())
        if total <= RARE and re.fullmatch(r"[a-z-]{3,}", form):
            for (tag, _), count in readings.items():
                for size in range(1, min(MAX_SUFFIX, len(form) - 1) + 1):
                    suffixes[form[-size:]][tag] += count
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
    rows = [("trigram", " ".join(k[:2]), f"{k[2]}:{n}") for k, n in sorted(trigrams.items())]
    grouped = collections.defaultdict(list)
    for (_, key, value) in rows:
        grouped["trigram", key].append(value)
    for (kind, tag), n in sorted(shapes.items()):
        grouped["shape", kind].append(f"{tag}:{n}")
    for suffix, counter in sorted(suffixes.items()):
        if sum(counter.values()) >= MIN_SUFFIX_COUNT:
            grouped["suffix", suffix].extend(f"{t}:{n}" for t, n in sorted(counter.items()))
    write("tags.tsv", "How often parts of speech follow each other, and go with shapes and endings of words.",
          ["kind: trigram, shape or suffix",
           "the two parts of speech before ('-' outside the sentence); the shape; the ending of rare words",
           "part of speech and count, separated by spaces"],
          [(kind, key, " ".join(values)) for (kind, key), values in grouped.items()])


if __name__ == "__main__":
    main(sys.argv[1:])
