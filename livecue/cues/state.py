"""What ``Cues`` knows of a room between two batches: an immutable value, swapped after the commit."""

import msgspec

from livecue.cues.cue import Cue
from livecue.cues.past.noting import Memo
from livecue.cues.presets import InForce
from livecue.cues.scene import Heard, Suspended
from livecue.flow import RoomInfo
from livecue.reference import Place, Threshold

KEPT_JUDGED = 40
"""Judged cues that stay in the picture."""


class Duty(msgspec.Struct, frozen=True, array_like=True):
    """A person holds a role now."""

    person: str
    role: str
    name: str = ""


class Fired(msgspec.Struct, frozen=True, array_like=True):
    """When a rule last fired for a subject. ``clear``: it recovered since, so it may fire again after its cool-down."""

    at: int
    clear: bool = False
    mark: int = 0


class Counts(msgspec.Struct, frozen=True):
    """Of the running show."""

    raised: int = 0
    done: int = 0
    dismissed: int = 0
    expired: int = 0
    useful: int = 0


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What goes into the snapshot. The dicts are never changed in place."""

    show: str = ""
    active: bool = False
    """A show (or at least a stream) is on air: rules run."""
    slot: int = 0
    """Number of the last 5 s boundary at which every rule was asked."""
    duty: tuple[Duty, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    heard: Heard = Heard()
    news: bool = False
    """Somebody said something since the rules about words were asked."""
    stock_moved: bool = False
    cues: dict[str, Cue] = {}
    """Open ones, and ended ones that wait for their judgement."""
    judged: tuple[Cue, ...] = ()
    """The last judged ones."""
    fired: dict[str, Fired] = {}
    held: dict[str, str] = {}
    """Signals that could not become a cue yet, and why: said once."""
    interrupted: dict[str, int] = {}
    """When each host was last interrupted."""
    suspended: dict[str, Suspended] = {}
    part: tuple[int, int] = (0, 0)
    """When the running segment and the pinned product's pitch began."""
    turns: tuple[int, ...] = ()
    """When segments and pitches changed lately: what is judged must not run across one."""
    counts: Counts = Counts()
    memo: Memo = Memo()
    """What the next row of the past needs."""


class CuesState(msgspec.Struct, frozen=True):
    """``kept``, and what follows from it."""

    room: RoomInfo
    kept: Kept
    rules: InForce


def opened(room: RoomInfo, kept: Kept, now: int = 0) -> CuesState:
    """The state with the presets in force at ``now``."""
    place = Place(platform=room.platform, category=room.category, currency=room.currency)
    return CuesState(room=room, kept=kept, rules=InForce(place, kept.thresholds, now))


def key_of(rule: str, subject: str) -> str:
    """Twins have the same key."""
    return f"{rule}\x1f{subject}"
