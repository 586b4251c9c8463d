"""What came after a debrief was written: refunds, returns, what became of its improvements, and whether they helped."""

from collections.abc import Sequence

import msgspec

from livecue.catalog import list_products
from livecue.debrief.body import DebriefBody, Effect, ImprovementLine
from livecue.debrief.measure import PARTLY
from livecue.metrics import DEFINITIONS, MIXED, NO_SOURCE, ZERO, Reading, ShowTotal, show_totals
from livecue.reference import METRICS
from livecue.sales import Became, became
from livecue.shows import find_show
from livecue.store import Reader
from livecue.work import list_improvements

DAYS_AFTER = ("M57", "M60", "M61")
"""Figures that are no part of a debrief as it is kept: they are reckoned whenever it is read."""


def as_of_now(db: Reader, body: DebriefBody) -> DebriefBody:
    """The debrief with the newest that is kept."""
    kept = show_totals(db, body.room, body.show)
    return _with_states(db, _with_became(db, _with_refunds(body, kept)), kept)


def _with_refunds(body: DebriefBody, totals: Sequence[ShowTotal]) -> DebriefBody:
    """Refunds go on arriving after the night: ``metrics`` keeps the totals of the show up to date."""
    kept = {total.metric: total for total in totals if total.scope == "room"}
    net, as_of = list[Reading](), body.net_at
    for reading in body.net:
        total = kept.get(reading.metric)
        if total is not None and total.as_of > body.net_at:
            reading = msgspec.structs.replace(
                reading,
                value=total.value,
                num=total.num,
                den=total.den,
                sample=total.sample,
                why=total.why,
                at=max(reading.at, total.as_of),
            )
            as_of = max(as_of, total.as_of)
        net.append(reading)
    return msgspec.structs.replace(body, net=net, net_at=as_of)


def _with_became(db: Reader, body: DebriefBody) -> DebriefBody:
    """Commission, return rate and quality return rate: no room sees them, the rows of its orders do, days later."""
    found = became(db, body.room, body.started_at, body.ended_at, body.currency)
    sold = next((reading.value for reading in body.money if reading.metric == "M41.orders"), None)
    if not found.orders and sold != 0:
        # Nobody tells of orders, or their rows are kept no longer.
        figures = [_unknown(metric, NO_SOURCE) for metric in DAYS_AFTER]
    else:
        figures = [_commission(db, body, found), _return_rate(found), _quality_rate(found)]
    night = [reading for reading in body.net if reading.metric not in DAYS_AFTER]
    return msgspec.structs.replace(body, net=[*night, *figures])


def _commission(db: Reader, body: DebriefBody, found: Became) -> Reading:
    """M57 at the rates that the catalogue holds now; unknown when some of the money is of no product in it."""
    products = list_products(db, body.org, body.brand)
    rates = {row.card.product: row.commission_bp for row in products}
    by_sku = {sku: row.card.product for row in products for sku in row.card.skus}
    if found.foreign:
        return _unknown("M57", MIXED)
    if found.orders and not any(rates.values()):
        return _unknown("M57", NO_SOURCE)
    kept = dict[str, int]()
    for (product, sku), amount in found.kept.items():
        name = product or by_sku.get(sku, "")
        kept[name] = kept.get(name, 0) + amount
    if any(amount and product not in rates for product, amount in kept.items()):
        return _unknown("M57", PARTLY)
    whole = sum(round(amount * rates[product] / 10_000) for product, amount in kept.items() if amount)
    return _known("M57", whole, whole, None, found.orders, found.at)


def _return_rate(found: Became) -> Reading:
    """M60."""
    if not (found.tells_parcels and found.tells_returns):
        return _unknown("M60", NO_SOURCE)
    if found.parts_untold:
        return _unknown("M60", PARTLY)
    return _ratio("M60", found.returned, found.shipped, found.at)


def _quality_rate(found: Became) -> Reading:
    """M61."""
    if not found.tells_returns:
        return _unknown("M61", NO_SOURCE)
    if found.reasons_untold:
        return _unknown("M61", PARTLY)
    return _ratio("M61", found.quality, found.orders, found.at)


def _ratio(metric: str, num: int, den: int, at: int) -> Reading:
    return _known(metric, num / den, num, den, den, at) if den else _unknown(metric, ZERO)


def _known(metric: str, value: float, num: float, den: float | None, sample: int, at: int) -> Reading:
    return Reading(
        metric=metric, window="show", scope="room", value=value, unit=METRICS[metric].unit, sample=sample, num=num,
        den=den, at=at, source="livecue",
    )  # fmt: skip


def _unknown(metric: str, why: str) -> Reading:
    return Reading(metric=metric, window="show", scope="room", unit=METRICS[metric].unit, why=why)


def _with_states(db: Reader, body: DebriefBody, totals: Sequence[ShowTotal]) -> DebriefBody:
    """Its improvements as they stand, and what moved in the show that took them up."""
    known = {row.improvement: row for row in list_improvements(db, body.room, body.show) if row.show == body.show}
    # Most items of a list go into one plan: each show is read once.
    later = {show: show_totals(db, body.room, show) for show in {row.carried_to for row in known.values()} if show}
    fate = {show: "ended" if found else _status(db, body.room, show) for show, found in later.items()}
    lines = []
    for line in body.improvements:
        row = known.get(line.improvement)
        if row is not None:
            effect = None
            if row.carried_to and line.metrics:
                effect = _effect(body, line, totals, later[row.carried_to], fate[row.carried_to])
            line = msgspec.structs.replace(line, state=row.state, effect=effect)
        lines.append(line)
    return msgspec.structs.replace(body, improvements=lines)


def _status(db: Reader, room: str, show: str) -> str:
    """A show that ended without a figure is over as well; shows of other rooms may bear the same id."""
    found = find_show(db, show)
    return found.status if found is not None and found.room == room else ""


def _effect(
    body: DebriefBody, line: ImprovementLine, own: Sequence[ShowTotal], later: Sequence[ShowTotal], fate: str
) -> Effect:
    metric = line.metrics[0]
    scope = f"product:{line.subject}" if any(one.product == line.subject for one in body.products) else "room"
    unit = DEFINITIONS[metric].unit if metric in DEFINITIONS else ""

    def told(totals: Sequence[ShowTotal]) -> Reading:
        found = next((total for total in totals if (total.metric, total.scope) == (metric, scope)), None)
        if found is None:
            return Reading(metric=metric, window="show", scope=scope, unit=unit, why="no_source")
        return Reading(
            metric=metric, window="show", scope=scope, unit=unit, value=found.value, sample=found.sample, why=found.why
        )

    return Effect(before=told(own), after=told(later), ended=fate == "ended", called_off=fate == "cancelled")
