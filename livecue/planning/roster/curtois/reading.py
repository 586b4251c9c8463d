"""The text format of the Employee Shift Scheduling Benchmark Data Sets of Curtois and Qu (2014).

Sections begin with a line ``SECTION_...``; lines with ``#`` are remarks; fields are parted by commas. Days count from
0, day 0 is a Monday.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from livecue.errors import BadInput

SECTIONS = (
    "SECTION_HORIZON",
    "SECTION_SHIFTS",
    "SECTION_STAFF",
    "SECTION_DAYS_OFF",
    "SECTION_SHIFT_ON_REQUESTS",
    "SECTION_SHIFT_OFF_REQUESTS",
    "SECTION_COVER",
)
MOST_DAYS = 10_000
T = TypeVar("T")


class Shift(msgspec.Struct, frozen=True):
    """A kind of shift; ``not_after`` are those that may not come on the next day."""

    shift: str
    minutes: int
    not_after: frozenset[str]


class Staff(msgspec.Struct, frozen=True):
    """A person with hard rules: shifts per kind, minutes, shifts in a row, days off in a row, weekends."""

    person: str
    most_shifts: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_in_row: int
    least_in_row: int
    least_off_in_row: int
    most_weekends: int
    off: frozenset[int] = frozenset()


class Request(msgspec.Struct, frozen=True):
    """A wish for (``on``) or against a shift on a day, and what it costs to leave it."""

    person: str
    day: int
    shift: str
    weight: int
    on: bool


class Cover(msgspec.Struct, frozen=True):
    """How many are wanted, and what each one too few or too many costs."""

    day: int
    shift: str
    wanted: int
    under: int
    over: int


class Instance(msgspec.Struct, frozen=True):
    """One benchmark."""

    days: int
    shifts: dict[str, Shift]
    staff: dict[str, Staff]
    requests: tuple[Request, ...]
    covers: tuple[Cover, ...]


class _Line:
    """A line being read, so that every error names it."""

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.fields = [field.strip() for field in text.split(",")]

    def wrong(self, what: str) -> BadInput:
        return BadInput(f"line {self.number}: {what}")

    def field(self, place: int, name: str) -> str:
        if place >= len(self.fields):
            raise self.wrong(f"{name} is missing")
        return self.fields[place]

    def number_of(self, place: int, name: str) -> int:
        text = self.field(place, name)
        # int() would take "1_0" and Arabic digits too.
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            raise self.wrong(f"{name} must be a whole number, not {text!r}")
        return int(text)

    def one_of(self, place: int, name: str, known: dict[str, T]) -> str:
        text = self.field(place, name)
        if text not in known:
            raise self.wrong(f"there is no {name} {text!r}")
        return text


def read_instance(text: str) -> Instance:
    """Read an instance. Raises ``BadInput`` with the line and what is wrong there."""
    sections = _sections(text)
    horizon = sections["SECTION_HORIZON"]
    if len(horizon) != 1:
        raise BadInput("SECTION_HORIZON holds one line: the number of days")
    days = horizon[0].number_of(0, "the number of days")
    if not 0 < days <= MOST_DAYS:
        raise horizon[0].wrong(f"the number of days lies between 1 and {MOST_DAYS}")
    shifts = _keyed(sections["SECTION_SHIFTS"], "shift", _shift)
    for line in sections["SECTION_SHIFTS"]:
        for name in shifts[line.fields[0]].not_after:
            if name not in shifts:
                raise line.wrong(f"there is no shift {name!r}")
    staff = _keyed(sections["SECTION_STAFF"], "person", lambda line: _person(line, shifts))
    off: dict[str, set[int]] = {}
    for line in sections["SECTION_DAYS_OFF"]:
        person = line.one_of(0, "person", staff)
        off.setdefault(person, set()).update(_day(line, place, days) for place in range(1, len(line.fields)))
    for person, free in off.items():
        staff[person] = msgspec.structs.replace(staff[person], off=frozenset(free))
    requests = [
        Request(
            line.one_of(0, "person", staff),
            _day(line, 1, days),
            line.one_of(2, "shift", shifts),
            line.number_of(3, "weight"),
            name == "SECTION_SHIFT_ON_REQUESTS",
        )
        for name in SECTIONS[4:6]
        for line in sections[name]
    ]
    covers = [
        Cover(
            _day(line, 0, days),
            line.one_of(1, "shift", shifts),
            line.number_of(2, "number of people"),
            line.number_of(3, "weight of too few"),
            line.number_of(4, "weight of too many"),
        )
        for line in sections["SECTION_COVER"]
    ]
    return Instance(days, shifts, staff, tuple(requests), tuple(covers))


def _sections(text: str) -> dict[str, list[_Line]]:
    found: dict[str, list[_Line]] = {}
    open_section: list[_Line] | None = None
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("SECTION_"):
            if line not in SECTIONS:
                raise BadInput(f"line {number}: unknown section {line}; known are {', '.join(SECTIONS)}")
            if line in found:
                raise BadInput(f"line {number}: {line} comes twice")
            open_section = found.setdefault(line, [])
        elif open_section is None:
            raise BadInput(f"line {number}: the file begins with a section such as {SECTIONS[0]}")
        else:
            open_section.append(_Line(number, line))
    missing = [name for name in SECTIONS if name not in found]
    if missing:
        raise BadInput(f"these sections are missing: {', '.join(missing)}")
    return found


def _keyed(lines: list[_Line], what: str, read: Callable[[_Line], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for line in lines:
        name = line.field(0, what)
        if not name or name in found:
            raise line.wrong(f"the {what} {name!r} comes twice or has no name")
        found[name] = read(line)
    if not found:
        raise BadInput(f"there is no {what}")
    return found


def _shift(line: _Line) -> Shift:
    barred = line.fields[2] if len(line.fields) > 2 else ""
    return Shift(
        line.fields[0],
        line.number_of(1, "length in minutes"),
        frozenset(name.strip() for name in barred.split("|") if name.strip()),
    )


def _person(line: _Line, shifts: dict[str, Shift]) -> Staff:
    most: dict[str, int] = {}
    for part in line.field(1, "most shifts").split("|"):
        name, sign, count = part.partition("=")
        if not sign or name.strip() not in shifts or not count.strip().isdigit():
            raise line.wrong(f"most shifts are written as D=14|N=2, not {part!r}")
        most[name.strip()] = int(count)
    return Staff(
        person=line.fields[0],
        most_shifts=most,
        most_minutes=line.number_of(2, "most minutes"),
        least_minutes=line.number_of(3, "least minutes"),
        most_in_row=line.number_of(4, "most shifts in a row"),
        least_in_row=line.number_of(5, "least shifts in a row"),
        least_off_in_row=line.number_of(6, "least days off in a row"),
        most_weekends=line.number_of(7, "most weekends"),
    )


def _day(line: _Line, place: int, days: int) -> int:
    day = line.number_of(place, "day")
    if day >= days:
        raise line.wrong(f"day {day} lies behind the last, {days - 1}")
    return day
