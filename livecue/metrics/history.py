"""Figures of past shows and minutes, read from the rows; callers check whose room it is."""

import msgspec

from livecue.metrics import tables
from livecue.metrics.talks import FROM_START, TO_END
from livecue.store import Reader


class MinutePoint(msgspec.Struct, frozen=True):
    """One full minute; ``minute`` is its start (room ms), ``value`` None is unknown."""

    minute: int
    value: float | None


class ShowTotal(msgspec.Struct, frozen=True):
    """A metric over a whole show; ``as_of`` is the room time of the newest change (refunds keep arriving)."""

    metric: str
    scope: str
    value: float | None
    num: float | None
    den: float | None
    sample: int
    why: str
    as_of: int


class PastShow(msgspec.Struct, frozen=True):
    """A show whose totals are kept. Times are room ms."""

    show: str
    title: str
    began_at: int
    ended_at: int
    currency: str


class PastFigure(msgspec.Struct, frozen=True):
    """One metric of one past show."""

    show: str
    began_at: int
    ended_at: int
    value: float | None
    sample: int
    why: str


def minute_series(db: Reader, room: str, show: str, metric: str, scope: str = "room") -> list[MinutePoint]:
    """A metric of every full minute of a show, in order; minutes in which nothing was heard are absent."""
    return [MinutePoint(*row) for row in db.rows(tables.MINUTES, (room, show, metric, scope))]


def show_totals(db: Reader, room: str, show: str) -> list[ShowTotal]:
    """All totals of an ended show, every scope; empty while it runs."""
    return [ShowTotal(*row) for row in db.rows(tables.TOTALS, (room, show))]


def past_shows(db: Reader, room: str, limit: int = 50) -> list[PastShow]:
    """The room's ended shows, newest first."""
    return [PastShow(*row) for row in db.rows(tables.SHOWS, (room, limit))]


def past_figures(db: Reader, room: str, metric: str, scope: str = "room", limit: int = 50) -> list[PastFigure]:
    """One metric over the room's ended shows, newest first: what "like shows" are compared by."""
    return [PastFigure(*row) for row in db.rows(tables.TOTAL_SERIES, (room, metric, scope, limit))]


class ProductTotals(msgspec.Struct, frozen=True):
    """What one product came to in one ended show: known figures by metric."""

    room: str
    show: str
    began_at: int
    ended_at: int
    product: str
    figures: dict[str, float]


def product_totals(
    db: Reader, org: str, brand: str, since: int, metrics: frozenset[str] = frozenset()
) -> list[ProductTotals]:
    """Products of a brand's shows that began at ``since`` or later, oldest first; every metric when none is named."""
    found: dict[tuple[str, str, str], ProductTotals] = {}
    for room, show, began, ended, scope, metric, value in db.rows(tables.PRODUCTS, (org, brand, since)):
        if value is None or (metrics and metric not in metrics):
            continue
        product = scope.removeprefix("product:")
        row = found.setdefault((room, show, product), ProductTotals(room, show, began, ended, product, {}))
        row.figures[metric] = value
    return list(found.values())


def showcase_curve(db: Reader, room: str, show: str, product: str) -> tuple[list[int], list[int]]:
    """M39 of an ended show: paid orders per 10 s from the start of the talks, and around their end."""
    start, end = [0] * FROM_START, [0] * (TO_END + 6)
    for side, step, orders in db.rows(tables.CURVE, (room, show, product)):
        (start if side == "start" else end)[step] = orders
    return start, end
