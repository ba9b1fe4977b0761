#!/usr/bin/env python3
"""Fits the weights of pipeline/resources/lexicon/counterpart.tsv: which party of a text is the side that a clause leaves out.

    fit_counterpart.py DEMARCHED GOLD.jsonl... > pipeline/resources/lexicon/counterpart.tsv

Reads what `demarched classify --explain` notes about each guess over annotated texts (the train part of tests/accuracy/corpus), keeps
those whose event the annotation has, and learns a conditional logistic model over the candidates by gradient ascent. No randomness.
"""
import json
import math
import re
import subprocess
import sys

RATE, ROUNDS, PENALTY = 0.5, 400, 0.2
# Where the weights are drawn to while examples are few: what stands near and what the text is about.
PRIOR = {'in_clause': 2, 'in_sentence': 1.2, 'salience': 1, 'in_lead': 0.5, 'opens_sentence': 0.1, 'acted_in_named': 2.5, 'itself': 0.5, 'itself_by_force': 1,
         'itself_rivals': 1, 'answered': 1.5,
         'acted_on_it_here': 1, 'is_venue': -1}
NOTE = re.compile(r'^(\w+): (actor|recipient) guessed among (.*)$')
HEADER = '''# What speaks for a party as the side that a clause leaves out: weights of a linear choice among the parties of the text. Columns:
# feature, weight for actors, weight for recipients. The features are those of pipeline/assembly/counterpart.h. Fitted by
# pipeline/train/fit_counterpart.py on the train part of tests/accuracy/corpus.'''


def notes(demarched, records):
    """(record, sentence text, kind, side, {code: features}) of each guess."""
    items = ''.join(json.dumps({'newsItemId': r['id'], 'publisher': r.get('source', ''), 'title': r.get('title', ''), 'body': r['text'],
                                'publishTime': r['date'] + 'T12:00:00Z'}) + '\n' for r in records)
    done = subprocess.run([demarched, 'classify', '--explain'], input=items, capture_output=True, text=True, check=True)
    for record, line in zip(records, done.stdout.splitlines()):
        answer = json.loads(line)
        for note in answer.get('stages', [])[-1].get('notes', []) if answer.get('stages') else []:
            found = NOTE.match(note['text'])
            if not found or note['span']['field'] != 'TEXT_FIELD_BODY':
                continue
            candidates = {}
            for part in found.group(3).split('; '):
                if ':' not in part:
                    continue
                head, features = part.split(':', 1)
                candidates[head.split(' ')[0]] = {name: float(value) for name, value in (f.split('=') for f in features.split())}
            yield record, note['span'].get('begin', 0), found.group(1), found.group(2), candidates


def questions(demarched, paths, types):
    """For each side: lists of candidates with the set of right ones."""
    sides = {'actor': [], 'recipient': []}
    for path in paths:
        records = [json.loads(line) for line in open(path, encoding='utf-8')]
        for record, begin, kind, side, candidates in notes(demarched, records):
            text = record['text']
            at = len(text.encode()[:begin].decode(errors='ignore'))
            right = set()
            for event in record['events']:
                start = text.find(event['sentence'])
                if not start <= at < start + len(event['sentence']):
                    continue
                if types.get(kind) not in [event['plover']] + event.get('alt_plover', []):
                    continue
                names = ('source', 'alt_source') if side == 'actor' else ('target', 'alt_target')
                if event.get('reciprocal'):
                    names = ('source', 'alt_source', 'target', 'alt_target')
                for name in names:
                    right.update(event.get(name) or [])
            if right & candidates.keys() and candidates.keys() - right:
                sides[side].append((candidates, right))
    return sides


def fit(examples, features):
    prior = {f: PRIOR.get(f, 0.0) for f in features}
    weights = dict(prior)
    for _ in range(ROUNDS):
        gradient = {f: -PENALTY * (weights[f] - prior[f]) for f in features}
        for candidates, right in examples:
            scores = {c: math.exp(sum(weights[f] * v for f, v in fs.items())) for c, fs in candidates.items()}
            total, good = sum(scores.values()), sum(s for c, s in scores.items() if c in right)
            for code, fs in candidates.items():
                share = (scores[code] / good if code in right else 0) - scores[code] / total
                for feature, value in fs.items():
                    gradient[feature] += share * value / len(examples)
        for f in features:
            weights[f] += RATE * gradient[f]
    return weights


def hits(examples, weights):
    best = lambda candidates: max(candidates, key=lambda c: sum(weights[f] * v for f, v in candidates[c].items()))
    return sum(best(candidates) in right for candidates, right in examples)


def main():
    demarched, paths = sys.argv[1], sys.argv[2:]
    types = {}
    for line in open('pipeline/resources/ontology/kinds.tsv', encoding='utf-8'):
        if not line.startswith('#'):
            cells = line.split('\t')
            types[cells[0]] = cells[1]
    source = open('pipeline/assembly/counterpart.cc', encoding='utf-8').read()
    features = re.findall(r'"(\w+)"', source[source.index('kNames'):source.index('};', source.index('kNames'))])
    sides = questions(demarched, paths, types)
    fitted = {}
    for side, examples in sides.items():
        fitted[side] = fit(examples, features)
        print(f'{side}: {hits(examples, fitted[side])} of {len(examples)} right', file=sys.stderr)
    print(HEADER)
    for feature in features:
        print(f"{feature}\t{fitted['actor'][feature]:.2f}\t{fitted['recipient'][feature]:.2f}")


if __name__ == '__main__':
    main()
