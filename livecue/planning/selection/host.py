"""How a host sells a category against the other hosts of the brand, out of past shows and shrunk towards 1.

What an item would have sold is what the others sold of it per exposure, so a host who was given the best sellers gains
nothing by them. The share of what came about to what was to be expected is drawn towards 1 by as many pieces as hosts
differ by chance (gamma and Poisson). A category that nobody else has sold tells nothing: it is not in the answer.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from livecue.metrics import ProductTotals
from livecue.planning.selection.presets import PRESETS

Selling = Mapping[tuple[str, str], Collection[str]]
"""(show, product) to the hosts who sold it there."""


class HostFit(msgspec.Struct, frozen=True, kw_only=True):
    """``fit`` 1.0: as the others; ``pieces`` paid, ``expected`` had the others sold it; ``shows`` behind."""

    fit: float
    pieces: float
    expected: float
    shows: int


def host_fits(
    past: Sequence[ProductTotals], selling: Selling, categories: Mapping[str, str], host: str
) -> dict[str, HostFit]:
    """By category. Rows that more than one host sold together count for each of them by equal parts."""
    mine: dict[str, tuple[float, float]] = {}
    others: dict[str, tuple[float, float]] = {}
    shows: dict[str, set[str]] = {}
    for row in past:
        exposures, pieces = row.figures.get("M28.exposures", 0.0), row.figures.get("M41.units", 0.0)
        sellers = selling.get((row.show, row.product), ())
        if exposures <= 0 or not sellers or not categories.get(row.product):
            continue
        part = sum(one == host for one in sellers) / len(sellers)
        for share, kept in ((part, mine), (1 - part, others)):
            if share > 0:
                had = kept.get(row.product, (0.0, 0.0))
                kept[row.product] = (had[0] + share * pieces, had[1] + share * exposures)
        if part:
            shows.setdefault(categories[row.product], set()).add(row.show)
    return _fits(mine, others, shows, categories)


def _fits(
    mine: Mapping[str, tuple[float, float]],
    others: Mapping[str, tuple[float, float]],
    shows: Mapping[str, set[str]],
    categories: Mapping[str, str],
) -> dict[str, HostFit]:
    sold: dict[str, float] = {}
    seen: dict[str, float] = {}
    for product, (pieces, exposures) in others.items():
        category = categories[product]
        sold[category] = sold.get(category, 0.0) + pieces
        seen[category] = seen.get(category, 0.0) + exposures
    assumed = PRESETS.assumed
    came: dict[str, float] = {}
    expected: dict[str, float] = {}
    for product, (pieces, exposures) in mine.items():
        category = categories[product]
        if sold.get(category, 0.0) <= 0:
            continue
        usual = sold[category] / seen[category]
        theirs, by_them = others.get(product, (0.0, 0.0))
        # What the others made of this very item, drawn towards its category by `host_item_exposures` exposures.
        strength = assumed.host_item_exposures
        rate = (theirs + usual * strength) / (by_them + strength)
        came[category] = came.get(category, 0.0) + pieces
        expected[category] = expected.get(category, 0.0) + rate * exposures
    strength, low, high = assumed.host_pieces, assumed.host_low, assumed.host_high
    return {
        category: HostFit(
            fit=min(max((pieces + strength) / (expected[category] + strength), low), high),
            pieces=pieces,
            expected=expected[category],
            shows=len(shows.get(category, ())),
        )
        for category, pieces in came.items()
    }
