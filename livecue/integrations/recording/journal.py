"""Our own recording: NDJSON, a header line, one line per step, a last line that proves the file is whole.

    {"livecue_recording":1,"room":"r1","name":"...","started_at":1761623569675,"terms":"..."}
    {"t":1761623569675,"source":"bridge","events":[{"kind":"CommentPosted","key":"1","text":"来了"}]}
    {"end":1,"events":1}

``t`` is room time in ms UTC (the arrival stamp of the journal) and never falls. Steps hold what entered from outside
and people's commands; announcements and ticks of the clock are made anew by whoever replays, and are counted, not read.
"""

import gzip
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any, cast

import msgspec
import zstandard

from livecue.errors import BadInput, BadPayload
from livecue.events import OUTSIDE, PEOPLE, Event, decode_event, encode_event
from livecue.integrations.untrusted import json_of, text_of

VERSION = 1
ENTERED = OUTSIDE | PEOPLE
"""Kinds that a recording brings into a room."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first line. ``terms`` says how the file may be passed on; "" means it stays where it is."""

    livecue_recording: int = VERSION
    room: str = ""
    name: str = ""
    platform: str = ""
    nature: str = "replayed"
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    language: str = "zh"
    category: str = ""
    started_at: int = 0
    source: str = ""
    terms: str = ""


def read_header(line: bytes) -> Header | None:
    """The header when the line is one; raises ``BadInput`` for a version that is newer than this program."""
    try:
        raw = json_of(line)
    except BadPayload:
        return None
    if not isinstance(raw, dict) or "livecue_recording" not in raw:
        return None
    version = raw["livecue_recording"]
    if not isinstance(version, int) or version > VERSION:
        raise BadInput(f"the recording has version {version}; this program reads up to {VERSION}: update it")
    try:
        return msgspec.convert(raw, Header)
    except msgspec.ValidationError as error:
        raise BadInput(f"the header of the recording is wrong: {error}") from error


class JournalReader:
    """Reads the lines after the header."""

    def __init__(self) -> None:
        self.passed_over: Counter[str] = Counter()
        self.bad_events: list[str] = []
        self.whole = False
        self._steps = 0

    def read(self, number: int, line: bytes) -> tuple[int, str, list[Event]] | None:
        """A step, or None for the header and the last line; raises ``BadPayload``.

        An event that cannot be read goes to ``bad_events``; the others of its step stay.
        """
        raw = json_of(line)
        if not isinstance(raw, dict):
            raise BadPayload("a line must be a JSON object")
        if "livecue_recording" in raw:
            return None
        if "end" in raw:
            self.whole = raw["end"] == self._steps
            if not self.whole:
                raise BadPayload(f"the recording should have {raw['end']} steps, {self._steps} were readable")
            return None
        self._steps += 1
        moment, items = raw.get("t"), raw.get("events")
        if not isinstance(moment, int) or isinstance(moment, bool) or moment < 0 or not isinstance(items, list):
            raise BadPayload("a step must carry `t` (ms) and `events` (a list)")
        source = text_of(raw.get("source"))
        return moment, source, [event for item in items if (event := self._event(item)) is not None]

    def _event(self, item: Any) -> Event | None:
        try:
            event = decode_event(msgspec.json.encode(item))
        except BadInput as error:
            self.bad_events.append(str(error))
            return None
        if type(event) in ENTERED:
            return event
        self.passed_over[type(event).__name__] += 1
        return None


def write_recording(path: Path, header: Header, steps: Iterable[tuple[int, str, Sequence[Event]]]) -> int:
    """Write (t, source, events) steps and return their number; ``.gz`` and ``.zst`` names are packed.

    The file appears under its name only when it is whole. Raises ``BadInput`` when it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    count = events = 0
    try:
        with _open_for_writing(part, path.suffix) as file:
            file.write(msgspec.json.encode(header) + b"\n")
            for moment, source, batch in steps:
                body = b",".join(encode_event(event) for event in batch)
                file.write(b'{"t":%d,"source":%b,"events":[%b]}\n' % (moment, msgspec.json.encode(source), body))
                count, events = count + 1, events + len(batch)
            file.write(b'{"end":%d,"events":%d}\n' % (count, events))
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BadInput(f"cannot write {path.name}: {error.strerror}. Free space or choose another folder.") from error
    return count


def _open_for_writing(path: Path, suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return cast(IO[bytes], gzip.open(path, "wb", compresslevel=6))
    if suffix == ".zst":
        return cast(IO[bytes], zstandard.open(path, "wb"))
    return path.open("wb")
