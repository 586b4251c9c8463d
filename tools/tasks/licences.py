"""`make check`: the licence of everything that a LiveCue wheel brings or pulls in.

Three lists: the Python packages the wheel depends on (its closure, as installed), the npm packages that end up in the
built screens, and the assets of the tree that others made (NOTICE). GPL and AGPL fail; LGPL is only reported; a
licence that nobody states fails too, because then nobody can say that it is not one of those.
Runs inside .venv: it reads what is installed there.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]

# "GPL-3.0-only", "AGPLv3", "GNU General Public License"; not "LGPL", and not a runtime library's stated exception.
COPYLEFT = re.compile(r"(?<![A-Za-z])A?GPL|GNU (Affero )?General Public", re.IGNORECASE)
EXCEPTED = re.compile(r"A?GPL[-\w.]*( WITH [-\w.]+)?-(with-)?(GCC-)?exception[-\w.]*", re.IGNORECASE)

ASSET = re.compile(r"^- `(?P<path>[^`]+)`: (?P<what>.+); (?P<licence>[^;]+)$")
"""One line of NOTICE's list of assets: path, what and whose it is, licence."""


@dataclass(frozen=True)
class Entry:
    """One thing that somebody else made. ``licence`` is empty when nobody states it."""

    kind: str
    name: str
    version: str
    licence: str

    @property
    def verdict(self) -> str:
        if not self.licence:
            return "not stated"
        return "forbidden" if copyleft(self.licence) else ""


def copyleft(licence: str) -> bool:
    """Whether using a thing under this licence brings GPL or AGPL along; of "A OR B" one free choice is enough."""
    choices = re.split(r"\s+OR\s+|\s*/\s*", licence.strip("() "))
    return all(COPYLEFT.search(EXCEPTED.sub("", choice)) for choice in choices)


def python_entries() -> list[Entry]:
    """The wheel's dependencies and theirs, as far as this system needs them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [(line, "") for line in project["dependencies"]]
    seen: dict[tuple[str, str], None] = {}
    found: dict[str, Entry] = {}
    while waiting:
        line, extra = waiting.pop()
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        for part in ("", *wanted.extras):
            if (name, part) in seen:
                continue
            seen[(name, part)] = None
            installed = importlib.metadata.distribution(name)
            found[name] = Entry("python", name, installed.version, _stated(installed))
            waiting.extend((inner, part) for inner in installed.requires or ())
    return [found[name] for name in sorted(found)]


def _stated(installed: importlib.metadata.Distribution) -> str:
    """The licence by the standard field, else the classifiers, else the first line of the free text."""
    about = installed.metadata
    if "License-Expression" in about:
        return about["License-Expression"]
    classifiers = [str(line) for line in about.get_all("Classifier") or () if str(line).startswith("License ::")]
    # Several classifiers name a choice, in practice as in the trove's own guide.
    names = [line.rsplit("::", 1)[1].strip() for line in classifiers if line != "License :: OSI Approved"]
    if names:
        return " OR ".join(names)
    return about["License"].strip().split("\n", 1)[0] if "License" in about else ""


def npm_entries() -> list[Entry]:
    """The packages of ui/package-lock.json that are not for development only: those the screens may contain."""
    path = ROOT / "ui" / "package-lock.json"
    if not path.exists():
        return []
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    return [
        Entry("npm", where.rsplit("node_modules/", 1)[1], str(about.get("version", "")), str(about.get("license", "")))
        for where, about in sorted(packages.items())
        if "node_modules/" in where and not about.get("dev") and not about.get("devOptional")
    ]


def asset_entries() -> list[Entry]:
    """What NOTICE lists. Raises ValueError when a listed path is not there."""
    found = []
    for line in (ROOT / "NOTICE").read_text(encoding="utf-8").splitlines():
        asset = ASSET.match(line)
        if asset is None:
            continue
        if not any(ROOT.glob(asset["path"].rstrip("/"))):
            raise ValueError(f"NOTICE lists {asset['path']}, which is not in the tree")
        found.append(Entry("asset", f"{asset['path']} ({asset['what']})", "", asset["licence"].rstrip(". ")))
    return found


def table(entries: Iterable[Entry]) -> str:
    rows = [
        (entry.kind, f"{entry.name} {entry.version}".strip(), entry.licence or "?", entry.verdict) for entry in entries
    ]
    wide = min(48, max(len(row[1]) for row in rows))
    return "\n".join(
        f"{kind:<7} {name:<{wide}}  {licence}{f'  <- {bad}' if bad else ''}" for kind, name, licence, bad in rows
    )


def main() -> int:
    try:
        entries = [*python_entries(), *npm_entries(), *asset_entries()]
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    print(table(entries))
    bad = [entry for entry in entries if entry.verdict]
    weak = [entry.name for entry in entries if "LGPL" in entry.licence.upper() and not entry.verdict]
    if weak:
        print(f"LGPL, reported only: {', '.join(weak)}")
    for entry in bad:
        print(f"{entry.kind} {entry.name}: licence {entry.verdict} ({entry.licence or 'none stated'})", file=sys.stderr)
    print(f"{len(entries)} looked at, {len(bad)} not acceptable.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
