#!/usr/bin/env python3
"""Writes copies of sources with bugs planted in them, each awake only while `planted_bug` is its number.

Usage: plant.py ROOT OUT. OUT gets the changed sources by their paths and tests/simulation/planted_bugs.h. A text that is not found
exactly once is an error: the table follows the code.
"""
import pathlib
import sys

# Name, file, text, text with the bug; `BUG` is whether it is awake.
BUGS = [
    ("SkipsOneAtTheHandOver", "server/subscription/cursor.cc",
     ": records->back()->last_position();", ": records->back()->last_position() + (BUG ? 1 : 0);"),
    ("RepeatsAfterResume", "server/subscription/cursor.cc",
     "int index = position_ > before ?", "int index = !BUG && position_ > before ?"),
    ("LosesFilterExit", "server/subscription/router.cc",
     "if (!event.has_previous_header()) return;", "if (BUG || !event.has_previous_header()) return;"),
    ("ForgetsFormerFilters", "server/subscription/feed.cc",
     "CompileFilters(filters, *former);", "CompileFilters(filters, BUG ? NamedFilters() : *former);"),
    ("LosesAWakeUp", "server/subscription/lane.cc",
     "waiters_.insert(waiter);", "if (!BUG) waiters_.insert(waiter);"),
    ("SkipsWhatTheRingDropped", "server/subscription/lane.cc",
     "start_ = std::max(start_, stretches_.front().last_position);",
     "if (!BUG) start_ = std::max(start_, stretches_.front().last_position);"),
    ("SkipsWhatWasNotDispatched", "server/subscription/router.cc",
     "if (skipped > through()) {", "if (!BUG && skipped > through()) {"),
    ("ConfirmsBeforeTheSync", "server/subscriptions/subscriptions.cc",
     "group->EndCommit(status.ok());", "group->EndCommit(BUG || status.ok());"),
    ("ForgetsALeaseOfWhoLeft", "server/subscriptions/ledger.cc",
     "for (const uint64_t position : positions) Free(entries_.at(position));",
     "for (const uint64_t position : positions) if (!BUG || position != *positions.begin()) Free(entries_.at(position));"),
    ("NeverEndsALease", "server/subscriptions/ledger.cc",
     "timers_.begin()->first <= now", "timers_.begin()->first <= now && !BUG"),
    ("LeasesTwice", "server/subscriptions/ledger.cc",
     "free_.erase(free_.begin());", "if (!BUG) free_.erase(free_.begin());"),
    ("TakesAnothersAcknowledgement", "server/subscriptions/ledger.cc",
     "entry.state == State::kLeased && entry.member != member;", "entry.state == State::kLeased && entry.member != member && !BUG;"),
    ("ConfirmsAnAcknowledgementOfADeadLetter", "server/subscriptions/ledger.cc",
     "if (!entries_.contains(it->first) && had_it(it->second)) lost", "if (!BUG && !entries_.contains(it->first) && had_it(it->second)) lost"),
    ("BuriesWhatIsAcknowledged", "server/subscriptions/ledger.cc",
     "entry.is_buried = false;", "entry.is_buried = BUG && entry.is_buried;"),
    ("ForgetsWhoHadADeadLetter", "server/subscriptions/ledger.cc",
     "entries_.at(position).delivered_to = dead_[position];", "if (!BUG) entries_.at(position).delivered_to = dead_[position];"),
    ("CountsAsLostWhatWasNotWanted", "server/subscriptions/group.cc",
     "ledger_.Pass(step->lost.after);", "if (!BUG) ledger_.Pass(step->lost.after);"),
    ("ForgetsTheOrderOfPairs", "server/subscriptions/ledger.cc",
     "if (std::all_of(", "if (BUG || std::all_of("),
    ("LosesDeadLetters", "server/subscriptions/group.cc",
     "for (const Delivery& buried : commit.buried) {", "for (const Delivery& buried : commit.buried) {\n    if (BUG) continue;"),
    ("ProgressIsOneTooFar", "server/subscriptions/ledger.cc",
     "through = position - 1;", "through = position - (BUG ? 0 : 1);"),
    ("ForgetsWhatIsDoneOutOfOrder", "server/subscriptions/ledger.cc",
     "is_done = IsDoneBefore(position);", "is_done = IsDoneBefore(position) && !BUG;"),
    ("RetainsNothing", "server/subscriptions/group.cc",
     "if (!settings_.subscription().retain_until_acked()", "if (BUG || !settings_.subscription().retain_until_acked()"),
    ("CountsNoLoss", "server/subscriptions/ledger.cc", "return lost;", "return BUG ? 0 : lost;"),
    ("IgnoresTheDelayOfANack", "server/subscriptions/ledger.cc",
     "|| delay.count() == 0) continue;", "|| delay.count() == 0 || BUG) continue;"),
]


def main():
    root, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    sources = {}
    for number, (name, path, text, changed) in enumerate(BUGS, 1):
        source = sources.setdefault(path, (root / path).read_text(encoding="utf-8"))
        if source.count(text) != 1:
            sys.exit(f"plant.py: {name}: {source.count(text)} times in {path}, must be once: {text}")
        sources[path] = source.replace(text, changed.replace("BUG", f"::demarche::simulation::IsAwake({number})"))
    names = ", ".join(f'"{bug[0]}"' for bug in BUGS)
    header = ("#pragma once\nnamespace demarche::simulation {\ninline int planted_bug = 0;  // the one that is awake\n"
              "inline bool IsAwake(int bug) { return planted_bug == bug; }\n"
              f"inline constexpr int kPlantedBugCount = {len(BUGS)};\n"
              f"inline constexpr const char* kPlantedBugs[] = {{{names}}};\n}}  // namespace demarche::simulation\n")
    write(out / "tests/simulation/planted_bugs.h", header)
    for path, source in sources.items():
        write(out / path, '#include "tests/simulation/planted_bugs.h"\n' + source)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
