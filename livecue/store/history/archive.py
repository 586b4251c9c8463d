"""The move of closed shows from the journal into files, and what follows: merging small ones, dropping old rows.

Every step may be broken off anywhere and is taken up again: what is on its way is noted before it is put, what is put
is read back and compared before it counts, and rows leave the journal only behind a file that was compared again.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from livecue.errors import NotFound, StoreFailed
from livecue.kit import Clock, failpoint
from livecue.store.history import tables
from livecue.store.history.files import count_rows, merge_files, read_file, rows_of, same, write_file
from livecue.store.history.kept import (
    COMING,
    GONE,
    JOURNAL,
    History,
    HistoryFile,
    every_history_file,
    folder_of,
    forget_file,
    history_files,
    save_file,
)
from livecue.store.history.place import digest
from livecue.store.history.presets import DAY_MS, history_preset
from livecue.store.journal import Batch, Record, read_batches, read_records
from livecue.store.protocols import Reader, Writer

T = TypeVar("T")


class Run(Protocol):
    """Runs a piece of work in a transaction of its own and answers once it is durable."""

    def __call__(self, work: Callable[[Writer], T], /) -> T:
        """Do it."""
        ...


class Archived(msgspec.Struct):
    """What one step did, counted."""

    written: int = 0
    events: int = 0
    merged: int = 0
    dropped: int = 0
    """Batches that left the journal."""


class _Room(msgspec.Struct, frozen=True):
    org: str
    brand: str
    room: str
    time_zone: str


class _Piece(msgspec.Struct):
    day: str
    first: int
    last: int = 0
    count: int = 0
    began_at: int = 0
    ended_at: int = 0


class Archiver:
    """Works over committed rows, beside the owner of the rooms; ``rest`` is called between pages."""

    def __init__(
        self,
        reader: Reader,
        run: Run,
        history: History,
        clock: Clock,
        *,
        keep_days: int | None = None,
        rest: Callable[[], None] = lambda: None,
    ) -> None:
        self._reader = reader
        self._run = run
        self._history = history
        self._clock = clock
        self._keep_days = keep_days
        self._rest = rest
        self._scratch = history.cache

    def step(self, told: Callable[[float, str], None] = lambda _share, _what: None) -> Archived:
        """Everything that is due. Raises what keeps it from going on; nothing is lost then.

        ``told`` hears the share of the rooms that is done, and whose file is being written.
        """
        done = Archived()
        self._history.place.check()
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._tidy()
        rooms = self._reader.rows(tables.ROOMS)
        for place, row in enumerate(rooms):
            room = _Room(*row)
            self._write_due(room, done, lambda share, what, place=place: told((place + share) / len(rooms), what))  # type: ignore[misc]
            self._merge_due(room, done)
            self._drop_due(room, done)
        return done

    # What was broken off.

    def _tidy(self) -> None:
        for file in every_history_file(self._reader):
            if file.kind.startswith((COMING, GONE)):
                # The same file may count under another row: it was put, noted, and the note of its coming stayed.
                if not any(
                    f.name == file.name for f in history_files(self._reader, file.room, file.kind.partition(":")[2])
                ):
                    self._history.place.remove(file.name)
                self._run(lambda writer, file=file: forget_file(writer, file))  # type: ignore[misc]

    # Writing.

    def _write_due(self, room: _Room, done: Archived, told: Callable[[float, str], None]) -> None:
        preset = history_preset(self._clock.now_ms(), self._keep_days)
        pieces = self._pieces(room, preset.file_events)
        for place, piece in enumerate(pieces):
            told(place / len(pieces), f"{room.room} {piece.day}")
            self._write(room, piece)
            done.written += 1
            done.events += piece.count

    def _write(self, room: _Room, piece: _Piece, instead_of: Iterable[HistoryFile] = ()) -> None:
        shows = self._reader.rows(tables.SHOWS, (room.room,))

        def show_at(arrived: int) -> str:
            for show, _, started, ended in reversed(shows):
                if started <= arrived and (not ended or arrived <= ended):
                    return str(show)
            return ""

        path = self._scratch / f"{folder_of(room.room)[:80]}-{piece.first}.parquet"
        try:
            lines = rows_of(self._journal(room.room, piece), room.org, room.brand, show_at)
            rows = write_file(lines, path, self._scratch)
            sha = digest(path)
            file = HistoryFile(
                org=room.org,
                brand=room.brand,
                room=room.room,
                kind=JOURNAL,
                day=piece.day,
                first=piece.first,
                last=piece.last,
                name=f"journal/date={piece.day}/room={folder_of(room.room)}/"
                f"{piece.first:012d}-{piece.last:012d}-{sha[:8]}.parquet",
                sha=sha,
                bytes=path.stat().st_size,
                row_count=rows,
                batches=piece.last - piece.first + 1,
                began_at=piece.began_at,
                ended_at=piece.ended_at,
                written_at=self._clock.now_ms(),
            )
            self._put(file, path, lambda back: self._compare(room.room, piece, back), instead_of)
        finally:
            path.unlink(missing_ok=True)

    def _pieces(self, room: _Room, most: int) -> list[_Piece]:
        """What may be written now: whole days, and everything up to a closed show; cut by days and by size."""
        rows = self._reader.rows
        after = int(rows(tables.LAST, (room.room,))[0][0])
        cursor = rows(tables.CURSOR, (room.room,))
        upto = int(cursor[0][0]) if cursor else 0
        shows = rows(tables.SHOWS, (room.room,))
        for _, status, started, _ in shows:
            if status == "on_air":
                first = rows(tables.FIRST_FROM, (room.room, after, started))[0][0]
                upto = min(upto, int(first) - 1) if first is not None else upto
        if upto <= after:
            return []
        zone = ZoneInfo(room.time_zone)
        pieces: list[_Piece] = []
        day = ""
        at = after
        while page := rows(tables.ARRIVALS, (room.room, at, upto)):
            for number, arrived, count in page:
                # A clock that was set back does not open an older day again.
                day = max(day, datetime.fromtimestamp(arrived / 1000, zone).date().isoformat())
                if not pieces or pieces[-1].day != day or (pieces[-1].count and pieces[-1].count + count > most):
                    pieces.append(_Piece(day, number, began_at=arrived))
                piece = pieces[-1]
                piece.last, piece.count, piece.ended_at = number, piece.count + count, max(piece.ended_at, arrived)
            at = page[-1][0]
        if not pieces:
            return []
        closed = any(status == "ended" and ended >= pieces[0].began_at for _, status, _, ended in shows)
        return pieces if closed else [piece for piece in pieces if piece.day != pieces[-1].day]

    def _journal(self, room: str, piece: _Piece) -> Iterator[tuple[Batch, Record]]:
        for start in range(piece.first - 1, piece.last, 500):
            end = min(start + 500, piece.last)
            records = read_records(self._reader, room, start, end)
            for batch in read_batches(self._reader, room, start, end):
                yield batch, records.get(batch.number, Record())
            self._rest()

    def _compare(self, room: str, piece: _Piece, path: Path) -> None:
        """Read the file and hold it against the journal, batch by batch. Raises ``StoreFailed``."""
        there = read_file(path, self._scratch)
        expected = piece.first
        for batch, record in self._journal(room, piece):
            found = next(there, None)
            if batch.number != expected or found is None or not same((batch, record), found):
                raise StoreFailed(
                    f"batch {batch.number} of room {room} does not come back from the history as it was: the journal"
                    " keeps it, and the file does not count"
                )
            expected += 1
        if expected != piece.last + 1 or next(there, None) is not None:
            raise StoreFailed(f"the history of room {room} does not hold the batches it should; the journal keeps them")

    def _put(
        self, file: HistoryFile, path: Path, check: Callable[[Path], None], instead_of: Iterable[HistoryFile] = ()
    ) -> None:
        """Put a file in its place; it counts once it was read back from there and ``check`` has nothing against it."""
        old = list(instead_of)
        coming = msgspec.structs.replace(file, kind=COMING + file.kind)
        failpoint("history_written")
        self._run(lambda writer: save_file(writer, coming))
        failpoint("history_coming")
        self._history.place.put(file.name, path)
        failpoint("history_put")
        if not self._history.whole(file):
            raise StoreFailed(f"{file.name} does not come back from {self._history.place.name} as it was put there")
        check(self._history.path_of(file))
        failpoint("history_checked")

        def note(writer: Writer) -> None:
            for replaced in old:
                forget_file(writer, replaced)
                if replaced.name != file.name:
                    save_file(writer, msgspec.structs.replace(replaced, kind=GONE + replaced.kind))
            save_file(writer, file)
            forget_file(writer, coming)

        self._run(note)
        failpoint("history_noted")
        for replaced in old:
            if replaced.name != file.name:
                self._history.place.remove(replaced.name)
                failpoint("history_removed")
                gone = msgspec.structs.replace(replaced, kind=GONE + replaced.kind)
                self._run(lambda writer, gone=gone: forget_file(writer, gone))  # type: ignore[misc]

    def mend(self, file: HistoryFile) -> bool:
        """Write a file of the journal anew where it is lacking or damaged; False when its rows have gone."""
        if file.kind != JOURNAL or file.dropped_upto:
            return False
        zone = next((row[3] for row in self._reader.rows(tables.ROOMS) if row[2] == file.room), "UTC")
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._history.forget(file)
        if self._history.place.lies(file.name) is not None or file.name in self._history.place.names():
            self._history.place.remove(file.name)
        piece = _Piece(file.day, file.first, file.last, 0, file.began_at, file.ended_at)
        self._write(_Room(file.org, file.brand, file.room, zone), piece, [file])
        return True

    def rewrite(self, file: HistoryFile, change: Callable[[Batch, Record], tuple[Batch, Record]]) -> bool:
        """Put a file of the journal in place of one, with every batch changed; False when nothing changes.

        Batches keep their numbers and their number of events. What is compared is the changed batch.
        """
        source = self._history.path_of(file)
        if not any(not same(item, change(*item)) for item in read_file(source, self._scratch)):
            return False
        shows = self._reader.rows(tables.SHOWS, (file.room,))

        def show_at(arrived: int) -> str:
            return next(
                (
                    str(s)
                    for s, _, began, ended in reversed(shows)
                    if began <= arrived and (not ended or arrived <= ended)
                ),
                "",
            )

        path = self._scratch / f"{folder_of(file.room)[:80]}-{file.first}-changed.parquet"
        try:
            lines = rows_of((change(*item) for item in read_file(source, self._scratch)), file.org, file.brand, show_at)
            rows = write_file(lines, path, self._scratch)
            sha = digest(path)
            name = f"{file.name.rpartition('/')[0]}/{file.first:012d}-{file.last:012d}-{sha[:8]}.parquet"
            changed = msgspec.structs.replace(file, name=name, sha=sha, bytes=path.stat().st_size, row_count=rows)

            def check(back: Path) -> None:
                there = read_file(back, self._scratch)
                for item in read_file(source, self._scratch):
                    found = next(there, None)
                    if found is None or not same(change(*item), found):
                        raise StoreFailed(f"{name} does not hold what it should; the old file stays")
                if next(there, None) is not None:
                    raise StoreFailed(f"{name} holds more than it should; the old file stays")

            self._put(changed, path, check, [file])
            self._history.forget(file)
        finally:
            path.unlink(missing_ok=True)
        return True

    def keep_facts(
        self,
        org: str,
        brand: str,
        room: str,
        kind: str,
        month: str,
        made_from: str,
        lines: Iterable[bytes],
        columns: dict[str, str],
    ) -> bool:
        """Keep the facts of a room's month as a file, in place of the one before; False when it was made of the same.

        ``lines`` are JSON objects with ``columns`` (name to DuckDB's type).
        """  # fmt: skip
        old = [file for file in history_files(self._reader, room, kind) if file.day == month]
        if any(file.made_from == made_from for file in old):
            return False
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._scratch / f"{folder_of(room)[:80]}-{kind}-{month}.parquet"
        try:
            rows = write_file(lines, path, self._scratch, columns)
            sha = digest(path)
            name = f"{kind}/month={month}/room={folder_of(room)}/{sha[:16]}.parquet"
            file = HistoryFile(
                org=org, brand=brand, room=room, kind=kind, day=month, first=0, last=0, name=name, sha=sha,
                bytes=path.stat().st_size, row_count=rows, batches=0, began_at=0, ended_at=0, made_from=made_from,
                written_at=self._clock.now_ms(),
            )  # fmt: skip

            def check(back: Path) -> None:
                if count_rows(back, self._scratch) != rows:
                    raise StoreFailed(f"{name} does not hold the {rows} rows it should; it does not count")

            self._put(file, path, check, old)
        finally:
            path.unlink(missing_ok=True)
        return True

    # Merging.

    def _merge_due(self, room: _Room, done: Archived) -> None:
        now = self._clock.now_ms()
        preset = history_preset(now, self._keep_days)
        ripe = now - preset.merge_after_hours * 3_600_000
        groups: list[list[HistoryFile]] = []
        for file in history_files(self._reader, room.room):
            group = groups[-1] if groups else []
            if (
                group
                and group[-1].day == file.day
                and group[-1].last + 1 == file.first
                and bool(group[-1].dropped_at) == bool(file.dropped_at)
                and not file.dropped_upto * (not file.dropped_at)
                and not group[-1].dropped_upto * (not group[-1].dropped_at)
                and sum(f.row_count for f in group) + file.row_count <= preset.file_events
            ):
                group.append(file)
            else:
                groups.append([file])
        for group in groups:
            if len(group) > 1 and group[-1].written_at <= ripe:
                self._merge(group)
                done.merged += len(group)

    def _merge(self, group: list[HistoryFile]) -> None:
        head, tail = group[0], group[-1]
        sources = [self._history.path_of(file) for file in group]
        path = self._scratch / f"{folder_of(head.room)[:80]}-{head.first}-merged.parquet"
        try:
            merge_files(sources, path, self._scratch)
            sha = digest(path)
            file = msgspec.structs.replace(
                head,
                last=tail.last,
                name=f"journal/date={head.day}/room={folder_of(head.room)}/"
                f"{head.first:012d}-{tail.last:012d}-{sha[:8]}.parquet",
                sha=sha,
                bytes=path.stat().st_size,
                row_count=sum(f.row_count for f in group),
                batches=sum(f.batches for f in group),
                ended_at=max(f.ended_at for f in group),
                written_at=tail.written_at,
                dropped_upto=tail.dropped_upto,
                dropped_at=tail.dropped_at,
            )

            def check(merged: Path) -> None:
                there = read_file(merged, self._scratch)
                for source in sources:
                    for item in read_file(source, self._scratch):
                        found = next(there, None)
                        if found is None or not same(item, found):
                            raise StoreFailed(f"{file.name} does not hold what its parts held; the parts stay")
                if next(there, None) is not None:
                    raise StoreFailed(f"{file.name} holds more than its parts held; the parts stay")

            self._put(file, path, check, group)
        finally:
            path.unlink(missing_ok=True)

    # Dropping.

    def _drop_due(self, room: _Room, done: Archived) -> None:
        now = self._clock.now_ms()
        preset = history_preset(now, self._keep_days)
        snapshots = [int(row[0]) for row in self._reader.rows(tables.SNAPSHOTS, (room.room,))]
        # What opens a room stays at hand: the newest two snapshots, and what a decider has to make up for.
        safe = min(snapshots, default=0)
        safe = min(safe, int(self._reader.rows(tables.OWED, (safe, room.room))[0][0]))
        if self._reader.rows(tables.STOPPED, (room.room,)):
            return
        for file in history_files(self._reader, room.room):
            if file.dropped_at:
                continue
            if file.written_at + preset.keep_days * DAY_MS > now or file.last > safe:
                return
            try:
                whole = self._history.whole(file)
            except NotFound as error:
                raise StoreFailed(f"{error}; the journal still holds batches {file.first} to {file.last}") from error
            if not whole:
                raise StoreFailed(
                    f"{file.name} in {self._history.place.name} is not the file that was written there; remove it and"
                    f" run `livecue history verify --mend`: the journal still holds batches {file.first} to {file.last}"
                )
            start = max(file.first, file.dropped_upto + 1)
            while start <= file.last:
                end = min(start + preset.drop_batches - 1, file.last)
                at = now if end == file.last else 0
                done.dropped += self._run(
                    lambda writer, a=start, z=end, at=at, first=file.first: _drop(writer, room.room, first, a, z, at)  # type: ignore[misc]
                )
                failpoint("history_dropped")
                start = end + 1
                self._rest()


def _drop(writer: Writer, room: str, first: int, start: int, end: int, at: int) -> int:
    count = writer.write(tables.DROP_BATCHES, (room, start, end))
    writer.put(tables.DROP_RECORDS, (room, start, end))
    writer.put(tables.NOTE_DROPPED, (end, at, room, first))
    return count


def patient(rest_s: float = 0.002) -> Callable[[], None]:
    """A rest that lets other threads work."""
    return lambda: time.sleep(rest_s)
