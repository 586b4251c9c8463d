"""What the desk remembers of a room: bounded, immutable, and the picture it gives."""

from dataclasses import dataclass

import msgspec

from livecue.desk.products import Lineup
from livecue.events import ProductCard
from livecue.flow import RoomInfo
from livecue.reference import DESK_PRESETS, DeskBounds, Place, Threshold, desk_bounds

JUDGED = 60
"""Newest judgements shown beside the comments."""
MOST_WAITING = 300
"""Held in memory, the oldest first. What comes beyond waits as a row, counted in ``Kept.beyond``: answered with those
who ask the same, and taken in when half of these are dealt with. None is lost."""
MOST_CLOSED = 300
MOST_CLUSTERS = 120
MOST_ASKERS = 400
BUCKET_MS = 15_000
_SHOWN_HOT = 8
_SHOWN_FOR_HOST = 6


class JudgedView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A judgement beside its comment; ``hidden`` proposes to hide it for ``reason``; ``flagged``: words found in it."""

    label: str
    topic: str = ""
    product: str = ""
    confidence: float = 0.0
    hidden: bool = False
    reason: str = ""
    for_host: bool = False
    flagged: tuple[str, ...] = ()


class Waiting(msgspec.Struct, frozen=True):
    """A question nobody has answered; ``when`` in room ms."""

    cluster: str
    text: str
    topic: str
    product: str
    for_host: bool
    when: int
    show: str


class Cluster(msgspec.Struct, frozen=True):
    """One question asked by many. ``counts`` by spans of 15 s; ``askers``: who asked, and in which span."""

    topic: str
    product: str
    text: str
    since: int
    counts: dict[int, int]
    askers: dict[str, int]

    def asked(self, since: int) -> int:
        """How often it was asked from the span ``since`` on; a person counts once."""
        return sum(count for span, count in self.counts.items() if span >= since)


class Kept(msgspec.Struct, frozen=True):
    """Everything of a room that outlives the process."""

    show: str = ""
    pinned: str = ""
    products: tuple[ProductCard, ...] = ()
    listed: dict[str, int] = {}
    judged: dict[str, JudgedView] = {}
    waiting: dict[str, Waiting] = {}
    beyond: dict[int, int] = {}
    """Span of 15 s to the questions asked in it that wait as rows."""
    closed: dict[str, str] = {}
    """Comment to how it was dealt with, the newest of them."""
    clusters: dict[str, Cluster] = {}
    counts: dict[str, int] = {}
    """Judgements of this show by label, and questions by how they were dealt with."""
    speech_at: int = 0
    span: int = 0
    """The newest span of 15 s in which old clusters were looked through."""
    thresholds: tuple[Threshold, ...] = ()
    """What people set of the desk's bounds."""


@dataclass(frozen=True, slots=True)
class DeskState:
    """What is kept of a room, and what follows from it: the lineup, and the bounds until ``until`` (room ms)."""

    room: RoomInfo
    kept: Kept
    lineup: Lineup
    bounds: DeskBounds = DESK_PRESETS[0].values
    until: int = 0

    def bounds_at(self, now: int) -> tuple[DeskBounds, int]:
        """The bounds that hold at room time ``now``, and until when."""
        return (self.bounds, self.until) if now < self.until else bounds_of(self.room, self.kept.thresholds, now)


def place_of(room: RoomInfo) -> Place:
    """What decides between presets."""
    return Place(platform=room.platform, category=room.category, currency=room.currency)


def bounds_of(room: RoomInfo, thresholds: tuple[Threshold, ...], now: int) -> tuple[DeskBounds, int]:
    """The bounds of a room with these settings at ``now``, and until when they hold."""
    return desk_bounds(place_of(room), thresholds, now)


class HotQuestion(msgspec.Struct, frozen=True):
    """A question asked often enough lately and not answered since ``since`` (room ms)."""

    topic: str
    text: str
    product: str
    count: int
    since: int


class HostQuestion(msgspec.Struct, frozen=True):
    """A question the host should hear: ``comment`` is the oldest of ``count`` that wait."""

    comment: str
    text: str
    product: str
    when: int
    topic: str
    count: int


class DeskPicture(msgspec.Struct, frozen=True):
    """The desk for the screens. ``oldest_wait_ms`` is 0 when nobody waits; ``speech``: watched or not_watched."""

    judged: dict[str, JudgedView]
    hot: list[HotQuestion]
    for_host: list[HostQuestion]
    waiting: int
    oldest_wait_ms: int
    speech: str
    counts: dict[str, int]


def picture_of(kept: Kept, now: int, bounds: DeskBounds) -> DeskPicture:
    """What the screens show at room time ``now``."""
    oldest = next(iter(kept.waiting.values()), None)
    heard = kept.speech_at > 0 and now - kept.speech_at <= bounds.speech_s * 1000
    return DeskPicture(
        judged=kept.judged,
        hot=_hot(kept, now, bounds),
        for_host=_for_host(kept, now, bounds.person_s * 1000),
        waiting=len(kept.waiting) + sum(kept.beyond.values()),
        oldest_wait_ms=max(0, now - oldest.when) if oldest else 0,
        speech="watched" if heard else "not_watched",
        counts=kept.counts,
    )


def _hot(kept: Kept, now: int, bounds: DeskBounds) -> list[HotQuestion]:
    since = int(now - bounds.hot_s * 1000) // BUCKET_MS + 1
    counted = [(cluster.asked(since), cluster) for cluster in kept.clusters.values()]
    found = [
        HotQuestion(cluster.topic, cluster.text, cluster.product, count, cluster.since)
        for count, cluster in counted
        if count >= bounds.hot_least
    ]
    return sorted(found, key=lambda item: (-item.count, item.since))[:_SHOWN_HOT]


def _for_host(kept: Kept, now: int, person_ms: float) -> list[HostQuestion]:
    """By how many wait and how long: one more person weighs as much as ``person_ms`` more."""
    grouped: dict[str, tuple[str, Waiting, int]] = {}
    for comment, item in kept.waiting.items():
        if item.for_host:
            first = grouped.get(item.cluster)
            grouped[item.cluster] = (comment, item, 1) if first is None else (first[0], first[1], first[2] + 1)
    ranked = sorted(grouped.values(), key=lambda found: (-(found[2] * person_ms + now - found[1].when), found[1].when))
    return [
        HostQuestion(comment, item.text, item.product, item.when, item.topic, count)
        for comment, item, count in ranked[:_SHOWN_FOR_HOST]
    ]
