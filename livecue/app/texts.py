"""``livecue check-text``: the rules over a file, for editors, hooks and programs of one's own."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from livecue.compliance import DOORS, Checked, check_draft, day_in_force, engine_for, verdict
from livecue.errors import BadInput

_RANK = {"silent": 0, "warn": 1, "block": 2}


def check_file(
    file: Path, category: str, door: str, platform: str, on: str, say: Callable[[str], None], as_json: bool
) -> str:
    """Check every line; the gravest verdict. Raises ``BadInput``."""
    where = next((known for known in DOORS if known == door), None)
    if where is None:
        raise BadInput(f"there is no door {door!r}; use one of {', '.join(DOORS)}")
    if on and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", on):
        raise BadInput("write the day with its year, as 2026-11-22")
    lines = _read(file)
    engine = engine_for((), platform, day_in_force(on) if on else "")
    # All at once first: only lines with a hit are looked at in full.
    hits = engine.check(lines, category, door=where)
    worst, counts = "silent", {"silent": 0, "warn": 0, "block": 0}
    for number, (line, found) in enumerate(zip(lines, hits, strict=True), 1):
        how = verdict(found)
        counts[how] += 1
        worst = max(worst, how, key=_RANK.__getitem__)
        if how != "silent":
            _tell(number, line, check_draft(engine, line, category, door=where), say, as_json)
    if not as_json:
        say(f"{len(lines)} lines: {counts['block']} block, {counts['warn']} warn; rules {engine.version}")
    return worst


def _read(file: Path) -> list[str]:
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not a text file in UTF-8: {error}") from error
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from error


def _tell(number: int, line: str, checked: Checked, say: Callable[[str], None], as_json: bool) -> None:
    if as_json:
        say(msgspec.json.encode({"line": number, "text": line, **msgspec.structs.asdict(checked)}).decode())
        return
    for hit in checked.hits:
        if hit.severity == "silent":
            continue
        instead = " | ".join(text or "(-)" for text in hit.instead)
        say(f"{number}:{hit.start + 1} {hit.severity} {hit.entry} {hit.word} [{hit.basis}] {hit.advice}")
        if instead:
            say(f"    -> {instead}")
