"""The door for what happened outside: lines to events, each accepted or refused with a reason."""

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from livecue.errors import BadInput
from livecue.events import ClockTicked, Event, decode_line, decode_lines
from livecue.flow.duplicates import MASS
from livecue.flow.masks import unmasked
from livecue.kit import new_id

AHEAD_MS = 5 * 60 * 1000
BEHIND_MS = 24 * 3600 * 1000
LINE_BYTES = 64 * 1024
REJECTED_SHOWN = 100
"""A sender learns this many bad lines in full; the rest is counted."""


class Rejected(msgspec.Struct, frozen=True):
    """Why a line was not taken; ``line`` counts from 1."""

    line: int
    code: str
    message: str


class Sifted(msgspec.Struct, frozen=True):
    """What a body held. ``lines``: the line of each event, from 1; none where every line is an event."""

    events: list[Event]
    rejected: list[Rejected]
    rejected_count: int
    lines: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    """The place of each event among the lines that are not blank, from 0: what a sender who numbers them counts."""

    def runs(self) -> list[tuple[int, int]]:
        """(first, behind the last) of the events that follow each other in the numbers of their sender."""
        cuts = [n for n in range(1, len(self.places)) if self.places[n] != self.places[n - 1] + 1]
        return list(pairwise([0, *cuts, len(self.events)]))

    def line(self, event: int) -> int:
        """The line of an event."""
        return self.lines[event] if self.lines else event + 1

    def place(self, event: int) -> int:
        """The place of an event among the lines that are not blank."""
        return self.places[event] if self.places else event


def read_lines(body: bytes, now_ms: int, platform: str = "") -> Sifted:
    """Decode NDJSON line by line: a bad line is answered, the rest counts; masked users of ``platform`` become "".

    A body in which every line is good and fresh is decoded at once; only others are gone through line by line.
    """
    earliest, latest = now_ms - BEHIND_MS, now_ms + AHEAD_MS
    if _short(body):
        whole = decode_lines(body)
        full = body.count(b"\n") + (not body.endswith(b"\n"))
        # With blank lines between, the place of an event would not say its line.
        if whole is not None and len(whole) == full and _fresh(whole, earliest, latest):
            # Nearly every sender gives keys: look for what lacks one only where something does.
            if not all([event.key for event in whole]):
                whole = keyed_all(whole)
            return Sifted(unmasked(whole, platform), [], 0)
    events: list[Event] = []
    rejected: list[Rejected] = []
    lines: list[int] = []
    places: list[int] = []
    count = 0
    add = events.append
    for number, line in enumerate(body.split(b"\n"), 1):
        if not line or line.isspace():
            continue
        try:
            if len(line) > LINE_BYTES:
                raise BadInput(f"a line of {len(line)} bytes; at most {LINE_BYTES} are taken")
            event = decode_line(line)
            at = event.at
            if at and not earliest <= at <= latest:
                raise BadInput(_skew(at, now_ms))
            add(event if event.key or type(event) in MASS else keyed(event))
            lines.append(number)
            places.append(len(places) + count)
        except BadInput as error:
            count += 1
            if len(rejected) < REJECTED_SHOWN:
                rejected.append(Rejected(number, error.code, str(error)))
    return Sifted(unmasked(events, platform), rejected, count, tuple(lines), tuple(places))


def _fresh(events: list[Event], earliest: int, latest: int) -> bool:
    moments = [event.at for event in events]
    if not moments or max(moments) > latest:
        return not moments
    oldest = min(moments)
    return oldest >= earliest or all(not at or at >= earliest for at in moments)


def _short(body: bytes) -> bool:
    start = 0
    while len(body) - start > LINE_BYTES:
        end = body.rfind(b"\n", start, start + LINE_BYTES)
        if end < 0:
            return False
        start = end + 1
    return True


def keyed(event: Event) -> Event:
    """The event with a key of our own when it is a row without one: rows are told apart by keys."""
    if event.key or type(event) in MASS or type(event) is ClockTicked:
        return event
    return msgspec.structs.replace(event, key=new_id())


def keyed_all(events: Iterable[Event]) -> list[Event]:
    """``keyed`` for every event."""
    return [keyed(event) for event in events]


def _skew(at: int, now_ms: int) -> str:
    if at > now_ms:
        return f"`at` lies {(at - now_ms) // 1000} s in the future; set the sender's clock or leave `at` out"
    return (
        f"`at` lies {(now_ms - at) // 3_600_000} hours back; the live door takes the last 24 hours,"
        " older events come as a recording, by `livecue replay`"
    )
