"""M67, the hit rate of accepted proposals, as fixed in the decision record before anything was counted."""

from collections.abc import Mapping, Sequence

import msgspec

from livecue.metrics import ProductTotals
from livecue.planning.selection.presets import PRESETS

DAY_MS = 24 * 3600 * 1000


class Chosen(msgspec.Struct, frozen=True):
    """An item of an accepted proposal, with the category it was proposed in."""

    show: str
    product: str
    category: str


class HitRate(msgspec.Struct, frozen=True, kw_only=True):
    """``rate`` None: nothing can be judged yet. ``waiting``: proposed, the show not run; ``unjudged``: shown without
    exposures told, or too few items of its category to have a top fifth; ``unshown``: proposed and not shown."""

    rate: float | None
    hits: int
    judged: int
    waiting: int
    unjudged: int
    unshown: int
    shows: int
    target: float
    items: tuple[tuple[str, str, bool], ...] = ()
    """(show, product, hit) of what is judged, newest show last."""


def hit_rate(chosen: Sequence[Chosen], past: Sequence[ProductTotals], categories: Mapping[str, str]) -> HitRate:
    """Judge every proposed item against all items of its category that were shown within 90 days before its show's end.

    ``past``: what products came to in ended shows (M41, M28.exposures); ``categories``: of every product.
    """
    shown = {(row.show, row.product): row for row in past}
    ended = {row.show: row.ended_at or row.began_at for row in past}
    rates = [
        (row.show, row.product, categories.get(row.product, ""), ended[row.show], rate)
        for row in past
        if (rate := _rate(row)) is not None
    ]
    judged: list[tuple[str, str, bool]] = []
    waiting = unjudged = unshown = 0
    for item in chosen:
        if item.show not in ended:
            waiting += 1
            continue
        row = shown.get((item.show, item.product))
        mine = None if row is None else _rate(row)
        if row is None:
            unshown += 1
            continue
        end = ended[item.show]
        others = [
            rate
            for _, _, category, at, rate in rates
            if category == item.category and end - PRESETS.hit.days * DAY_MS <= at <= end
        ]
        if mine is None or len(others) < PRESETS.hit.least_in_category:
            unjudged += 1
            continue
        size = max(int(PRESETS.hit.top_share * len(others)), 1)
        bound = sorted(others, reverse=True)[size - 1]
        judged.append((item.show, item.product, mine >= bound and mine > 0))
    hits = sum(hit for _, _, hit in judged)
    return HitRate(
        rate=hits / len(judged) if judged else None,
        hits=hits,
        judged=len(judged),
        waiting=waiting,
        unjudged=unjudged,
        unshown=unshown,
        shows=len({show for show, _, _ in judged}),
        target=PRESETS.hit.target,
        items=tuple(judged),
    )


def _rate(row: ProductTotals) -> float | None:
    exposures = row.figures.get("M28.exposures", 0.0)
    return row.figures.get("M41", 0.0) / exposures if exposures > 0 else None
