"""What a roster is made from: people with skills, posts to fill, rules, wishes; and what comes out.

All times are minutes of local wall-clock time, counted from midnight before the first day of the roster.
"""

from typing import Literal

import msgspec

DAY = 24 * 60
TIERS = ("", "reserve", "potential", "head")
"""The host ladder (R118) from below; "" asks for or holds no step."""


class Skill(msgspec.Struct, frozen=True):
    """A role a person can fill; ``category`` "" is every category, ``rooms`` () is every room."""

    role: str
    category: str = ""
    rooms: tuple[str, ...] = ()


class Worker(msgspec.Struct, frozen=True):
    """A person of the roster."""

    person: str
    name: str
    skills: tuple[Skill, ...]
    tier: str = ""
    """Step on the host ladder: head, potential, reserve or "" (counts only in the role host)."""
    rooms: tuple[str, ...] = ()
    """Rooms they know; any other is a strange room. Empty: none is strange."""
    most_minutes: int = 0
    """Most working time in the whole roster, by contract; 0 is no limit."""
    week_minutes: int = 0
    """Their own most in seven days running; 0 is the rule of the roster, which a person cannot lift."""
    streak_days: int = 0
    """Their own most days in a row; 0 is the rule of the roster."""


class Post(msgspec.Struct, frozen=True):
    """One place to fill: a role in a room for the length of a shift."""

    post: str
    room: str
    role: str
    day: int
    start: int
    end: int
    category: str = ""
    show: str = ""
    title: str = ""
    golden: bool = False
    """A slot that everybody wants or nobody: shared out evenly (R086)."""
    least: str = ""
    """The lowest step of the host ladder that may stand here: a hard rule."""
    wanted: str = ""
    """The step this slot deserves: every step below costs."""
    rehearsal: tuple[int, int] | None = None
    """Start and end of the rehearsal to which the same person must come (R075), on an earlier day."""


class Leave(msgspec.Struct, frozen=True):
    """Somebody is away: a whole day, or a part of it in minutes of the roster."""

    person: str
    start: int
    end: int
    reason: str = ""


class Wish(msgspec.Struct, frozen=True):
    """A wish for (``on``) or against working on a day; ``start`` and ``end`` narrow it to a part of the day."""

    person: str
    day: int
    on: bool
    weight: int = 20
    start: int = 0
    end: int = 0
    wish: str = ""
    """The id under which it was saved."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The hard rules that can be set; all are defaults of ours but the rest of eight hours and the rehearsal."""

    rest_minutes: int = 8 * 60
    """Between the end of one working day and the start of the next."""
    streak_days: int = 6
    """Most working days in a row."""
    day_minutes: int = 8 * 60
    """Most working time of one day, rehearsals included."""
    week_minutes: int = 44 * 60
    """Most working time in any seven days running."""
    rehearsal_days: int = 2
    """A rehearsal lies at least so many days before its show."""


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """What breaking a soft rule costs; whole numbers, only their proportions matter."""

    empty: int = 1000
    """A post nobody fills."""
    tier: int = 30
    """Each step of the ladder below the one wanted."""
    strange_room: int = 6
    """A shift in a room the person does not know."""
    hours: int = 2
    """Each hour of a person above or below the fair share, beyond the tolerance."""
    golden: int = 4
    """Each golden slot above or below the fair share, beyond the tolerance."""
    weekend: int = 4
    """Each shift on a weekend or holiday above or below the fair share, beyond the tolerance."""
    hours_tolerance: int = 8
    slots_tolerance: int = 1


def limits_of(worker: Worker, limits: Limits) -> Limits:
    """The rules as they hold for one person: their own limits where those are stricter."""
    if not worker.week_minutes and not worker.streak_days:
        return limits
    return msgspec.structs.replace(
        limits,
        week_minutes=min(limits.week_minutes, worker.week_minutes or limits.week_minutes),
        streak_days=min(limits.streak_days, worker.streak_days or limits.streak_days),
    )


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A roster to make."""

    first: str
    """The first day, ISO."""
    days: int
    workers: tuple[Worker, ...]
    posts: tuple[Post, ...]
    leaves: tuple[Leave, ...] = ()
    wishes: tuple[Wish, ...] = ()
    free_days: tuple[int, ...] = ()
    """Weekends and public holidays: days shared out evenly."""
    pinned: dict[str, str] = {}
    """Posts that keep their person (post to person), as a planner set them by hand."""
    limits: Limits = Limits()
    costs: Costs = Costs()


Rule = Literal["skill", "ladder", "away", "overlap", "rest", "day", "week", "streak", "hours", "rehearsal"]
RULES: tuple[Rule, ...] = (
    "skill",
    "ladder",
    "away",
    "overlap",
    "rest",
    "day",
    "week",
    "streak",
    "hours",
    "rehearsal",
)
"""Every hard rule, in the order in which a violation is told."""


class Violation(msgspec.Struct, frozen=True):
    """A hard rule that an assignment breaks: who, at which post, and the numbers behind it."""

    rule: Rule
    person: str
    post: str
    day: int
    value: int = 0
    """Minutes or days found."""
    limit: int = 0
    """Minutes or days allowed."""
    other: str = ""
    """The other post of a pair."""


class Reason(msgspec.Struct, frozen=True):
    """How many of the people who hold the role a rule keeps from an empty post."""

    rule: str
    people: tuple[str, ...]


class Empty(msgspec.Struct, frozen=True):
    """A post nobody fills, and why: each person of the role under the first rule that keeps them from it."""

    post: str
    reasons: tuple[Reason, ...]


class Cost(msgspec.Struct, frozen=True):
    """One line of the penalty."""

    kind: Literal["empty", "tier", "strange_room", "wish", "hours", "golden", "weekend"]
    person: str
    post: str
    amount: float
    value: int = 0
    """The steps, the day or the number behind it."""


class Roster(msgspec.Struct, frozen=True):
    """A roster: post to person. ``penalty`` and ``bound`` in the units of ``Costs``."""

    chosen: dict[str, str]
    penalty: float
    bound: float
    seconds: float
    finished: bool

    @property
    def gap(self) -> float:
        """The proven distance to the optimum, as a share of the penalty; 0 when both are 0."""
        return gap_of(self.penalty, self.bound)


def gap_of(penalty: float, bound: float) -> float:
    """(penalty - bound) / penalty, the definition HiGHS and the literature use; 0 when nothing is to be gained."""
    if penalty - bound <= 1e-6:
        return 0.0
    return (penalty - bound) / abs(penalty) if abs(penalty) > 1e-9 else 1.0
