#!/usr/bin/env python3
"""Checks what the compiler does not: pages, sizes, arrows, leftovers. Errors end with 1; warnings are only shown."""
import argparse
import pathlib
import re
import subprocess
import sys

# Lines of a header and of a source: above the first a warning, above the second an error.
WARN_LINES = {".h": 150, ".cc": 300}
MAX_LINES = 400

# Folders whose subfolders have a page each, all the way down.
PAGED = ("proto", "pipeline", "server", "client", "tests", "deploy")
# Folders that need none: packages of protos, seeds, and leaves of a folder whose page lists them.
UNPAGED = re.compile(r"^(proto/demarche(/.*)?|tests/fuzz/corpus(/.*)?|tests/(unit|contract|golden|e2e|fault|support|bench|lint)(/.*)?"
                     r"|pipeline/\w+/eval|client/\w+/examples|client/python/demarche_client|deploy/[\w/-]+|server/query/filter)$")

# What a folder may include besides itself, the protos and foreign headers: the first row that fits a file counts. Tests, and
# programs that measure (EVAL), may include everything.
PIPELINE_BASE = ("pipeline/document/", "pipeline/stage/", "pipeline/resources/", "pipeline/clause/")
SERVER_BASE = ("server/limits/", "server/threads/", "server/error/", "server/record/", "server/config/")
MAY_INCLUDE = [
    ("pipeline/document/", ()),
    ("pipeline/resources/", ("pipeline/document/",)),
    ("pipeline/stage/", ("pipeline/document/",)),
    ("pipeline/clause/", ("pipeline/document/", "pipeline/resources/")),
    ("pipeline/run/", ("pipeline/",)),
    ("pipeline/train/", ("pipeline/",)),
    ("pipeline/", PIPELINE_BASE),  # the folder of a stage: no other stage
    ("server/app/", ("server/", "pipeline/")),
    ("server/rpc/", SERVER_BASE + ("server/rpc/", "server/ingest/", "server/subscription/", "server/subscriptions/", "server/query/", "server/log/",
                                   "server/metrics/", "server/auth/", "server/listen/", "server/tracing/", "pipeline/")),
    ("server/http/", SERVER_BASE),
    ("server/ingest/", SERVER_BASE + ("server/log/", "server/metrics/", "server/tracing/", "pipeline/run/") + PIPELINE_BASE),
    ("server/subscriptions/", SERVER_BASE + ("server/subscription/", "server/log/", "server/metrics/") + PIPELINE_BASE),
    ("server/subscription/", SERVER_BASE + ("server/query/", "server/log/", "server/metrics/") + PIPELINE_BASE),
    ("server/query/", SERVER_BASE + ("server/log/", "server/metrics/") + PIPELINE_BASE),
    ("server/log/", SERVER_BASE + ("server/metrics/",) + PIPELINE_BASE),
    ("server/tools/", SERVER_BASE + ("server/log/", "pipeline/run/") + PIPELINE_BASE),
    ("server/", SERVER_BASE + PIPELINE_BASE),
    ("client/cpp/", ()),
    ("client/", ("client/",)),
]
EVAL = re.compile(r"^pipeline/\w+/eval/")
OURS = re.compile(r"^(pipeline|server|client|tests)/")
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]')

# The three letters X are also a code, so they count only in a comment.
LEFTOVER = re.compile(r"\b(?:TODO|FIXME)\b|(?<=// )XXX\b|(?<=# )XXX\b")
MACHINE_PATH = re.compile(r"(?<![\w.~$}:/-])/(home|work|root|tmp)/[\w.-]+")
# May speak of scratch directories, or of what this program looks for.
SPEAKS_OF_PATHS = ("tests/",)


def tracked_files(root):
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True).stdout
    return [path for path in listing.split("\0") if path and (root / path).is_file() and not (root / path).is_symlink()]


def check_pages(paths):
    """A README.md in every folder that holds something."""
    have = {path.rpartition("/")[0] for path in paths if path.endswith("/README.md")}
    folders = set()
    for path in paths:
        for folder in pathlib.PurePosixPath(path).parents:
            if folder.parts and folder.parts[0] in PAGED:
                folders.add(str(folder))
    for folder in sorted(folders - have):
        if not UNPAGED.match(folder):
            yield f"{folder}/: has no README.md"


def check_size(path, text):
    """Returns (is_error, message) or None."""
    limit = WARN_LINES.get(pathlib.PurePosixPath(path).suffix)
    lines = text.count("\n")
    if limit is None or lines <= limit:
        return None
    return lines > MAX_LINES, f"{path}: {lines} lines; at most {limit} are wanted, {MAX_LINES} allowed"


def check_includes(path, text):
    """One-way includes between the folders of architecture."""
    row = next((row for row in MAY_INCLUDE if path.startswith(row[0])), None)
    if row is None or EVAL.match(path):
        return
    own = "/".join(path.split("/")[:2]) + "/"
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if not found or not OURS.match(found[1]):
            continue
        target = found[1]
        if not target.startswith((own,) + row[1]):
            yield f"{path}:{number}: may not include {target}; from {row[0]} only " + (", ".join(row[1]) or "its own folder")


def check_leftovers(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if found := LEFTOVER.search(line):
            yield f"{path}:{number}: {found[0]}: do it, or open an issue and say nothing here"
        if not path.startswith(SPEAKS_OF_PATHS) and (found := MACHINE_PATH.search(line)):
            yield f"{path}:{number}: {found[0]} is a path of one machine"


def check_tree(root):
    paths = tracked_files(root)
    errors, warnings = list(check_pages(paths)), []
    for path in paths:
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if size := check_size(path, text):
            (errors if size[0] else warnings).append(size[1])
        if path.endswith((".h", ".cc")):
            errors.extend(check_includes(path, text))
        if not path.startswith("tests/lint/"):
            errors.extend(check_leftovers(path, text))
    return errors, warnings


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    errors, warnings = check_tree(parser.parse_args().root)
    for message in warnings:
        print(f"warning: {message}", file=sys.stderr)
    for message in errors:
        print(f"error: {message}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
