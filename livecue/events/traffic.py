"""Traffic emergency (流量应急, domain 10.7): what was prepared, what was noticed, what people decide."""

from typing import Annotated

import msgspec

from livecue.events.base import Event, Id, Millis
from livecue.events.show import CommandAsked

Short = Annotated[str, msgspec.Meta(max_length=500)]


class WakeGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """People of the private domain who may be told: ``consent`` says that they agreed to messages and can refuse."""

    group: Id
    title: Short = ""
    people: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = 0
    consent: bool = False
    text: Annotated[str, msgspec.Meta(max_length=1_000)] = ""


class TrafficPlanSet(CommandAsked, frozen=True, kw_only=True):
    """What a room has ready for an emergency, whole: groups to wake, other places to go to, how much may be spent."""

    groups: tuple[WakeGroup, ...] = ()
    places: tuple[Id, ...] = ()
    """Ids of platforms on which the team has an account of its own."""
    extra_budget: Annotated[int, msgspec.Meta(ge=0, le=10**12)] = 0
    """Minor units that may be spent in an emergency beyond the plan; 0 is nothing."""
    break_even: float = 0.0
    """Break-even ROI (M56) of this room's goods; 0 is unknown."""


class TrafficNoticed(Event, frozen=True, kw_only=True):
    """Traffic is under its baseline (R009); ``sudden`` by half of what was before (R007). Nobody has looked yet."""

    emergency: str
    share: float
    """Views of 5 minutes over the baseline."""
    views: int
    baseline: float
    base: str
    """like_shows (the room's shows of four weeks) or this_show."""
    sudden: bool = False
    when: int = 0


class TrafficVerified(CommandAsked, frozen=True, kw_only=True):
    """A person looked where it comes from: ``cause`` push, ads, stream, rhythm, other; or ``real`` is False."""

    emergency: Id
    cause: Short = ""
    real: bool = True
    note: Short = ""


class TrafficStepAsked(CommandAsked, frozen=True, kw_only=True):
    """A prepared step is begun, done or dropped: ``move`` begin, confirm (by a second person), done or drop."""

    emergency: Id
    step: Id
    move: str
    note: Short = ""


class TrafficMoved(Event, frozen=True, kw_only=True):
    """An emergency went on; ``what`` is noticed, verified, dismissed, step, rising, fallen, held or ended."""

    emergency: str
    what: str
    state: str
    share: float = -1.0
    by: str = ""
    step: str = ""
    move: str = ""
    note: Short = ""
    when: int = 0


class TrafficReported(Event, frozen=True, kw_only=True):
    """A show's traffic against its baseline (R010): ``swing`` of the whole, -9 unknown; the worst 5 minutes."""

    show: str
    swing: float
    within: bool
    lowest: float
    outside_min: int
    base: str
    emergencies: int = 0
    when: Millis = 0
