"""The rules as versions: what was in force when, what each version held, and how two of them differ."""

import base64
import re
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from livecue.compliance import tables
from livecue.compliance.engines import day_in_force, engine_for
from livecue.compliance.packs import Duty, Entry, Pack, change_days, load_packs
from livecue.errors import BadInput, NotFound
from livecue.store import Reader, Writer

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHOWN = ("severity", "basis", "valid_from", "valid_until", "zh", "en", "texts", "categories", "unless")


class KeptVersion(msgspec.Struct, frozen=True):
    """A version of the shipped rules that this installation used, and since when (ms)."""

    version: str
    kept_at: int


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that one version has and the other has not, or has otherwise. ``what``: added, removed or changed.

    ``fields`` are the parts that differ: name to (old, new).
    """

    what: str
    pack: str
    entry: str
    cls: str
    zh: str
    en: str
    basis: str
    fields: dict[str, tuple[Any, Any]] = {}


def keep_version(writer: Writer, now: int) -> str:
    """Keep the body of the shipped rules once per version, so that evidence can be read years later; its name."""
    version = engine_for().version
    body = zlib.compress(msgspec.json.encode(load_packs()), 9)
    writer.put(tables.KEEP_VERSION, (version, now, base64.b64encode(body).decode("ascii")))
    return version


def list_versions(db: Reader) -> list[KeptVersion]:
    """Versions that were in use here, newest first."""
    return [KeptVersion(*row) for row in db.rows(tables.LIST_VERSIONS)]


def packs_at(db: Reader, when: str) -> tuple[Pack, ...]:
    """The packs of a kept version, or those in force on a day (YYYY-MM-DD). Raises ``NotFound``."""
    if _DAY.fullmatch(when):
        return load_packs((), day_in_force(when))
    rows = db.rows(tables.FIND_VERSION, (when,))
    if not rows:
        raise NotFound(f"no version {when!r} was in use here; name a day as 2026-11-22 or a version of the list")
    try:
        return tuple(msgspec.json.decode(zlib.decompress(base64.b64decode(rows[0][0])), type=list[Pack]))
    except (msgspec.DecodeError, zlib.error, ValueError) as error:
        raise BadInput(f"the kept version {when} cannot be read: {error}") from error


def differences(old: Sequence[Pack], new: Sequence[Pack]) -> list[Difference]:
    """What ``new`` has otherwise than ``old``, by pack and entry."""
    before, after = _rules(old), _rules(new)
    found = []
    for entry in sorted(before.keys() | after.keys()):
        was, now = before.get(entry), after.get(entry)
        if was is None:
            assert now is not None
            found.append(_difference("added", now))
        elif now is None:
            found.append(_difference("removed", was))
        else:
            fields = {
                name: (_plain(was[1], name), _plain(now[1], name))
                for name in _SHOWN
                if _plain(was[1], name) != _plain(now[1], name)
            }
            if fields:
                found.append(_difference("changed", now, fields))
    return found


def days_of_change() -> tuple[str, ...]:
    """The days on which a rule came into force or ended, newest first."""
    return change_days()[::-1]


def _rules(packs: Sequence[Pack]) -> dict[str, tuple[str, Entry | Duty]]:
    found: dict[str, tuple[str, Entry | Duty]] = {}
    for pack in packs:
        found.update({entry.id: (pack.id, entry) for entry in pack.entries})
        found.update({duty.id: (pack.id, duty) for duty in pack.duties})
    return found


def _plain(rule: Entry | Duty, name: str) -> Any:
    """A field as the screens show it. Words that were only put into another order are the same."""
    value = getattr(rule, name, "")
    return sorted(value) if isinstance(value, tuple) else value


def _difference(
    what: str, found: tuple[str, Entry | Duty], fields: dict[str, tuple[Any, Any]] | None = None
) -> Difference:
    pack, rule = found
    return Difference(
        what=what, pack=pack, entry=rule.id, cls=rule.cls, zh=rule.zh, en=rule.en, basis=rule.basis,
        fields=fields or {},
    )  # fmt: skip
