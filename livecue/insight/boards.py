"""Boards: the questions run by DuckDB over the files of the history, each figure with what it is and how old it is."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from livecue.insight import queries
from livecue.insight.datasets import DATASETS, keep_facts
from livecue.insight.queries import FIGURES, Asked, By
from livecue.kit import Clock
from livecue.store import Archiver, History, HistoryFile, Reader, every_history_file, history_engine

_FRESH_MS = 15_000
"""A board looks for changed shows at most this often."""


class Figure(msgspec.Struct, frozen=True):
    """One figure of a row. ``value`` None is unknown: of ``shows`` shows only ``known`` told it, to ``partial``."""

    value: float | None
    partial: float | None
    known: int
    shows: int
    why: str
    as_of: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a board; ``group`` is a show, day, room, product or source. Money in minor units of ``currency``."""

    group: str
    currency: str
    figures: dict[str, Figure]


class CueSums(msgspec.Struct, frozen=True):
    """What became of cues; ``waited_ms`` None where none was answered."""

    group: str
    given: int
    followed: int
    useful: int
    measured: int
    waited_ms: float | None


class CommentSum(msgspec.Struct, frozen=True):
    """Comments of a kind."""

    group: str
    label: str
    count: int


class ShowLine(msgspec.Struct, frozen=True):
    """A show the board is of."""

    org: str
    brand: str
    room: str
    show: str
    title: str
    platform: str
    nature: str
    currency: str
    day: str
    began_at: int
    ended_at: int


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """An answer. ``made_at``: when the newest file it was read from was written (ms, 0 without any)."""

    by: By
    metrics: tuple[str, ...]
    rows: list[Row]
    cues: list[CueSums]
    comments: list[CommentSum]
    shows: list[ShowLine]
    made_at: int
    files: int


class Boards:
    """Asks the history. May be used by any thread."""

    def __init__(
        self, reader: Reader, archiver: Archiver, history: History, clock: Clock, guard: "threading.Lock | None" = None
    ) -> None:
        self._reader = reader
        self._archiver = archiver
        self._history = history
        self._clock = clock
        self._guard = guard or threading.Lock()
        self._looked_at = -_FRESH_MS
        self._statements: dict[str, str] = {}

    def refresh(self) -> int:
        """Bring the facts up to date; how many files were written."""
        return keep_facts(self._reader, self._archiver)

    def ask(self, asked: Asked, by: By) -> Board:
        """The board over shows that have ended. Raises what keeps the history from being read."""
        with self._guard:
            now = self._clock.now_ms()
            if abs(now - self._looked_at) >= _FRESH_MS:
                self.refresh()
                self._looked_at = now
        files = self._files(asked)
        facts = queries.tables()
        beside = by if by in ("show", "day", "room") else "room"
        wanted = {
            "figures": queries.figures(facts, asked, by),
            "cues": queries.cues(facts, asked, beside if by == beside else "rule"),
            "comments": queries.comments(facts, asked, beside if by == beside else "label"),
            "shows": queries.shows(facts, asked),
        }
        answers = run_on_duckdb(
            {kind: [self._history.path_of(file) for file in files if file.kind == kind] for kind in DATASETS},
            wanted,
            self._history.cache,
        )
        return Board(
            by=by,
            metrics=FIGURES[by if by in ("product", "source") else "room"],
            rows=_rows(answers["figures"]),
            cues=[CueSums(*row) for row in answers["cues"]],
            comments=[CommentSum(*row) for row in answers["comments"]],
            shows=[ShowLine(*row) for row in answers["shows"]],
            made_at=max((file.written_at for file in files), default=0),
            files=len(files),
        )

    def _files(self, asked: Asked) -> list[HistoryFile]:
        """Those whose room and month are asked for: nothing else is brought or opened."""
        rooms = set(asked.rooms)
        return [
            file
            for file in every_history_file(self._reader)
            if file.kind in DATASETS and file.room in rooms and asked.first[:7] <= file.day <= asked.last[:7]
        ]


def run_on_duckdb(
    files: dict[str, list[Path]], wanted: "dict[str, Any]", scratch: Path
) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each expression over these files; a set without files is empty."""
    import ibis

    found = {}
    with history_engine(scratch) as duck:
        for name, columns in DATASETS.items():
            told = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            if paths := files.get(name):
                listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
                names = ", ".join(f'"{column}"' for column in columns)
                duck.execute(
                    f"CREATE VIEW {name} AS SELECT {names} FROM read_parquet([{listed}], hive_partitioning = false)"
                )
            else:
                duck.execute(f"CREATE TABLE {name} ({told})")
        for name, expression in wanted.items():
            found[name] = duck.execute(str(ibis.to_sql(expression, dialect="duckdb"))).fetchall()
    return found


def _rows(answers: Sequence[tuple[Any, ...]]) -> list[Row]:
    found: dict[tuple[str, str], Row] = {}
    for group, currency, metric, value, partial, known, shows, why, as_of in answers:
        row = found.setdefault((group, currency), Row(group=group, currency=currency, figures={}))
        row.figures[metric] = Figure(value, partial, int(known), int(shows), why, int(as_of))
    return list(found.values())
