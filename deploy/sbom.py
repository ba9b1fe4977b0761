#!/usr/bin/env python3
"""Writes what demarche is made of as SPDX 2.3 JSON.

Usage: sbom.py BINARY_DIR LOCK_FILE > demarche.spdx.json

Two kinds of parts, each with the version that is there: the Debian packages whose libraries the binaries load, as the dynamic linker
finds them, and the npm packages of the lock file, which build and test it and are not shipped. Licences are those that Debian's
copyright files and the lock file name; NOASSERTION where they name none. Needs ldd and dpkg. Python 3.9 or later, standard library only.
"""

import base64
import datetime
import json
import pathlib
import re
import subprocess
import sys

BINARIES = ("demarched", "demarche")
SPDX_LICENCE = re.compile(r"[A-Za-z0-9.+-]+")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def spdx_id(kind, name):
    return f"SPDXRef-{kind}-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(kind, name, version, licence, purl):
    return {"SPDXID": spdx_id(kind, name), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": licence, "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]}


def libraries(binary):
    """The files that the dynamic linker loads for it."""
    return {pathlib.Path(path).resolve() for path in re.findall(r"(/\S+) \(0x", run("ldd", str(binary)))}


def owners(files):
    """The Debian packages of these files, which dpkg may know by their paths from before /usr was merged."""
    old = {pathlib.Path("/", *path.parts[2:]): path for path in files if path.parts[1] == "usr"}
    found = subprocess.run(["dpkg-query", "-S", *map(str, [*files, *old])], capture_output=True, text=True, check=False).stdout
    owned = {pathlib.Path(path): name for name, path in (line.split(": ", 1) for line in found.splitlines())}
    missing = files - set(owned) - {old[path] for path in owned if path in old}
    if missing:
        sys.exit(f"sbom.py: no package owns {', '.join(map(str, sorted(missing)))}")
    return set(owned.values())


def debian_licence(name):
    """The licence of the whole package, where its copyright file is in the machine-readable form and names a single one for all files."""
    path = pathlib.Path("/usr/share/doc") / name.split(":")[0] / "copyright"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    stated = re.search(r"^Files:\s*\*\s*$.*?^License:\s*(\S+)\s*$", text, re.MULTILINE | re.DOTALL)
    return stated.group(1) if stated and SPDX_LICENCE.fullmatch(stated.group(1)) else "NOASSERTION"


def debian_packages(binaries):
    for name in sorted(owners(set().union(*map(libraries, binaries)))):
        version, architecture = run("dpkg-query", "-W", "-f", "${Version} ${Architecture}", name).split()
        bare = name.split(":")[0]
        licence = debian_licence(name)
        yield package("deb", bare, version, f"LicenseRef-Debian-{licence}" if licence != "NOASSERTION" else licence,
                      f"pkg:deb/debian/{bare}@{version}?arch={architecture}&distro=debian-12")


def npm_packages(lock_file):
    for path, entry in sorted(json.loads(lock_file.read_text(encoding="utf-8"))["packages"].items()):
        if not path or entry.get("link"):
            continue
        name = path.rsplit("node_modules/", 1)[1]
        made = package("npm", f"{name}-{entry['version']}", entry["version"], entry.get("license", "NOASSERTION"),
                       f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}")
        made["name"] = name
        algorithm, _, digest = entry.get("integrity", "").partition("-")
        if digest:
            made["checksums"] = [{"algorithm": algorithm.upper(), "checksumValue": base64.b64decode(digest).hex()}]
        yield made


def main(arguments):
    if len(arguments) != 2:
        sys.exit("usage: sbom.py BINARY_DIR LOCK_FILE")
    binaries = [pathlib.Path(arguments[0]) / name for name in BINARIES]
    version = run(str(binaries[0]), "--version").split()[-1]
    own = package("demarche", "demarche", version, "Apache-2.0", f"pkg:generic/demarche@{version}")
    linked = list(debian_packages(binaries))
    tools = list({part["SPDXID"]: part for part in npm_packages(pathlib.Path(arguments[1]))}.values())
    relation = lambda part, kind, of: {"spdxElementId": part, "relationshipType": kind, "relatedSpdxElement": of}
    relations = [relation("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"])]
    relations += [relation(own["SPDXID"], "DYNAMIC_LINK", part["SPDXID"]) for part in linked]
    relations += [relation(part["SPDXID"], "DEV_TOOL_OF", own["SPDXID"]) for part in tools]
    licences = sorted({part["licenseDeclared"] for part in linked if part["licenseDeclared"].startswith("LicenseRef-")})
    now = datetime.datetime.now(datetime.timezone.utc)
    json.dump({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"demarche-{version}",
        "documentNamespace": f"urn:demarche:sbom:{version}:{now:%Y%m%dT%H%M%SZ}",
        "creationInfo": {"created": f"{now:%Y-%m-%dT%H:%M:%SZ}", "creators": ["Tool: demarche-sbom"]},
        "packages": [own, *linked, *tools], "relationships": relations,
        "hasExtractedLicensingInfos": [
            {"licenseId": name, "extractedText": f"{name.removeprefix('LicenseRef-Debian-')}: as in the copyright file of the Debian package"}
            for name in licences],
    }, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(sys.argv[1:])
