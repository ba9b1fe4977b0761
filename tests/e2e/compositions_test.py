"""What a clause tells by itself it tells in any sentence: simple clauses about two states, put together in many ways, keep their
events. No sentence here was written for a rule; all are made from the same clauses."""
import collections
import itertools
import json
import random

import e2e

SEED = 3
SAMPLES = 40  # sentences of each way
MOST_LOST = 0.02  # of the events

# Name, code, demonym, seat.
STATES = [("Ghana", "GHA", "Ghanaian", "Accra"), ("Togo", "TGO", "Togolese", "Lome"), ("Bolivia", "BOL", "Bolivian", "La Paz"),
          ("Vietnam", "VNM", "Vietnamese", "Hanoi"), ("Laos", "LAO", "Laotian", "Vientiane"), ("Norway", "NOR", "Norwegian", "Oslo"),
          ("Poland", "POL", "Polish", "Warsaw"), ("Kenya", "KEN", "Kenyan", "Nairobi"), ("Algeria", "DZA", "Algerian", "Algiers"),
          ("Qatar", "QAT", "Qatari", "Doha"), ("Nepal", "NPL", "Nepalese", "Kathmandu")]

# Past, infinitive, gerund; the type of the event.
CLAUSES = [
    ("accused {o} of spying", "accuse {o} of spying", "accusing {o} of spying", "ACCUSE"),
    ("condemned {o}", "condemn {o}", "condemning {o}", "ACCUSE"),
    ("closed its border with {o}", "close its border with {o}", "closing its border with {o}", "COERCE"),
    ("expelled {o}'s ambassador", "expel {o}'s ambassador", "expelling {o}'s ambassador", "SANCTION"),
    ("imposed sanctions on {o}", "impose sanctions on {o}", "imposing sanctions on {o}", "SANCTION"),
    ("recalled its ambassador from {o}", "recall its ambassador from {o}", "recalling its ambassador from {o}", "SANCTION"),
    ("sent humanitarian aid to {o}", "send humanitarian aid to {o}", "sending humanitarian aid to {o}", "AID"),
    ("threatened to attack {o}", "threaten to attack {o}", "threatening to attack {o}", "THREATEN"),
    ("signed a trade agreement with {o}", "sign a trade agreement with {o}", "signing a trade agreement with {o}", "SUPPORT"),
    ("rejected {o}'s proposal", "reject {o}'s proposal", "rejecting {o}'s proposal", "REJECT"),
    ("praised {o}", "praise {o}", "praising {o}", "SUPPORT"),
    ("withdrew its troops from {o}", "withdraw its troops from {o}", "withdrawing its troops from {o}", "RETREAT"),
    ("held talks with {o}", "hold talks with {o}", "holding talks with {o}", "CONSULT"),
    ("severed diplomatic relations with {o}", "sever diplomatic relations with {o}", "severing diplomatic relations with {o}",
     "SANCTION"),
    ("lifted sanctions on {o}", "lift sanctions on {o}", "lifting sanctions on {o}", "RETREAT"),
    ("deployed troops on its border with {o}", "deploy troops on its border with {o}", "deploying troops on its border with {o}",
     "MOBILIZE"),
]

# a: the first clause, b: the second, told of the same state where it has no {t}. A gerund or an infinitive is told for its events'
# parties alone: what is planned may be of another type.
WAYS = [
    "{s} {a} and {b}.", "{s} {a} on Monday and {b} on Tuesday.", "{s}, which {a} last week, {b} on Monday.", "{s} {a}, {b_ing}.",
    "{s} {a} days after it {b}.", "{s} {a} on Monday. It also {b}.", "{s} {a} on Monday. A day later, it {b}.",
    "{s} {a} and said it would {b_inf}.", "{s} {a}, saying it would also {b_inf}.", "The {s_d} government said it {a} and {b}.",
    "{s} not only {a} but also {b}.", "{s} {a}, {b} and recalled its envoy from Chad.",
    "{s} {a} while {t} {b}.", "After {s} {a}, {t} {b}.", "{s} {a} after {t} {b}.", "{s} {a} on Monday, a day after {t} {b}.",
    "{s} {a}, but {t} {b}.", "{s} {a}; {t} {b}.", "{s} {a} on Monday, and {t} {b} on Tuesday.", "{s} {a} as {t} {b}.",
    "Although {t} {b}, {s} {a}.", "Hours before {t} {b}, {s} {a}.", "{t} {b} on Monday. In response, {s} {a}.",
    "{t} said on Monday that {s} {a}.", "{s} {a} on Monday, the {t_d} foreign ministry said.", "The government of {s} {a}.",
    "{s}'s foreign minister {a} on Monday.", "{s_d} officials said that {s} had decided to {a_inf}.", "{s} plans to {a_inf}.",
    "In a surprise move, {s} {a} on Monday, state media reported.", "The government in {s_c} {a}.",
    "{s_d} Foreign Minister Aro Tanvik {a} on Monday.", "{s}, a member of the United Nations, {a}.",
]

# What a context makes of an act.
CONTEXTS = [
    ("{s} did not {a_inf}.", "NEGATED"), ("{s} never {a}.", "NEGATED"), ("{s} failed to {a_inf}.", "NEGATED"),
    ("{s} stopped short of {a_ing}.", "NEGATED"), ("{s} left the meeting without {a_ing}.", "NEGATED"),
    ("{s} neither {a} nor said why.", "NEGATED"), ("{s} denied {a_ing}.", "DENIED"), ("{s} plans to {a_inf}.", "PLANNED"),
    ("{s} will {a_inf} on Friday.", "PLANNED"), ("{s} is expected to {a_inf} next week.", "PLANNED"),
    ("{s} might {a_inf}.", "HYPOTHETICAL"), ("{s} is considering {a_ing}.", "HYPOTHETICAL"),
    ("{s} would {a_inf} if the talks failed.", "HYPOTHETICAL"), ("{s} is weighing whether to {a_inf}.", "HYPOTHETICAL"),
    ("{s} hopes to {a_inf}.", "HYPOTHETICAL"),
]


def told(event, side):
    return {actor.get("organizationCode") or actor.get("countryCode") for actor in event.get(side, [])}


def matches(event, kind, actor, recipient, is_free):
    is_mutual = kind in ("CONSULT", "SUPPORT")
    actors, recipients = told(event, "actors"), told(event, "recipients")
    sides = (actor in actors and recipient in recipients) or (is_mutual and {actor, recipient} <= actors | recipients)
    return sides and (is_free or event["type"] == "EVENT_TYPE_" + kind)


class Sentence:
    def __init__(self, way, pair, states):
        (first, second), (s, t, o, p) = pair, states
        words = {"s": s[0], "s_d": s[2], "s_c": s[3], "t": t[0], "t_d": t[2]}
        for name, clause, state in (("a", first, o), ("b", second, p)):
            words[name], words[name + "_inf"], words[name + "_ing"] = (form.format(o=state[0]) for form in clause[:3])
        self.text = way.format(**words)
        # Type, actor, recipient, and whether the type is left open.
        self.wanted = [(first[3], s[1], o[1], "{a_inf}" in way)]
        if "{b" in way:
            self.wanted.append((second[3], (t if "{t}" in way else s)[1], p[1], "{b_" in way))


def classify(texts):
    """The events of each text."""
    items = [{"newsItemId": str(i), "publisher": "Test", "publishTime": "2024-05-01T00:00:00Z", "body": text}
             for i, text in enumerate(texts)]
    code, out, err = e2e.run("demarched", "classify", "--output", "jsonl", stdin="\n".join(map(json.dumps, items)) + "\n")
    assert code == 0, err
    events = {line["newsItemId"]: line.get("events", []) for line in map(json.loads, out.splitlines())}
    return [events[str(i)] for i in range(len(texts))]


class Compositions(e2e.unittest.TestCase):
    def test_clauses_keep_their_events_in_any_sentence(self):
        shuffle = random.Random(SEED)
        pairs = list(itertools.permutations(CLAUSES, 2))
        sentences = [Sentence(way, pair, shuffle.sample(STATES, 4)) for way in WAYS for pair in shuffle.sample(pairs, SAMPLES)]
        lost, count = collections.defaultdict(list), 0
        for sentence, events in zip(sentences, classify([sentence.text for sentence in sentences])):
            for wanted in sentence.wanted:
                count += 1
                if not any(matches(event, *wanted) for event in events):
                    lost[wanted[0]].append(f"{wanted} in: {sentence.text}")
        total = sum(map(len, lost.values()))
        self.assertLessEqual(total, MOST_LOST * count, "\n".join(itertools.chain.from_iterable(lost.values())))
        for kind, sentences_of_kind in lost.items():
            self.assertLess(len(sentences_of_kind), SAMPLES, f"{kind} is lost everywhere")

    def test_contexts_make_of_an_act_what_they_mean(self):
        shuffle = random.Random(SEED)
        cases = [(Sentence(context, (clause, clause), shuffle.sample(STATES, 4)).text, "FACTUALITY_" + factuality)
                 for context, factuality in CONTEXTS for clause in CLAUSES if clause[3] != "AID"]  # planned aid is a pledge
        wrong = [f"{factuality}: {text}" for (text, factuality), events in zip(cases, classify([text for text, _ in cases]))
                 if not any(event["factuality"] == factuality for event in events)]
        self.assertLessEqual(len(wrong), MOST_LOST * len(cases), "\n".join(wrong))
