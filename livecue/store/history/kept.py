"""What the database knows of the files, and the journal read from them where its rows have gone."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec

from livecue.errors import BadInput
from livecue.store.history import tables
from livecue.store.history.files import read_file
from livecue.store.history.place import Place, digest
from livecue.store.journal import Batch, Record
from livecue.store.protocols import Reader, Writer

JOURNAL = "journal"
COMING = "coming:"
"""Before the kind of a file that is on its way: not whole, or not compared yet."""
GONE = "gone:"
"""Before the kind of a file that another one took the place of: to be removed."""


class HistoryFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file. ``first`` and ``last`` are batches (0 for facts); times are ms, ``began_at`` and ``ended_at`` arrivals.

    ``dropped_upto``: the newest batch that has left the journal; ``dropped_at``: when the last one did, 0 before.
    """

    org: str
    brand: str
    room: str
    kind: str
    day: str
    """``2026-11-29`` in the room's own time, for facts the month."""
    first: int
    last: int
    name: str
    sha: str
    bytes: int
    row_count: int
    batches: int
    began_at: int
    ended_at: int
    made_from: str = ""
    """What facts were made of: they are made anew when it changes."""
    written_at: int = 0
    dropped_upto: int = 0
    dropped_at: int = 0


def history_files(reader: Reader, room: str, kind: str = JOURNAL) -> list[HistoryFile]:
    """The files of a room, in order."""
    return [_file(row) for row in reader.rows(tables.FILES, (room, kind))]


def every_history_file(reader: Reader) -> list[HistoryFile]:
    """Every file that is noted, those on their way and those to be removed too."""
    return [_file(row) for row in reader.rows(tables.EVERY_FILE)]


def _file(row: tuple[object, ...]) -> HistoryFile:
    return msgspec.convert(dict(zip(HistoryFile.__struct_fields__, row, strict=True)), HistoryFile)


def save_file(writer: Writer, file: HistoryFile) -> None:
    """Note a file."""
    writer.put(tables.SAVE_FILE, msgspec.structs.astuple(file))


def forget_file(writer: Writer, file: HistoryFile) -> None:
    """Note nothing of it any more."""
    writer.put(tables.FORGET_FILE, (file.room, file.kind, file.day, file.first))


def folder_of(room: str) -> str:
    """A room's id as a part of a file's name."""
    return quote(room, safe="-_.~") if room.strip(".") else "%2E" * len(room)


class History:
    """The files, as those who read the journal need them. ``cache`` holds what had to be brought."""

    def __init__(self, place: Place, cache: Path) -> None:
        self.place = place
        self.cache = cache

    def batches(self, reader: Reader, room: str, after: int, upto: int) -> Iterator[tuple[Batch, Record]]:
        """Batches ``after < number <= upto`` that have left the journal, with their records, in order.

        Raises ``NotFound`` when a file is lacking, ``BadInput`` when one is not what was written.
        """
        for file in history_files(reader, room):
            if file.last > after and file.first <= upto:
                yield from read_file(self.path_of(file), self.cache, after, upto)

    def path_of(self, file: HistoryFile) -> Path:
        """The file on this machine, brought and compared by its digest if need be."""
        lies = self.place.lies(file.name)
        if lies is not None:
            return lies
        self.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self.cache / f"{file.sha}.parquet"
        if not target.is_file():
            self.place.get(file.name, target)
            if digest(target) != file.sha:
                target.unlink()
                raise BadInput(
                    f"{file.name} in {self.place.name} is not the file that was written there; bring it back from a"
                    " copy"
                )
        return target

    def forget(self, file: HistoryFile) -> None:
        """Drop what was brought of a file: it is no longer that one."""
        (self.cache / f"{file.sha}.parquet").unlink(missing_ok=True)

    def whole(self, file: HistoryFile) -> bool:
        """Whether what lies there now is what was written; raises ``NotFound`` when nothing does."""
        lies = self.place.lies(file.name)
        if lies is not None:
            return digest(lies) == file.sha
        self.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        brought = self.cache / f"{file.sha}.compared"
        try:
            self.place.get(file.name, brought)
            return digest(brought) == file.sha
        finally:
            brought.unlink(missing_ok=True)
