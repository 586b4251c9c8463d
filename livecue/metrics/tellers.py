"""Who tells what, when last, and when nobody did: the source and the age of every figure."""

from collections.abc import Iterable, Sequence

import msgspec

from livecue.metrics.columns import KIND, KINDS, LIVELY
from livecue.metrics.reading import NO_SOURCE, STALE

OWN = "livecue"
"""The teller of what we judge and measure ourselves."""
SILENT_MS = 120_000
"""A source of entries, likes or comments that says nothing for this long is taken as gone."""
BLIND_SHARE = 0.1
"""A count over a window in which the source was gone for more than this share is unknown."""
_NEVER = -1
_MOST_TELLERS = 32
_MOST_GAPS = 24


class Gap(msgspec.Struct):
    """``feed`` was gone from ``start`` to ``end`` (room ms); ``end`` 0 is still gone."""

    feed: str
    start: int
    end: int = 0


class Teller(msgspec.Struct):
    """One source of this room's events (``unit.source``)."""

    name: str
    at: list[int] = msgspec.field(default_factory=lambda: [_NEVER] * len(KINDS))
    """Room time of the newest input of each kind; -1 is never."""
    gaps: list[Gap] = []

    def tells(self, kinds: Iterable[int]) -> bool:
        """Whether it ever told one of the kinds in this room."""
        return any(self.at[kind] > _NEVER for kind in kinds)

    def silent(self, now: int) -> bool:
        """Whether it is gone, or lively and has said nothing for too long."""
        if any(not gap.end for gap in self.gaps):
            return True
        return self.tells(LIVELY) and now - max(self.at) > SILENT_MS

    def blind(self, start: int, end: int) -> int:
        """Milliseconds of the span in which it was gone."""
        if not self.gaps:
            return 0
        covered, reached = 0, start
        for gap in sorted(self.gaps, key=lambda gap: gap.start):
            first, last = max(gap.start, reached), min(gap.end or end, end)
            if last > first:
                covered += last - first
                reached = last
        return covered


class Tellers(msgspec.Struct):
    """All sources of the room; they outlive a show."""

    known: dict[str, Teller] = {}

    def of(self, source: str) -> Teller:
        """The teller of that name; a room that hears more of them than anyone can run forgets the oldest."""
        teller = self.known.get(source)
        if teller is None:
            if len(self.known) >= _MOST_TELLERS:
                oldest = min((name for name in self.known if name != OWN), key=lambda name: max(self.known[name].at))
                del self.known[oldest]
            teller = self.known[source] = Teller(source)
        return teller

    def gone(self, feed: str, source: str, now: int) -> None:
        """``feed`` stopped; a feed that fits no source stops them all, since we cannot know better."""
        for teller in self._of_feed(feed, source):
            if not any(gap.feed == feed and not gap.end for gap in teller.gaps):
                teller.gaps.append(Gap(feed, now))
                del teller.gaps[:-_MOST_GAPS]

    def back(self, feed: str, now: int) -> None:
        """``feed`` is back."""
        for teller in self.known.values():
            for gap in teller.gaps:
                if gap.feed == feed and not gap.end:
                    gap.end = max(now, gap.start + 1)

    def _of_feed(self, feed: str, source: str) -> list[Teller]:
        others = [teller for teller in self.known.values() if teller.name != OWN]
        named = [teller for teller in others if teller.name.startswith(feed) or feed.startswith(teller.name)]
        if named:
            return named
        return [teller for teller in others if teller.name == source and max(teller.at) > _NEVER] or others

    def frozen(self) -> list[Teller]:
        """Copies as they are now."""
        return [
            Teller(teller.name, teller.at.copy(), [Gap(gap.feed, gap.start, gap.end) for gap in teller.gaps])
            for teller in self.known.values()
        ]


class Account(msgspec.Struct, frozen=True):
    """What the sources say of one figure: ``why`` it is unknown ("" when it is not), its age and who told it."""

    why: str
    at: int
    source: str


def account(
    tellers: Sequence[Teller], needs: Sequence[tuple[str, ...]], now: int, since: int, counted: bool
) -> Account:
    """Check every group of ``needs`` (any kind of a group is enough).

    ``since`` > 0 asks for a rolling window from then to ``now``: its sources must be alive, and for a plain count
    (``counted``) they must not have been gone for a relevant part of it.
    """
    why, newest, names = "", 0, list[str]()
    for group in needs:
        telling: list[Teller] = []
        for teller in tellers:
            at = _NEVER
            for name in group:
                at = max(at, teller.at[KIND[name]])
            if at > _NEVER:
                telling.append(teller)
                newest = max(newest, at)
                if teller.name not in names:
                    names.append(teller.name)
        if not telling:
            return Account(NO_SOURCE, 0, "")
        if since:
            silent = all(teller.silent(now) for teller in telling)
            blind = counted and min(teller.blind(since, now) for teller in telling) > BLIND_SHARE * (now - since)
            if silent or blind:
                why = STALE
    return Account(why, newest, names[0] if len(names) == 1 else ", ".join(names) or OWN)
