"""The brief a person starts from: phases with the audience of past shows, quotas the pool can fill."""

from collections.abc import Sequence

from livecue.metrics import minute_series, past_shows
from livecue.planning.selection.candidate import Brief, Candidate, Phase, Rule
from livecue.store import Reader

_CURVE = (0.5, 0.8, 1.0, 1.0, 0.8, 0.6)
"""Audience by sixth of a show, as a share of its best: our default where no show has run (D)."""
_AUDIENCE = 300.0
_SHOWS = 8
LENGTHS = (3.0, 4.0, 5.0, 6.0, 7.0, 8.0)
_ROLES = {"hook": (0.1, 0.25), "deal": (0.05, 0.2), "profit": (0.3, 0.6), "prestige": (0.0, 0.1)}
"""Least and most share of the items by role (R045: hook, profit and prestige in every show); ours (D)."""


class Audience:
    """Average audience by sixth of a show, and from how many shows it is known (0: assumed)."""

    def __init__(self, shares: tuple[float, ...], shows: int) -> None:
        self.shares, self.shows = shares, shows


def audience_of(db: Reader, room: str) -> Audience:
    """From the room's newest shows (M08 by minute)."""
    sums, counts, shows = [0.0] * len(_CURVE), [0] * len(_CURVE), 0
    for show in past_shows(db, room, _SHOWS):
        points = [point for point in minute_series(db, room, show.show, "M08") if point.value is not None]
        length = show.ended_at - show.began_at
        if length <= 0 or len(points) < len(_CURVE):
            continue
        shows += 1
        for point in points:
            place = min(max(int((point.minute - show.began_at) / length * len(_CURVE)), 0), len(_CURVE) - 1)
            sums[place] += point.value or 0.0
            counts[place] += 1
    if not shows or not all(counts):
        return Audience(tuple(share * _AUDIENCE for share in _CURVE), 0)
    return Audience(tuple(total / count for total, count in zip(sums, counts, strict=True)), shows)


def suggested(items: Sequence[Candidate], audience: Audience, minutes: float = 120.0) -> Brief:
    """A brief for a show of this length that the pool can fill."""
    most = max(min(round(minutes / 5), len(items)), 1)
    each = minutes / len(audience.shares)
    best = sorted(audience.shares, reverse=True)[:2][-1]
    rules = []
    for role, (low, high) in _ROLES.items():
        there = sum(item.role == role for item in items)
        if there:
            least = float(min(max(round(low * most), int(role != "deal")), there))
            rules.append(Rule(rule=role, by="role", values=(role,), low=least, high=float(max(round(high * most), 1))))
    return Brief(
        phases=tuple(
            Phase(phase=str(n + 1), minutes=each, audience=round(share, 1), golden=share >= best)
            for n, share in enumerate(audience.shares)
        ),
        lengths=LENGTHS,
        least=1,
        most=most,
        rules=tuple(rules),
        each_supplier=0,
        each_category=max(round(most / 3), 2),
    )
