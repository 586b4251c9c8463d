"""Classes of what is kept and for how long; what is due now, and its deletion. A legal hold stops both."""

import tomllib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from livecue.errors import BadInput, Conflict, Defect, NotFound
from livecue.kit import failpoint, new_id
from livecue.store.audit import append_audit
from livecue.store.history import GONE, JOURNAL, History, HistoryFile, every_history_file, forget_file, save_file
from livecue.store.history.archive import Run
from livecue.store.migrating import tables as every_table
from livecue.store.protocols import Reader, Writer

DAY_MS = 86_400_000
_PIECE_MS = 30 * DAY_MS
"""Rows of at most this long a time leave in one transaction."""


class KeptTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table and the column that says how old a row is (ms); ``column`` is the one a mask blanks."""

    name: str
    at: str
    column: str = ""


class KeptClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept for ``days``, and why."""

    id: str
    valid_from: str
    zh: str
    en: str
    basis: dict[str, str]
    mark: Literal["S", "D"]
    days: int
    tables: list[KeptTable]
    mask: list[KeptTable] = []
    history: list[str] = []
    """Kinds of files of the history."""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What a class has to delete now, and what a hold keeps from it."""

    id: str
    before: int
    """Older than this moment (ms) is due."""
    rows: dict[str, int]
    files: int
    held: int
    """Rows and files that a hold keeps."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing of a room (of a brand when ``room`` is "", of the organisation when ``brand`` is "") is deleted."""

    org: str
    brand: str
    room: str
    hold: str
    why: str
    made_by: str
    made_at: int
    until: int = 0
    """First moment (ms) it no longer holds; 0 is until it is lifted."""
    lifted_by: str = ""
    lifted_at: int = 0


@cache
def _every() -> tuple[KeptClass, ...]:
    text = files("livecue.store.retention").joinpath("retention.toml").read_text("utf-8")
    try:
        return tuple(msgspec.convert(tomllib.loads(text)["class"], list[KeptClass]))
    except (msgspec.ValidationError, KeyError, tomllib.TOMLDecodeError) as error:
        raise Defect(f"classes of what is kept: {error}") from error


def kept_classes(now_ms: int) -> list[KeptClass]:
    """The classes in force: of each id the newest that has begun."""
    today = datetime.fromtimestamp(now_ms / 1000, UTC).date().isoformat()
    found: dict[str, KeptClass] = {}
    for row in sorted(_every(), key=lambda row: row.valid_from):
        if row.valid_from <= today or row.id not in found:
            found[row.id] = row
    return list(found.values())


def unclassed_tables() -> list[str]:
    """Tables that no class names: they are kept."""
    named = {table.name for row in _every() for table in (*row.tables, *row.mask)}
    return sorted(set(every_table()) - named)


_HOLDS = (
    "SELECT org, brand, room, hold, why, made_by, made_at, until, lifted_by, lifted_at FROM holds"
    " WHERE org = ? ORDER BY made_at DESC, hold"
)
_IN_FORCE = (
    "EXISTS (SELECT 1 FROM holds h WHERE h.org = t.org AND (h.brand = '' OR h.brand = t.brand)"
    " AND (h.room = '' OR h.room = {room}) AND h.lifted_at = 0 AND (h.until = 0 OR h.until > ?))"
)

_OF_LIFE = " AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.room = t.room AND r.nature IN ('simulated', 'replayed'))"
"""Simulated and replayed rooms live in a time of their own: their rows are as old as a recording says."""


def list_holds(reader: Reader, org: str) -> list[Hold]:
    """Every hold of the organisation, newest first; those that are over too."""
    return [Hold(**dict(zip(Hold.__struct_fields__, row, strict=True))) for row in reader.rows(_HOLDS, (org,))]


def place_hold(writer: Writer, hold: Hold) -> Hold:
    """Keep everything of a room, brand or organisation from deletion; audited. Raises ``BadInput``."""
    if not hold.why.strip():
        raise BadInput("say why: a case, an authority, a complaint")
    if hold.until and hold.until <= hold.made_at:
        raise BadInput("the last day of the hold has passed")
    placed = msgspec.structs.replace(hold, hold=hold.hold or new_id())
    writer.put(
        "INSERT INTO holds (org, brand, room, hold, why, made_by, made_at, until, lifted_by, lifted_at)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        msgspec.structs.astuple(placed),
    )
    _audit(writer, placed, placed.made_at, placed.made_by, "HoldPlaced", {"why": placed.why, "until": placed.until})
    return placed


def lift_hold(writer: Writer, org: str, hold: str, who: str, now: int) -> None:
    """End a hold; audited. Raises ``NotFound``, ``Conflict`` when it is over already."""
    found = next((row for row in list_holds(writer, org) if row.hold == hold), None)
    if found is None:
        raise NotFound("there is no such hold")
    if found.lifted_at:
        raise Conflict("this hold was lifted before")
    writer.put("UPDATE holds SET lifted_by = ?, lifted_at = ? WHERE org = ? AND hold = ?", (who, now, org, hold))
    _audit(writer, found, now, who, "HoldLifted", {})


def _audit(writer: Writer, hold: Hold, at: int, who: str, what: str, detail: dict[str, Any]) -> None:
    append_audit(
        writer, at=at, org=hold.org, brand=hold.brand, room=hold.room, who=who, what=what, subject=hold.hold,
        detail=msgspec.json.encode(detail).decode(),
    )  # fmt: skip


def held(reader: Reader, org: str, brand: str, room: str, now: int) -> bool:
    """Whether a hold keeps this room's data now."""
    return keeps(list_holds(reader, org), brand, room, now)


def keeps(holds: Iterable[Hold], brand: str, room: str, now: int) -> bool:
    """Whether one of an organisation's holds keeps this room's data now."""
    return any(
        row.brand in ("", brand) and row.room in ("", room) and not row.lifted_at and (not row.until or row.until > now)
        for row in holds
    )


def _places(row: KeptClass, has_room: Callable[[str], bool]) -> list[tuple[KeptTable, str, str]]:
    """(table, condition of what is due with places (before), condition of what is held)."""
    found = []
    for table in (*row.tables, *row.mask):
        due = f"t.{table.at} > 0 AND t.{table.at} < ?" + (f" AND t.{table.column} <> ''" if table.column else "")
        if has_room(table.name):
            due += _OF_LIFE
        found.append((table, due, _IN_FORCE.format(room="t.room" if has_room(table.name) else "''")))
    return found


class Retention:
    """Looks what is due, and deletes it in small transactions; whatever breaks off is due again next time."""

    def __init__(self, reader: Reader, run: Run, history: History, rooms: Callable[[str], bool]) -> None:
        """``rooms`` says whether a table has a column ``room``."""
        self._reader = reader
        self._run = run
        self._history = history
        self._has_room = rooms

    def due(self, now: int, org: str = "") -> list[Due]:
        """What would be deleted now, by class; nothing is changed. Of one organisation when named."""
        found = []
        mine, values = (" AND t.org = ?", [org]) if org else ("", [])
        for row in kept_classes(now):
            before = now - row.days * DAY_MS
            rows, kept = {}, 0
            for table, due, hold in _places(row, self._has_room):
                counted = f"SELECT COUNT(*) FROM {table.name} t WHERE {due}{mine} AND "
                free = int(self._reader.rows(f"{counted}NOT {hold}", (before, *values, now))[0][0])
                kept += int(self._reader.rows(counted + hold, (before, *values, now))[0][0])
                if free:
                    rows[table.name + (f".{table.column}" if table.column else "")] = free
            old = [file for file in self._old_files(row, before) if not org or file.org == org]
            blocked = sum(held(self._reader, file.org, file.brand, file.room, now) for file in old)
            found.append(Due(id=row.id, before=before, rows=rows, files=len(old) - blocked, held=kept + blocked))
        return found

    def _old_files(self, row: KeptClass, before: int) -> list[Any]:
        # A file of the journal is due when all it holds is, and its rows have left the journal.
        return [
            file
            for file in every_history_file(self._reader)
            if file.kind in row.history
            and max(file.ended_at, file.written_at) < before
            and (file.kind != JOURNAL or file.dropped_at)
        ]

    def step(self, now: int) -> dict[str, int]:
        """Delete what is due; rows, masked values and files by class. Each class that did something is audited."""
        done: dict[str, int] = {}
        for row in kept_classes(now):
            before, count = now - row.days * DAY_MS, 0
            for table, due, hold in _places(row, self._has_room):
                oldest = self._reader.rows(
                    f"SELECT MIN(t.{table.at}) FROM {table.name} t WHERE {due} AND NOT {hold}", (before, now)
                )[0][0]
                start = int(oldest) if oldest is not None else before
                while start < before:
                    end = min(before, start + _PIECE_MS)
                    count += self._run(
                        lambda writer, table=table, due=due, hold=hold, end=end: _delete(
                            writer, table, due, hold, end, now
                        )  # type: ignore[misc]
                    )
                    failpoint("retention_deleted")
                    start = end
            for file in self._old_files(row, before):
                if not held(self._reader, file.org, file.brand, file.room, now):
                    gone = msgspec.structs.replace(file, kind=GONE + file.kind)
                    self._run(lambda writer, file=file, gone=gone: _replace(writer, file, gone))  # type: ignore[misc]
                    self._history.place.remove(file.name)
                    self._history.forget(file)
                    self._run(lambda writer, gone=gone: forget_file(writer, gone))  # type: ignore[misc]
                    count += 1
            if count:
                done[row.id] = count
        if done:
            self._run(
                lambda writer: append_audit(
                    writer,
                    at=now,
                    org="*",
                    brand="",
                    room="",
                    who="livecue",
                    what="RetentionApplied",
                    subject="",
                    detail=msgspec.json.encode(done).decode(),
                )
            )
        return done


def _replace(writer: Writer, file: HistoryFile, gone: HistoryFile) -> None:
    forget_file(writer, file)
    save_file(writer, gone)


def _delete(writer: Writer, table: KeptTable, due: str, hold: str, end: int, now: int) -> int:
    name = table.name
    if table.column:
        return writer.write(f"UPDATE {name} AS t SET {table.column} = '' WHERE {due} AND NOT {hold}", (end, now))
    return writer.write(f"DELETE FROM {name} AS t WHERE {due} AND NOT {hold}", (end, now))
