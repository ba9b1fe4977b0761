#!/usr/bin/env python3
"""Checks people.tsv, offices.tsv and organizations.tsv.

Usage: check_people.py [FOLDER]      FOLDER holds the tables; default: the folder of this script.

Errors (exit 1): malformed lines, ids or sources; duplicate ids; a parent or member that is none; a name of two bodies
without a rule; an office without a person or a person without an office; unknown bodies, roles or dates; an end before
the start; an open term without `verified_until`; a form of a name that two people of overlapping years share without
`?`. Warnings (exit 0): two holders of an office for one (head of state, head of government, foreign or defence minister)
overlap for certain by more than two days; nobody is known between two of them for more than 200 days; somebody acts for
two bodies at once. Python 3.9 or later, standard library only.
"""

import calendar
import datetime
import pathlib
import re
import sys
import unicodedata
from collections import defaultdict

ROLES = set("""
    head_of_state head_of_government vice_president monarch foreign_minister defence_minister interior_minister
    finance_minister national_security_adviser envoy ambassador spokesperson army_chief intelligence_chief
    parliament_speaker legislator opposition_leader president_elect deputy_minister org_head org_deputy org_official
    armed_group_leader party_leader royal minister other_official
""".split())

# Roles that one person at a time holds; a monarch is a head of state.
SINGLE = {
    "head_of_state": "head_of_state",
    "monarch": "head_of_state",
    "head_of_government": "head_of_government",
    "foreign_minister": "foreign_minister",
    "defence_minister": "defence_minister",
}

SOURCES = {"factbook", "leaders-2026-08", "unsourced"}
SURE = {"high", "medium", "low"}

# ISO 3166-1 alpha-3, with XKX (Kosovo) and XSO (Somaliland).
COUNTRIES = set("""
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM
    BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR
    CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB
    GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA
    JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA
    MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR
    NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS
    SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON
    TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
    XKX XSO
""".split())

TRANSITION_DAYS = 2
GAP_DAYS = 200
GAPS_SINCE = datetime.date(2014, 1, 1)
OPEN_END = datetime.date.max
DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def fold(form):
    """Lower case, so that spellings that differ only in case collide."""
    return unicodedata.normalize("NFC", form).casefold()


def date_range(text):
    """The first and the last day that a date of any precision can mean; None when it is no date."""
    match = DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(group) if group else None for group in match.groups())
    try:
        if day:
            exact = datetime.date(year, month, day)
            return exact, exact
        if month:
            return datetime.date(year, month, 1), datetime.date(year, month, calendar.monthrange(year, month)[1])
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    except (ValueError, calendar.IllegalMonthError):
        return None


class Report:
    def __init__(self):
        self.errors = []
        self.warnings = []

    def error(self, place, text):
        self.errors.append(f"{place}: error: {text}")

    def warning(self, place, text):
        self.warnings.append(f"{place}: warning: {text}")


def read_table(path, columns, report):
    """Yields (place, line number, fields) of the lines that have the right number of columns."""
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        report.error(path.name, f"cannot be read: {problem}")
        return
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        place = f"{path.name}:{number}"
        fields = line.split("\t")
        if len(fields) != columns:
            report.error(place, f"{len(fields)} columns instead of {columns}")
        elif any(field != field.strip() for field in fields):
            report.error(place, "white space around a field")
        else:
            yield place, number, fields


def read_organisations(path, report):
    """Codes of the bodies in organizations.tsv; checks their ids, parents, members and names."""
    codes = {}
    users = defaultdict(set)
    for place, _, fields in read_table(path, 11, report):
        code, body_id, name, aliases, _, _, _, country, _, parent, members = fields
        if body_id in codes:
            report.error(place, f"duplicate id {body_id}")
        if country and country not in COUNTRIES:
            report.error(place, f"unknown country {country!r}")
        if parent and codes.get(parent) != code:
            report.error(place, f"the parent {parent} is no earlier row with the code {code!r}")
        for member in members.split("|") if members else []:
            if member not in COUNTRIES:
                report.error(place, f"unknown member {member!r}")
        codes[body_id] = code
        for form in {name.removeprefix("the "), *aliases.split("|")} - {""}:
            if not form.endswith(("?", "~")):
                users[form].add((code or body_id, place))
    choices = {fields[0] for _, _, fields in read_table(path.with_name("choices.tsv"), 4, report)}
    for form, group in sorted(users.items()):
        if len({code for code, _ in group}) > 1 and form not in choices:
            report.error(max(group)[1], f"{form!r} names several bodies: mark it with ? or give choices.tsv a row")
    return set(codes.values()) - {""}


def read_people(path, report):
    people = {}
    for place, _, (person_id, name, aliases, source) in read_table(path, 4, report):
        if not re.fullmatch(r"person/[a-z0-9]+(-[a-z0-9]+)*", person_id):
            report.error(place, f"malformed id {person_id!r}")
        if person_id in people:
            report.error(place, f"duplicate id {person_id}")
            continue
        if source not in SOURCES:
            report.error(place, f"unknown source {source!r}")
        if not name or name.endswith("?"):
            report.error(place, f"malformed name {name!r}")
        forms = [name] + (aliases.split("|") if aliases else [])
        plain = [form.removesuffix("?") for form in forms]
        if any(not form.strip() or form != form.strip() for form in plain):
            report.error(place, "empty alias, or white space around one")
        if len(set(plain)) != len(plain):
            report.error(place, "the same form twice")
        people[person_id] = {"place": place, "forms": forms, "spans": []}
    return people


def read_offices(path, people, organisations, report):
    offices = []
    seen = {}
    for place, number, fields in read_table(path, 9, report):
        person_id, body, role, title, start, end, verified, source, sure = fields
        if person_id not in people:
            report.error(place, f"no person {person_id}")
        if body not in COUNTRIES and body not in organisations:
            report.error(place, f"unknown body {body!r}")
        if role not in ROLES:
            report.error(place, f"unknown role {role!r}")
        if source not in SOURCES:
            report.error(place, f"unknown source {source!r}")
        if sure not in SURE or (sure == "high") != (source != "unsourced"):
            report.error(place, f"sure is {sure!r} although the source is {source}")
        if not title:
            report.error(place, "no title")
        key = (person_id, body, role, title, start)
        if key in seen:
            report.error(place, f"repeats line {seen[key]}")
        seen[key] = number
        first = date_range(start)
        last = date_range(end) if end else (OPEN_END, OPEN_END)
        if first is None or last is None:
            report.error(place, f"bad date in {start!r}..{end!r}")
            continue
        vouched = last if end else date_range(verified)
        if bool(end) == bool(verified) or vouched is None:
            report.error(place, f"verified_until {verified!r}: a date for an open term, empty for one that ended")
            continue
        if last[1] < first[0]:
            report.error(place, f"ends {end} before it starts {start}")
            continue
        if person_id in people:
            people[person_id]["spans"].append((first[0], last[1]))
        offices.append({"place": place, "number": number, "person": person_id, "body": body, "role": role,
                        "first": first, "last": last, "verified": vouched[1], "source": source})
    return offices


def check_single_holders(offices, report):
    groups = defaultdict(list)
    for office in offices:
        if office["role"] in SINGLE:
            groups[office["body"], SINGLE[office["role"]]].append(office)
    for (body, role), group in sorted(groups.items()):
        group.sort(key=lambda office: (office["first"], office["number"]))
        for index, earlier in enumerate(group):
            for later in group[index + 1:]:
                if later["person"] == earlier["person"]:
                    continue
                # Only days on which both held it whatever their partial dates mean.
                begin = max(earlier["first"][1], later["first"][1])
                finish = min(earlier["last"][0], later["last"][0])
                if (finish - begin).days > TRANSITION_DAYS:
                    report.warning(later["place"],
                                   f"{body} {role}: {later['person']} overlaps {earlier['person']} "
                                   f"of line {earlier['number']}")


def check_gaps(offices, report):
    groups = defaultdict(list)
    for office in offices:
        if office["role"] in SINGLE:
            groups[office["body"], office["role"]].append(office)
    for (body, role), group in sorted(groups.items()):
        group.sort(key=lambda office: (office["first"], office["number"]))
        known = group[0]["last"][1]
        for office in group[1:]:
            if office["first"][0] > GAPS_SINCE and known < OPEN_END and (office["first"][0] - known).days > GAP_DAYS:
                report.warning(office["place"], f"{body} {role}: nobody is known from {known} to {office['first'][0]}")
            known = max(known, office["last"][1])


def check_bodies(offices, report):
    groups = defaultdict(list)
    for office in offices:
        groups[office["person"]].append(office)
    for person, group in sorted(groups.items()):
        for index, one in enumerate(group):
            for other in group[index + 1:]:
                begin = max(one["first"][1], other["first"][1])
                finish = min(one["last"][0], other["last"][0])
                if one["body"] != other["body"] and (finish - begin).days > TRANSITION_DAYS:
                    report.warning(other["place"], f"{person} also acts for {one['body']} in line {one['number']}")


def check_forms(people, report):
    users = defaultdict(list)
    for person_id, person in people.items():
        if not person["spans"]:
            report.error(person["place"], f"{person_id} holds no office")
            continue
        begin = min(span[0] for span in person["spans"])
        finish = max(span[1] for span in person["spans"])
        for form in person["forms"]:
            users[fold(form.removesuffix("?"))].append((person_id, form.endswith("?"), begin, finish))
    for form, group in sorted(users.items()):
        for index, (one, one_marked, one_begin, one_finish) in enumerate(group):
            for other, other_marked, other_begin, other_finish in group[index + 1:]:
                overlap = one_begin <= other_finish and other_begin <= one_finish
                if one != other and overlap and not (one_marked and other_marked):
                    report.error(people[other]["place"], f"{form!r} also means {one}: mark it with ? for both")


def main(arguments):
    folder = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parent
    report = Report()
    people = read_people(folder / "people.tsv", report)
    organisations = read_organisations(folder / "organizations.tsv", report)
    offices = read_offices(folder / "offices.tsv", people, organisations, report)
    check_single_holders(offices, report)
    check_gaps(offices, report)
    check_bodies(offices, report)
    check_forms(people, report)
    for line in report.errors + report.warnings:
        print(line)
    bodies = {office["body"] for office in offices}
    unsourced = sum(office["source"] == "unsourced" for office in offices)
    print(f"{len(people)} people, {len(offices)} offices ({unsourced} unsourced), {len(bodies & COUNTRIES)} countries, "
          f"{len(bodies & organisations)} organisations and groups; "
          f"{len(report.errors)} errors, {len(report.warnings)} warnings")
    return 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
