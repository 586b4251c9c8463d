"""Who works when: skills and wishes of people, rosters and their shifts. They travel in the stream ``house``."""

import msgspec

from livecue.events.show import CommandAsked


class ShiftPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One place of a roster to fill. Times are minutes of wall-clock time from midnight before its first day."""

    post: str
    role: str
    day: int
    start: int
    end: int
    room: str = ""
    """"" is work for all rooms (customer service)."""
    category: str = ""
    show: str = ""
    title: str = ""
    golden: bool = False
    least: str = ""
    """Lowest step of the host ladder allowed: reserve, potential or head."""
    wanted: str = ""
    """The step the slot deserves."""
    rehearsal_start: int = 0
    rehearsal_end: int = 0
    """0 is no rehearsal; the same person comes to it."""


class ShiftChosen(msgspec.Struct, frozen=True):
    """Who fills a place."""

    post: str
    person: str


class RosterPersonSaved(CommandAsked, frozen=True, kw_only=True):
    """What the roster has to know of a person: step on the host ladder, categories, rooms, hours."""

    org: str
    brand: str
    person: str
    tier: str = ""
    """head, potential, reserve or ""."""
    categories: tuple[str, ...] = ()
    """Categories they are skilled in; none is every category."""
    rooms: tuple[str, ...] = ()
    """Rooms they know; none is every room."""
    most_hours: int = 0
    """Most working hours in thirty days, by contract; 0 is no limit."""
    department: str = ""
    week_hours: int = 0
    """Most working hours in seven days running; 0 is the rule of the roster."""
    streak_days: int = 0
    """Most working days in a row; 0 is the rule of the roster."""


class AbsenceSaved(CommandAsked, frozen=True, kw_only=True):
    """Somebody is away from the first day to the last (2026-12-24), itself included."""

    org: str
    brand: str
    absence: str
    person: str
    first: str
    last: str
    reason: str = ""


class AbsenceRemoved(CommandAsked, frozen=True, kw_only=True):
    """They are there after all."""

    org: str
    brand: str
    absence: str


class WishSaved(CommandAsked, frozen=True, kw_only=True):
    """Somebody wishes to work on a day (``on``) or not to; ``weight`` is what it costs to leave it.

    ``last`` "" is the one day, else the last day of the wish; ``start`` and ``end``, minutes of the day, narrow it to a
    shift (0 and 0: the whole day).
    """

    org: str
    brand: str
    wish: str
    person: str
    day: str
    on: bool = False
    weight: int = 20
    last: str = ""
    start: int = 0
    end: int = 0


class WishRemoved(CommandAsked, frozen=True, kw_only=True):
    """The wish is taken back."""

    org: str
    brand: str
    wish: str


class RosterMade(CommandAsked, frozen=True, kw_only=True):
    """A roster with its places, nobody on them yet. ``limits`` and ``costs`` other than the defaults, by name."""

    org: str
    brand: str
    roster: str
    title: str
    first: str
    days: int
    posts: tuple[ShiftPlan, ...] = ()
    free_days: tuple[int, ...] = ()
    """Weekends and holidays, as days of the roster from 0."""
    limits: dict[str, int] = {}
    costs: dict[str, int] = {}


class RosterFilled(CommandAsked, frozen=True, kw_only=True):
    """The solver's roster was accepted. ``version`` is that of the roster it was made from, plus one."""

    org: str
    brand: str
    roster: str
    version: int
    chosen: tuple[ShiftChosen, ...] = ()
    penalty: float = 0.0
    bound: float = 0.0
    seconds: float = 0.0


class ShiftAssigned(CommandAsked, frozen=True, kw_only=True):
    """A place was given to a person by hand ("" empties it); ``pinned`` holds it in the next search."""

    org: str
    brand: str
    roster: str
    version: int
    post: str
    person: str = ""
    pinned: bool = True


class RosterPublished(CommandAsked, frozen=True, kw_only=True):
    """The roster holds: everybody sees their shifts."""

    org: str
    brand: str
    roster: str
    version: int


class RosterRemoved(CommandAsked, frozen=True, kw_only=True):
    """The roster is taken away."""

    org: str
    brand: str
    roster: str
