#!/usr/bin/env python3
"""Writes newswire-{train,test}.conllu from the bracketed sentences of newswire-{train,test}.trees. README.md describes the notation."""
import pathlib
import re
import sys

COPIES = {"train": 7, "test": 6}  # sentences drawn from a template with slots
SEED = 20260301

MODALS = set("will would can could may might must shall should".split())
BE = {"be": "VB", "am": "VBP", "are": "VBP", "is": "VBZ", "'s": "VBZ", "was": "VBD", "were": "VBD", "been": "VBN", "being": "VBG"}
HAVE = {"have": "VBP", "has": "VBZ", "had": "VBD", "having": "VBG"}
DO = {"do": "VBP", "does": "VBZ", "did": "VBD"}
PRONOUNS = set("it he she they we i you them him her us me there itself themselves himself".split())
POSSESSIVES = set("its his her their our my your".split())
CONJUNCTIONS = set("and or but nor".split())
ADVERBS = set("not n't also again still already yet once twice soon now then here there however meanwhile later earlier away "
              "back home abroad together instead far long ago even just only never ever too overnight".split())
WH = {"which": "WDT", "who": "WP", "whom": "WP", "what": "WP", "whose": "WP$", "when": "WRB", "where": "WRB", "how": "WRB", "why": "WRB"}
NUMBERS = set("one two three four five six seven eight nine ten eleven twelve fifteen twenty dozen hundred thousand million billion".split())
IRREGULAR = {  # base: past, participle
    "say": "said said", "tell": "told told", "send": "sent sent", "hold": "held held", "meet": "met met", "make": "made made",
    "begin": "began begun", "break": "broke broken", "build": "built built", "give": "gave given", "take": "took taken",
    "withdraw": "withdrew withdrawn", "leave": "left left", "lead": "led led", "fight": "fought fought", "win": "won won",
    "lose": "lost lost", "cut": "cut cut", "put": "put put", "let": "let let", "hit": "hit hit", "set": "set set",
    "see": "saw seen", "come": "came come", "go": "went gone", "find": "found found", "seek": "sought sought",
    "pay": "paid paid", "write": "wrote written", "speak": "spoke spoken", "strike": "struck struck", "shoot": "shot shot",
    "kill": "killed killed", "become": "became become", "fall": "fell fallen", "keep": "kept kept", "bring": "brought brought",
    "sell": "sold sold", "buy": "bought bought", "stand": "stood stood", "know": "knew known", "think": "thought thought",
    "hear": "heard heard", "get": "got got", "rise": "rose risen", "overthrow": "overthrew overthrown", "feel": "felt felt",
    "read": "read read", "spend": "spent spent", "flee": "fled fled", "arise": "arose arisen", "grow": "grew grown",
    "lay": "laid laid", "draw": "drew drawn", "shut": "shut shut", "swear": "swore sworn", "forget": "forgot forgotten"}
DOUBLING = set("admit ban plan permit stop refer drop regret quit commit rebut compel expel cancel transfer control ship acquit ram".split())
VERBAL = ("root", "ccomp", "xcomp", "advcl", "acl", "parataxis", "csubj")
NOMINAL_CHILDREN = ("det", "case", "nmod:poss", "nmod", "amod", "compound", "nummod", "appos", "flat")
VERBAL_CHILDREN = ("nsubj", "obj", "obl", "aux", "mark", "ccomp", "xcomp", "expl", "advmod", "advcl")
OPENING = {"(": "-LRB-", "$": "$"}
PUNCTUATION = {",": ",", ".": ".", "?": ".", "!": ".", ":": ":", ";": ":", "-": ":", "--": ":", "...": ":", "(": "-LRB-", ")": "-RRB-"}


class Draw:
    """Numbers that are the same in every version of Python (a 64-bit linear congruential generator)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % bound


class Node:
    """A word with what hangs on it; `children` are in the order of the text, the word itself is None among them."""

    def __init__(self, relation):
        self.relation, self.form, self.tag, self.marked, self.children = relation, None, None, False, []


def verb_tags(verbs):
    """The tags that each form of these verbs may have."""
    tags = {}
    for base in verbs:
        if base in IRREGULAR:
            past, participle = IRREGULAR[base].split()
        elif base.endswith("e"):
            past = participle = base + "d"
        elif base.endswith("y") and base[-2] not in "aeiou":
            past = participle = base[:-1] + "ied"
        else:
            past = participle = base + (base[-1] if base in DOUBLING else "") + "ed"
        if base.endswith("y") and base[-2] not in "aeiou":
            third = base[:-1] + "ies"
        else:
            third = base + ("es" if re.search("(s|sh|ch|x|o)$", base) else "s")
        stem = base[:-1] if base.endswith("e") and not base.endswith("ee") else base + (base[-1] if base in DOUBLING else "")
        stem = stem + base[-1] if base in ("cut", "hit", "set", "put", "let", "win", "get", "begin", "shut", "forget") else stem
        for form, tag in ((base, "VB"), (third, "VBZ"), (stem + "ing", "VBG"), (past, "VBD"), (participle, "VBN")):
            tags.setdefault(form, set()).add(tag)
    return tags


def parse(text):
    """The tree of a sentence in brackets. Raises ValueError with what is wrong."""
    pieces = re.findall(r"\[[a-z:]+ |\]|[^\s\]]+", text)
    stack = [Node("root")]
    for piece in pieces:
        if piece.startswith("[") and piece.endswith(" "):
            stack.append(Node(piece[1:-1]))
            continue
        if piece == "]":
            node = stack.pop()
            if not stack or node.form is None:
                raise ValueError(f"a bracket without a head in: {text}")
            stack[-1].children.append(node)
            continue
        form, _, relation = piece.partition("/")
        form, _, tag = form.partition("|")
        if not relation and (form in PUNCTUATION or form == '"'):
            relation = "punct"
        node = Node(relation) if relation else stack[-1]
        if node.form is not None:
            raise ValueError(f"two heads, '{node.form}' and '{form}', in: {text}")
        node.marked = form.endswith("*")
        node.form, node.tag = form.rstrip("*"), tag
        stack[-1].children.append(node if relation else None)
        if relation:
            node.children.append(None)
    if len(stack) != 1 or stack[0].form is None:
        raise ValueError(f"brackets do not match, or no root, in: {text}")
    return stack[0]


def is_verb(node, parent_is_verb):
    relations = [child.relation for child in node.children if child]
    if any(r in NOMINAL_CHILDREN for r in relations):
        return any(r in ("nsubj", "nsubj:pass", "obj", "aux", "aux:pass", "mark", "expl") for r in relations)
    if any(r.split(":")[0] in VERBAL_CHILDREN for r in relations):
        return True
    return node.relation.split(":")[0] in VERBAL or (node.relation == "conj" and parent_is_verb)


def verb_tag(node, tags):
    relations = {child.relation: child.form.lower() for child in node.children if child}
    aux = [child.form.lower() for child in node.children if child and child.relation in ("aux", "aux:pass")]
    if "VBG" in tags:
        return "VBG"
    if "VBZ" in tags:
        return "VBZ"
    participle = "aux:pass" in relations or any(a in HAVE for a in aux) or "obl:agent" in relations
    participle = participle or (node.relation == "acl" and not any("subj" in r for r in relations))
    if "VBN" in tags and (participle or "VBD" not in tags):
        return "VBN"
    if "VBD" in tags and not any(a in MODALS or a in DO or a == "to" for a in aux) and relations.get("mark") != "to":
        return "VBD"
    finite = not aux and relations.get("mark") != "to" and any("subj" in r for r in relations)
    return "VBP" if finite else "VB"


def closed_tag(form, relation):
    """The tag of a word of a closed class; None for others."""
    if relation in ("det", "det:predet"):
        return {"whose": "WP$", "which": "WDT"}.get(form, "PDT" if relation == "det:predet" else "DT")
    if relation == "nmod:poss" and form in POSSESSIVES:
        return "PRP$"
    if relation in ("aux", "aux:pass", "cop"):
        return "MD" if form in MODALS or form == "wo" else BE.get(form) or HAVE.get(form) or DO.get(form) or "VB"
    if relation == "mark":
        return "TO" if form == "to" else "IN"
    if relation == "case" and form in ("'s", "'"):
        return "POS"
    if form == "according":
        return "VBG"
    if relation in ("case", "fixed"):
        return "IN"
    if relation in ("cc", "cc:preconj"):
        return "CC"
    if relation == "compound:prt":
        return "RP"
    if relation == "expl":
        return "EX" if form == "there" else "PRP"
    return WH.get(form) or BE.get(form)


def open_tag(node, tags, parent_is_verb):
    form, lower = node.form, node.form.lower()
    if re.fullmatch(r"[\d.,]+", form) or (lower in NUMBERS and node.relation in ("nummod", "compound")):
        return "CD"
    if lower in PRONOUNS and node.relation != "advmod":
        return "PRP"
    if node.relation == "advmod" or lower in ADVERBS:
        return "RB"
    if lower in tags and is_verb(node, parent_is_verb):
        return verb_tag(node, tags[lower])
    if form[0].isupper():
        return "NNP"
    if node.relation == "amod":
        return "VBN" if lower in tags and lower.endswith("ed") else "VBG" if lower in tags and lower.endswith("ing") else "JJ"
    if lower in ("this", "that", "these", "those", "both", "all", "some", "each"):
        return "DT"
    return "NNS" if re.search("[^sui]s$", lower) and lower not in ("politics", "news") else "NN"


def universal(tag, relation, form):
    if tag.startswith("VB"):
        return "AUX" if relation in ("aux", "aux:pass", "cop") else "VERB"
    if tag in ("NNP", "NNPS"):
        return "ADJ" if relation == "amod" else "PROPN"
    if tag == "DT":
        return "DET" if relation == "det" else "PRON"
    if tag == "IN":
        return "SCONJ" if relation == "mark" else "ADP"
    if tag == "RB":
        return "PART" if form.lower() in ("not", "n't") else "ADV"
    table = {"NN": "NOUN", "NNS": "NOUN", "MD": "AUX", "PRP": "PRON", "PRP$": "PRON", "WDT": "PRON", "WP": "PRON", "WP$": "PRON",
             "WRB": "ADV", "TO": "PART", "CC": "CCONJ", "POS": "PART", "EX": "PRON", "RP": "ADP", "CD": "NUM", "$": "SYM",
             "JJ": "ADJ", "JJR": "ADJ", "JJS": "ADJ", "RBR": "ADV", "RBS": "ADV", "PDT": "DET", "UH": "INTJ"}
    return table.get(tag, "PUNCT")


def rows(root, tags):
    """The words of a tree in order: form, tag, relation, head (from 1, 0 for the root), whether it is marked."""
    out = []
    quotes = [0]

    def place(node):
        at = None
        mine = []
        for child in node.children:
            if child is None:
                out.append([node.form, None, node.relation, 0, node.marked])
                at = len(out)
            else:
                mine.append(place(child))
        for number in mine:
            out[number - 1][3] = at
        return at

    place(root)

    def tag(node, parent_is_verb, numbers):
        own_verb = False
        number = numbers[id(node)]
        lower = node.form.lower()
        given = node.tag or closed_tag(lower, node.relation) or PUNCTUATION.get(node.form) or ("$" if node.form == "$" else None)
        if node.form == '"':
            given = "``" if quotes[0] % 2 == 0 else "''"
            quotes[0] += 1
        given = given or open_tag(node, tags, parent_is_verb)
        own_verb = given.startswith("VB")
        out[number - 1][1] = given
        for child in node.children:
            if child is not None:
                tag(child, own_verb, numbers)

    numbers = {}
    counter = [0]

    def count(node):
        for child in node.children:
            if child is None:
                counter[0] += 1
                numbers[id(node)] = counter[0]
            else:
                count(child)

    count(root)
    tag(root, False, numbers)
    return out


def glued(left, right, in_quotes):
    """Whether no space stands between two words."""
    if right in (",", ".", "?", "!", ":", ";", ")", "'s", "'", "n't", "%"):
        return True
    return left in ("(", "$") or (right == '"' and in_quotes) or (left == '"' and in_quotes)


def conllu(root, name, tags):
    words = rows(root, tags)
    begins = max(i for i, word in enumerate(words) if i == 0 or words[i - 1][0] in ("-", "--") or (i == 1 and words[0][0] == '"'))
    words[begins][0] = words[begins][0][0].upper() + words[begins][0][1:]
    text, lines, in_quotes = "", [], False
    for i, (form, tag, relation, head, marked) in enumerate(words):
        in_quotes = in_quotes != (form == '"')
        text += form
        misc = ["Attribution=Yes"] if marked else []
        if i + 1 < len(words):
            if glued(form, words[i + 1][0], in_quotes):
                misc.append("SpaceAfter=No")
            else:
                text += " "
        lines.append("\t".join([str(i + 1), form, "_", universal(tag, relation, form), tag, "_", str(head), relation, "_",
                                "|".join(misc) or "_"]))
    return f"# sent_id = {name}\n# text = {text}\n" + "\n".join(lines) + "\n\n"


def read(path):
    """Lists of phrases, verbs and sentences of a .trees file."""
    lists, sentences, name = {}, [], None
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        if line.startswith("@"):
            name = line[1:]
            lists[name] = []
        elif name == "sentences":
            sentences.append(line)
        else:
            lists[name].append(line)
    return lists, sentences


def fill(text, lists, draw):
    while (slot := re.search(r"\{(\w+)\}", text)) is not None:
        choices = lists[slot[1]]
        text = text[:slot.start()] + choices[draw.below(len(choices))] + text[slot.end():]
    return re.sub(r" ,(\]*) ([.,])", r"\1 \2", text)  # an apposition's comma and another stop are one


def check(root_rows):
    """One root, every word reaches it, and no two arcs cross."""
    heads = [row[3] for row in root_rows]
    assert heads.count(0) == 1
    for i in range(len(heads)):
        steps, at = 0, i + 1
        while at:
            at = heads[at - 1]
            steps += 1
            assert steps <= len(heads), "a cycle"
    arcs = [(min(i + 1, h), max(i + 1, h)) for i, h in enumerate(heads) if h]
    assert not any(a < c < b < d for a, b in arcs for c, d in arcs), "arcs that cross"


def convert(part, folder):
    lists, sentences = read(folder / f"newswire-{part}.trees")
    tags = verb_tags(" ".join(lists["verbs"]).split())
    draw, seen, out = Draw(SEED), set(), []
    for number, sentence in enumerate(sentences, 1):
        copies = COPIES[part] if "{" in sentence else 1
        for copy in range(1, copies + 1):
            filled = fill(sentence, lists, draw)
            if filled in seen:
                continue
            seen.add(filled)
            root = parse(filled)
            check(rows(root, tags))
            out.append(conllu(root, f"newswire-{part}-{number}-{copy}", tags))
    return out


def main():
    folder = pathlib.Path(__file__).parent
    stale = False
    for part in ("train", "test"):
        text = "".join(convert(part, folder))
        path = folder / f"newswire-{part}.conllu"
        if "--check" in sys.argv[1:]:
            stale = stale or not path.is_file() or path.read_text(encoding="utf-8") != text
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{path.name}: {text.count('# sent_id')} sentences, {text.count(chr(10)) - 3 * text.count('# sent_id')} words")
    if stale:
        sys.exit("newswire-{train,test}.conllu are not what make_conllu.py writes")


if __name__ == "__main__":
    main()
