"""A recording: found out by content, read lazily, damage counted with its line."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from livecue.errors import BadInput, BadPayload
from livecue.events import Event
from livecue.integrations.manifest import load_manifests
from livecue.integrations.recording.journal import Header, JournalReader, read_header
from livecue.integrations.recording.lines import read_lines

_SNIFFED = 20
"""Lines that are looked at to find out what a file is."""
MOST_ERRORS = 1_000
"""Damaged lines that are listed; all are counted."""


class Step(NamedTuple):
    """What entered the room at ``t`` (ms UTC, never falling). ``line`` is the line of the file: a sequence number."""

    t: int
    source: str
    events: list[Event]
    line: int


class RowError(NamedTuple):
    """A line that could not be used."""

    line: int
    message: str


class LineReader(Protocol):
    """Reads one pass over a file."""

    def read(self, number: int, line: bytes) -> tuple[int, str, list[Event]] | None:
        """(ms UTC or 0, source, events), None for a line that is no step; raises ``BadPayload``."""
        ...


class LineFormat(Protocol):
    """A kind of file that a platform's manifest names."""

    kind: str

    def sniff(self, lines: list[bytes]) -> bool:
        """Whether these first lines are of this kind."""
        ...

    def reader(self) -> LineReader:
        """A fresh reader for one pass."""
        ...


class Recording:
    """One file. ``errors`` and the counters are those of the newest pass over ``steps``."""

    def __init__(self, path: Path, header: Header, kind: str, form: LineFormat) -> None:
        self.path = path
        self.header = header
        self.kind = kind
        self.errors: list[RowError] = []
        self.bad_lines = 0
        self.passed_over: Counter[str] = Counter()
        self._form = form

    def count_lines(self) -> int:
        """How many lines the file has, by reading it once: what ``Step.line`` counts up to."""
        return sum(1 for _ in read_lines(self.path))

    def steps(self) -> Iterator[Step]:
        """Every readable step in the order of the file, from the start at each call.

        A moment that lies before the one before (a clock was set back) is lifted to it: order is the file's.
        """
        self.errors, self.bad_lines, self.passed_over = [], 0, Counter()
        reader = self._form.reader()
        newest = number = 0
        for number, line in read_lines(self.path):
            try:
                if isinstance(line, BadPayload):
                    raise line
                step = reader.read(number, line)
            except BadPayload as error:
                self._bad(number, str(error))
                continue
            if step is not None:
                moment, source, events = step
                newest = max(newest, moment)
                yield Step(newest, source, events, number)
            if isinstance(reader, JournalReader):
                while reader.bad_events:
                    self._bad(number, reader.bad_events.pop(0))
        if isinstance(reader, JournalReader):
            self.passed_over = reader.passed_over
            if not reader.whole:
                self._bad(number + 1, "the recording is not whole: its last line is missing or does not agree")

    def _bad(self, line: int, message: str) -> None:
        self.bad_lines += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(RowError(line, message))


class _JournalFormat:
    kind = "livecue-recording"

    def sniff(self, lines: list[bytes]) -> bool:
        return bool(lines) and read_header(lines[0]) is not None

    def reader(self) -> JournalReader:
        return JournalReader()


def open_recording(path: Path | str, formats: Sequence[tuple[str, LineFormat]] | None = None) -> Recording:
    """Find out what the file is; raises ``BadInput`` with what would be right.

    ``formats`` are tried after our own; by default every format that a manifest names.
    """
    path = Path(path)
    first = [line for _, line in zip(range(_SNIFFED), _readable(path), strict=False)]
    own = _JournalFormat()
    if own.sniff(first):
        return Recording(path, read_header(first[0]) or Header(), own.kind, own)
    formats = known_formats() if formats is None else formats
    for platform, form in formats:
        if form.sniff(first):
            header = Header(name=path.name, platform=platform, source=form.kind, started_at=_first_moment(form, first))
            return Recording(path, header, form.kind, form)
    kinds = ", ".join([own.kind, *(form.kind for _, form in formats)])
    raise BadInput(f"{path.name} is no recording that can be read (known kinds: {kinds})")


def known_formats() -> list[tuple[str, LineFormat]]:
    """(platform, format) of every kind of file that a manifest names."""
    return [(manifest.platform, item.load()) for manifest in load_manifests().values() for item in manifest.recordings]


def _first_moment(form: LineFormat, lines: list[bytes]) -> int:
    reader = form.reader()
    for number, line in enumerate(lines, 1):
        try:
            step = reader.read(number, line)
        except BadPayload:
            continue
        if step is not None and step[0]:
            return step[0]
    return 0


def _readable(path: Path) -> Iterator[bytes]:
    for _, line in read_lines(path):
        if isinstance(line, bytes):
            yield line
