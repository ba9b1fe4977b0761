#!/usr/bin/env python3
"""Writes the story clusters: make_clusters.py > clusters.jsonl. The same every time.

A cluster is one event, told by 3 to 8 items in other words. Each has a near miss: the same parties and the same type, on another day or on
another matter. Sentences, matters and days are ours and made up. The two halves share no pattern and no matter.
"""
import datetime
import json
import random

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
STATES = {  # name: code, adjective, capital
    "Kenya": ("KEN", "Kenyan", "Nairobi"), "Ghana": ("GHA", "Ghanaian", "Accra"), "Chile": ("CHL", "Chilean", "Santiago"),
    "Peru": ("PER", "Peruvian", "Lima"), "Norway": ("NOR", "Norwegian", "Oslo"), "Poland": ("POL", "Polish", "Warsaw"),
    "Japan": ("JPN", "Japanese", "Tokyo"), "Vietnam": ("VNM", "Vietnamese", "Hanoi"), "Egypt": ("EGY", "Egyptian", "Cairo"),
    "Sudan": ("SDN", "Sudanese", "Khartoum"), "Spain": ("ESP", "Spanish", "Madrid"), "Morocco": ("MAR", "Moroccan", "Rabat"),
    "Brazil": ("BRA", "Brazilian", "Brasilia"), "Bolivia": ("BOL", "Bolivian", "La Paz"), "Turkey": ("TUR", "Turkish", "Ankara"),
    "Armenia": ("ARM", "Armenian", "Yerevan"),
}
PAIRS = [("Kenya", "Ghana"), ("Chile", "Peru"), ("Norway", "Poland"), ("Japan", "Vietnam"), ("Egypt", "Sudan"), ("Spain", "Morocco"),
         ("Brazil", "Bolivia"), ("Turkey", "Armenia")]

# kind: type, reciprocal, whether the near miss is another matter (else another day), patterns, matters in two wordings each.
TRAIN = {
    "leader_call": ("CONSULT", True, False, [
        "The presidents of {A} and {B} spoke by telephone {on} about {m}.",
        "The president of {A} called the president of {B} {on} to discuss {m}.",
        "In a phone call {on}, the leaders of {A} and {B} went over {m}.",
        "{A}'s president telephoned his counterpart in {B} {on}, and {m} took up most of the hour.",
        "The {a} president and the {b} president held a telephone conversation on {m} {on}.",
        "By telephone {on}, the heads of state of {A} and {B} talked about {m}."],
        [("cocoa prices and the idle port of Tema", "falling cocoa prices and the port at Tema"),
         ("water rights on the Silala river", "the quarrel over Silala river water"),
         ("a pipeline under the Baltic", "plans for the Baltic pipeline"),
         ("rare earth exports and chip plants", "exports of rare earths for chip plants")]),
    "diplomats_expelled": ("SANCTION", False, True, [
        "{A} expelled two {b} diplomats {on} over {m}.",
        "{A} ordered two diplomats from {B} to leave the country {on} because of {m}.",
        "Two {b} diplomats were expelled by {A} {on} after {m}.",
        "{capA} threw out two {b} envoys {on}, citing {m}.",
        "The {a} government declared two {b} diplomats unwelcome {on} and expelled them over {m}.",
        "{A} has kicked out two diplomats of {B}, its foreign ministry said {on}, in response to {m}."],
        [("a bugged conference room", "a conference room found bugged"), ("smuggled antiquities", "the smuggling of antiquities"),
         ("bribes paid to customs officers", "customs officers bribed for years"),
         ("stolen blueprints of a submarine", "submarine blueprints that were stolen")]),
    "sanctions_imposed": ("SANCTION", False, True, [
        "{A} imposed sanctions on {B} {on} over {m}.",
        "{A} slapped sanctions on {B} {on} because of {m}.",
        "Sanctions against {B} were imposed by {A} {on} in answer to {m}.",
        "{capA} announced and put in force sanctions against {B} {on}, pointing to {m}.",
        "The {a} government hit {B} with sanctions {on} for {m}.",
        "{A} placed {B} under sanctions {on}, angered by {m}."],
        [("the jailing of fishermen", "fishermen jailed without trial"), ("dumped steel", "steel dumping"),
         ("a rigged referendum", "the referendum it calls rigged"), ("forged passports", "passports forged by the hundred")]),
    "criticism": ("ACCUSE", False, True, [
        "{A} condemned {B} {on} for {m}.",
        "{A} sharply criticised {B} {on} over {m}.",
        "The {a} foreign minister denounced {B} {on} for {m}.",
        "{capA} criticized {B} {on}, saying that {m} could not go unanswered.",
        "The {a} government condemned {B} over {m} {on}.",
        "{B} drew condemnation from {A} {on} for {m}."],
        [("demolishing a border chapel", "the demolition of the chapel at the border"), ("burning a consular archive", "the burnt consular archive"),
         ("jamming radio stations", "radio stations jammed at night"), ("felling protected cedars", "protected cedars that were felled")]),
    "treaty_signed": ("SUPPORT", True, True, [
        "{A} and {B} signed a treaty on {m} {on}.",
        "The foreign ministers of {A} and {B} signed a treaty {on} covering {m}.",
        "A treaty on {m} was signed by {A} and {B} {on}.",
        "{A} signed a treaty with {B} on {m} {on}.",
        "{on_cap}, {A} and {B} signed a pact on {m}.",
        "The {a} and {b} governments signed an agreement on {m} {on}."],
        [("fishing quotas", "quotas for fishing boats"), ("extraditing fugitives", "the extradition of fugitives"),
         ("double taxation", "double taxation of firms"), ("railway gauges", "a common railway gauge")]),
    "aid_pledged": ("AGREE", False, True, [
        "{A} pledged aid to {B} {on} for {m}.",
        "{A} promised {B} aid {on} for {m}.",
        "The {a} government pledged {on} to give {B} money for {m}.",
        "{capA} pledged help to {B} {on}, meant for {m}.",
        "{A} will give {B} aid for {m}, its prime minister pledged {on}.",
        "Aid for {m} was pledged to {B} by {A} {on}."],
        [("flooded villages", "villages under flood water"), ("a cholera hospital", "the cholera hospital"),
         ("rebuilding schools", "schools that must be rebuilt"), ("locust control", "fighting locusts")]),
}
HELD_BACK = {
    "leader_visit": ("CONSULT", False, False, [
        "The president of {A} visited {B} {on} for talks on {m}.",
        "The {a} president travelled to {B} {on}, with {m} on the agenda.",
        "{A}'s president arrived in {capB} {on} on a visit devoted to {m}.",
        "The president of {A} paid a visit to {B} {on} to speak about {m}.",
        "{B} received the president of {A} {on}; {m} dominated the visit.",
        "The {a} head of state made a visit to {capB} {on} over {m}."],
        [("coffee tariffs", "tariffs on coffee"), ("lithium mines", "mining lithium"), ("frozen pensions of migrants", "migrants and their frozen pensions"),
         ("a shared satellite", "the satellite both want to share")]),
    "ambassador_recalled": ("SANCTION", False, True, [
        "{A} recalled its ambassador from {B} {on} over {m}.",
        "{A} called its ambassador to {B} home {on} because of {m}.",
        "The {a} ambassador to {B} was recalled {on} after {m}.",
        "{capA} recalled its envoy from {capB} {on} in protest at {m}.",
        "The {a} government withdrew its ambassador from {B} {on}, citing {m}.",
        "In a row over {m}, {A} recalled its ambassador from {B} {on}."],
        [("a desecrated cemetery", "the cemetery that was desecrated"), ("leaked cables", "cables leaked to a newspaper"),
         ("a seized trawler", "the seizure of a trawler"), ("an insult to its flag", "the flag that was insulted")]),
    "tariffs_imposed": ("SANCTION", False, True, [
        "{A} imposed tariffs on {B} {on} to protect {m}.",
        "{A} slapped tariffs on {B} {on}, saying it had to shield {m}.",
        "Tariffs on goods from {B} were imposed by {A} {on} for the sake of {m}.",
        "The {a} government imposed new duties on {B} {on} to defend {m}.",
        "{capA} hit {B} with tariffs {on} at the request of {m}.",
        "To help {m}, {A} put tariffs on {B} {on}."],
        [("tomato growers", "growers of tomatoes"), ("shoe makers", "its makers of shoes"), ("glass works", "the glass industry"),
         ("honey farms", "beekeepers and honey farms")]),
    "diplomat_summoned": ("ACCUSE", False, True, [
        "{A} summoned the {b} ambassador {on} over {m}.",
        "The {b} ambassador was summoned by {A} {on} because of {m}.",
        "{A} called in {B}'s ambassador {on} to protest against {m}.",
        "The {a} foreign ministry summoned the envoy of {B} {on} over {m}.",
        "{capA} summoned {B}'s ambassador {on} to complain about {m}.",
        "Over {m}, {A} summoned the ambassador of {B} {on}."],
        [("drone flights above a dam", "the dam overflown by drones"), ("a textbook that redraws the border", "the border as textbooks redraw it"),
         ("untreated sewage", "sewage left untreated"), ("shots at a patrol boat", "the patrol boat that was shot at")]),
    "arms_transfer_announced": ("AGREE", False, True, [
        "{A} pledged to send {m} to {B} {on}.",
        "{A} promised {B} {m} {on}.",
        "The {a} government announced {on} that it would deliver {m} to {B}.",
        "{capA} said {on} it would supply {B} with {m}.",
        "{A} will send {m} to {B}, its defence minister announced {on}.",
        "A delivery of {m} to {B} was announced by {A} {on}."],
        [("howitzers and shells", "shells for howitzers"), ("radar trucks", "trucks with radar"), ("patrol helicopters", "helicopters for patrols"),
         ("anti-tank mines", "mines against tanks")]),
    "ceasefire_agreed": ("AGREE", True, False, [
        "{A} and {B} agreed to a ceasefire {on} around {m}.",
        "{A} and {B} agreed {on} to stop firing around {m}.",
        "A ceasefire around {m} was agreed by {A} and {B} {on}.",
        "The {a} and {b} governments agreed on a truce at {m} {on}.",
        "{A} agreed to a ceasefire with {B} {on} at {m}.",
        "{on_cap}, {A} and {B} agreed a ceasefire for {m}."],
        [("the Laguna fort", "the fort of Laguna"), ("the salt road", "the road to the salt pans"), ("the Tisa bridges", "bridges over the Tisa"),
         ("the copper hills", "hills rich in copper")]),
}
FILLERS = ["Officials gave no details.", "Neither side took questions afterwards.", "It rained in the capital all morning.",
           "Shares were little changed at the close.", "Analysts had expected as much.", "Newspapers had written about it for weeks.",
           "A spokeswoman declined to comment.", "Markets stayed calm."]
OUTLETS = ["Sample Wire", "Morning Sample", "Sample Post", "Evening Sample", "Sample Radio", "Sample Times", "Sample Gazette", "Sample Agency"]


def actor(state):
    return {"displayName": state, "countryCode": STATES[state][0], "mention": state}


def items(half, kinds, rng):
    number = 0
    for k, (kind, (event_type, reciprocal, other_matter, patterns, matters)) in enumerate(kinds.items()):
        for c in range(6):
            a, b = PAIRS[(k + c) % len(PAIRS)]
            first = datetime.date(2024, 1 + k % 6, 3 + 4 * c)
            matter = matters[c % len(matters)]
            other = matters[(c + 1) % len(matters)]
            near = (first, other) if other_matter else (first + datetime.timedelta(days=2 + c % 3), other if c % 2 else matter)
            for variant, (day, words) in enumerate([(first, matter), near]):
                number += 1
                for i, pattern in enumerate(rng.sample(patterns, rng.randint(3, len(patterns)))):
                    told = rng.random() < 0.75
                    on = "on " + DAYS[day.weekday()] if told else ""
                    (code_a, adj_a, cap_a), (_, adj_b, cap_b) = STATES[a], STATES[b]
                    sentence = pattern.format(A=a, B=b, a=adj_a, b=adj_b, capA=cap_a, capB=cap_b, m=words[i % 2], on=on,
                                              on_cap=on.capitalize() or "At last")
                    sentence = sentence.replace("  ", " ").replace(" .", ".").replace(" ,", ",").replace(" ;", ";")
                    sentence = sentence[0].upper() + sentence[1:]
                    published = day + datetime.timedelta(days=rng.randint(0, 1))
                    event = {"type": "EVENT_TYPE_" + event_type, "kind": kind, "actors": [actor(a)], "recipients": [actor(b)],
                             "reciprocal": reciprocal, "factuality": "FACTUALITY_ACTUAL", "timeFrame": "TIME_FRAME_CURRENT"}
                    if told:
                        event["eventDate"] = {"year": day.year, "month": day.month, "day": day.day}
                    fillers = rng.sample(FILLERS, 3)
                    text = " ".join([fillers[0], fillers[1], sentence, fillers[2]] if rng.random() < 0.3 else [sentence] + fillers)
                    yield published, {"id": f"{half}-{number:03}-{i}", "half": half, "cluster": f"{half}-{number:03}",
                                      "publisher": OUTLETS[i], "publishTime": f"{published}T{8 + i:02}:00:00Z", "body": text,
                                      "sentence": sentence, "event": event}


def main():
    for half, kinds in (("train", TRAIN), ("held-back", HELD_BACK)):
        told = sorted(items(half, kinds, random.Random(7)), key=lambda pair: (pair[1]["publishTime"], pair[1]["id"]))
        for _, item in told:
            print(json.dumps(item))


if __name__ == "__main__":
    main()
