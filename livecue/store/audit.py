"""The audit chain: append-only, each row carries the hash of the one before (compliance 4.14)."""

import hashlib
from collections.abc import Sequence

import msgspec

from livecue.store.protocols import Reader, Writer
from livecue.store.turns import TAKE_TURN


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what to which subject; ``detail`` is JSON without personal data."""

    number: int
    at: int
    org: str
    brand: str
    room: str
    who: str
    what: str
    subject: str
    detail: str
    previous: str
    hash: str


def _hash(previous: str, *fields: object) -> str:
    return hashlib.sha256("\x1f".join((previous, *map(str, fields))).encode()).hexdigest()


def append_audit(
    writer: Writer, *, at: int, org: str, brand: str, room: str, who: str, what: str, subject: str, detail: str = "{}"
) -> None:
    """Add a link to the chain inside the open transaction."""
    # Several programs add to one chain: each waits until the one before it has committed.
    writer.put(TAKE_TURN, ("audit", ""))
    last = writer.rows("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    number, previous = (int(last[0][0]) + 1, str(last[0][1])) if last else (1, "")
    writer.put(
        "INSERT INTO audit (org, brand, room, number, at, who, what, subject, detail, previous, hash)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            org, brand, room, number, at, who, what, subject, detail, previous,
            _hash(previous, number, at, org, brand, room, who, what, subject, detail),
        ),
    )  # fmt: skip


class Word(msgspec.Struct, frozen=True):
    """One word of a search: it may stand in what a row says, or be the name of one of ``ids`` or ``kinds``."""

    text: str
    ids: tuple[str, ...] = ()
    """People and rooms that are called so."""
    kinds: tuple[str, ...] = ()
    """Kinds of edits that are called so in the reader's language."""


class AuditSearch(msgspec.Struct, frozen=True):
    """What is looked for; "" and 0 do not narrow. ``until`` is the first moment (ms) no longer wanted."""

    who: str = ""
    what: str = ""
    room: str = ""
    since: int = 0
    until: int = 0
    words: tuple[Word, ...] = ()
    """Every one of them must be found in a row."""


def list_audit(
    reader: Reader,
    org: str,
    brands: list[str],
    before: int = 1 << 62,
    limit: int = 100,
    search: AuditSearch = AuditSearch(),  # noqa: B008  # frozen
) -> list[AuditRow]:
    """The newest rows of an organisation's brands ("" is organisation-wide) that ``search`` fits, newest first."""
    conditions = [f"org = ? AND brand IN ({_places(brands)}) AND number < ?"]
    values: list[object] = [org, *brands, before]
    for name in ("who", "what", "room"):
        if wanted := getattr(search, name):
            conditions.append(f"{name} = ?")
            values.append(wanted)
    if search.since:
        conditions.append("at >= ?")
        values.append(search.since)
    if search.until:
        conditions.append("at < ?")
        values.append(search.until)
    for word in search.words:
        like = "%" + word.text.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        ids, kinds = _places(word.ids), _places(word.kinds)
        conditions.append(
            "(LOWER(subject) LIKE ? ESCAPE '!' OR LOWER(detail) LIKE ? ESCAPE '!' OR LOWER(what) LIKE ? ESCAPE '!'"
            f" OR who IN ({ids}) OR subject IN ({ids}) OR room IN ({ids}) OR what IN ({kinds}))"
        )
        values += [like, like, like, *word.ids, *word.ids, *word.ids, *word.kinds]
    rows = reader.rows(
        "SELECT number, at, org, brand, room, who, what, subject, detail, previous, hash FROM audit"
        f" WHERE {' AND '.join(conditions)} ORDER BY number DESC LIMIT ?",
        (*values, limit),
    )
    return [AuditRow(**dict(zip(AuditRow.__struct_fields__, row, strict=True))) for row in rows]


def audit_choices(reader: Reader, org: str, brands: list[str]) -> tuple[list[str], list[str], list[str]]:
    """What a search can be narrowed to: (kinds of edits, people, rooms) that have rows."""
    where = f" FROM audit WHERE org = ? AND brand IN ({_places(brands)})"
    kinds, people, rooms = (
        [str(row[0]) for row in reader.rows(f"SELECT DISTINCT {name}{where} ORDER BY {name}", (org, *brands))]
        for name in ("what", "who", "room")
    )
    return kinds, people, rooms


def _places(values: Sequence[str]) -> str:
    return ",".join("?" * len(values)) or "NULL"


def broken_link(reader: Reader) -> int | None:
    """Number of the first audit row that does not fit the chain; None when all do."""
    previous = ""
    for row in reader.rows(
        "SELECT number, at, org, brand, room, who, what, subject, detail, previous, hash FROM audit ORDER BY number"
    ):
        number, *fields, said, digest = row
        if said != previous or digest != _hash(previous, number, *fields):
            return int(number)
        previous = digest
    return None
