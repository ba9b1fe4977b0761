#!/usr/bin/env python3
"""Which (state, day) pairs of 2014 to 2025 the tables know an office holder for.

Usage: coverage.py [--gaps]    prints the table of the README; --gaps: the days that nobody is known for, by state.

A head is a head of state or government of any of the UN's members; foreign ministers are asked of the states in the news.
Only days up to an office's `verified_until` count. Python 3.9 or later, standard library only.
"""

import datetime
import pathlib
import sys
from collections import defaultdict

from check_people import COUNTRIES, Report, read_offices, read_organisations, read_people

NOT_MEMBERS = set("""
    ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN IOT JEY
    MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PSE PYF REU SGS SHN SJM SPM SXM TCA TKL TWN UMI VAT VGB VIR WLF XKX XSO
""".split())

IN_THE_NEWS = """
    AFG ARE ARG ARM AUS AUT AZE BEL BGD BLR BRA CAN CHE CHL CHN COD COL CUB CZE DEU DNK EGY ESP ETH FIN FRA GBR GEO GRC HUN
    IDN IND IRL IRN IRQ ISR ITA JOR JPN KEN KOR LBN LBY LTU MEX MMR MYS NGA NLD NOR PAK PHL POL PRK PSE QAT ROU RUS SAU SDN
    SRB SWE SYR THA TUR TWN UKR USA VEN VNM YEM ZAF
""".split()

HEADS = {"head_of_state", "head_of_government", "monarch"}
YEARS = range(2014, 2026)


def known_days(offices, bodies, roles):
    """The days on which somebody is known to hold one of the roles, by body."""
    days = defaultdict(set)
    for office in offices:
        if office["role"] not in roles or office["body"] not in bodies:
            continue
        day = max(office["first"][0], datetime.date(YEARS[0], 1, 1))
        last = min(office["last"][1], office["verified"], datetime.date(YEARS[-1], 12, 31))
        while day <= last:
            days[office["body"]].add(day)
            day += datetime.timedelta(days=1)
    return days


def days_of(year):
    day = datetime.date(year, 1, 1)
    while day.year == year:
        yield day
        day += datetime.timedelta(days=1)


def share(days, bodies, year):
    dates = list(days_of(year))
    return 100 * sum(day in days[body] for body in bodies for day in dates) / (len(dates) * len(bodies))


def gaps(days, body):
    """Runs of unknown days as (first, last)."""
    first = last = None
    for year in YEARS:
        for day in days_of(year):
            if day in days[body]:
                if first:
                    yield first, last
                first = None
            else:
                first, last = first or day, day
    if first:
        yield first, last


def main(arguments):
    folder = pathlib.Path(__file__).resolve().parent
    report = Report()
    people = read_people(folder / "people.tsv", report)
    offices = read_offices(folder / "offices.tsv", people, read_organisations(folder / "organizations.tsv", report), report)
    members = sorted(COUNTRIES - NOT_MEMBERS)
    asked = [("head of state or government", members, HEADS),
             ("foreign minister", IN_THE_NEWS, {"foreign_minister"}),
             ("defence minister", IN_THE_NEWS, {"defence_minister"})]
    print("| year | " + " | ".join(f"{name}, {len(bodies)} states" for name, bodies, _ in asked) + " |")
    print("| --- |" + " --- |" * len(asked))
    known = [known_days(offices, bodies, roles) for _, bodies, roles in asked]
    columns = []
    for year in YEARS:
        row = [share(days, bodies, year) for days, (_, bodies, _) in zip(known, asked)]
        columns.append(row)
        print(f"| {year} | " + " | ".join(f"{value:.1f} %" for value in row) + " |")
    print("| all | " + " | ".join(f"{sum(column) / len(columns):.1f} %" for column in zip(*columns)) + " |")
    if "--gaps" in arguments:
        for (name, bodies, _), days in zip(asked, known):
            for body in bodies:
                runs = [f"{first}..{last}" for first, last in gaps(days, body) if (last - first).days > 7]
                if runs:
                    print(f"{name}\t{body}\t{' '.join(runs)}")


if __name__ == "__main__":
    main(sys.argv[1:])
