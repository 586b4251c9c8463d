"""The audit chain: append-only, each row carries the hash of the one before (compliance 4.14)."""

import hashlib

import msgspec

from livecue.store.protocols import Reader, Writer


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


def list_audit(reader: Reader, org: str, brands: list[str], before: int = 1 << 62, limit: int = 100) -> list[AuditRow]:
    """The newest rows of an organisation's brands ("" is organisation-wide), newest first."""
    places = ",".join("?" * len(brands)) or "NULL"
    rows = reader.rows(
        "SELECT number, at, org, brand, room, who, what, subject, detail, previous, hash FROM audit"
        f" WHERE org = ? AND brand IN ({places}) AND number < ? ORDER BY number DESC LIMIT ?",
        (org, *brands, before, limit),
    )
    return [AuditRow(**dict(zip(AuditRow.__struct_fields__, row, strict=True))) for row in rows]


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
