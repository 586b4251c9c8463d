"""Reads the figures of an ended show out of the pictures: the measured part of its debrief."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import msgspec

from livecue.debrief.body import (
    CarriedLine,
    DebriefBody,
    FunnelStep,
    GoalLine,
    HostLine,
    ProductLine,
    SegmentLine,
    SourceLine,
    UsualLine,
)
from livecue.debrief.notes import Notes
from livecue.debrief.presets import SETTINGS
from livecue.flow import RoomInfo
from livecue.metrics import DEFINITIONS, MetricsPicture, Reading, Readings
from livecue.reference import Words
from livecue.sales import SalesPicture
from livecue.shows import SegmentState, ShowsPicture
from livecue.work import WorkPicture

TRAFFIC = (
    "M01", "M01.people", "M02", "M03", "M04", "M05", "M07", "M08", "M09", "M10", "M10.view", "M11.minute", "M13.1",
    "M13", "M17",
)  # fmt: skip
INTERACTION = (
    "M19", "M20", "M21", "M21.count", "M22", "M23", "M25.likes", "M25.comments", "M25.shares", "M25.gifts",
    "M25.questions", "M25.intents", "M25.complaints",
)  # fmt: skip
MONEY = (
    "M40", "M40.orders", "M41", "M41.orders", "M41.units", "M41.buyers", "M44", "M45", "M46", "M47", "M48", "M49",
    "M50.hour", "M51", "M52", "M53", "M58",
)  # fmt: skip
NET = ("M42", "M59", "M59.orders", "M59.unshipped", "M59.shipped")
SERVICE = ("M77", "M79", "M91", "M93", "M94")
RATES = ("M26", "M27", "M28", "M30", "M31", "M32", "M33", "M34", "M35")
"""Rates of the funnel besides those from step to step."""
SEGMENT = ("M09", "M03", "M04", "M07", "M08", "M19", "M25.comments", "M28", "M34", "M41", "M41.orders", "M44", "M45")
PRODUCT = (
    "M28.exposures", "M28.clicks", "M28", "M27", "M33", "M34", "M38", "M50", "M40.orders", "M41.orders", "M41.units",
    "M41", "M42", "M59",
)  # fmt: skip
SOURCE = ("M12", "M03", "M04", "M35", "M41.orders", "M41", "M44", "M45")
HOST = ("M09", "M41", "M41.orders")
USUAL = ("M41", "M03", "M04", "M08", "M10", "M19", "M34", "M35", "M44", "M45")
"""Figures that are compared with the room's earlier shows."""
SOURCES = ("feed", "follow", "video", "square", "search", "paid", "outside", "unknown", "other")
_DAY_MS = 24 * 3600 * 1000
_LEAST_SHOWS = 3
PARTLY = "partly"
"""``why`` of a sum of which a part is unknown."""


class PastShow(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of an earlier show to compare with; unknown figures are absent."""

    show: str
    values: dict[str, float]


class NoReadings:
    """Figures of a show that can no longer be asked for: the next one had begun."""

    def reading(self, metric: str, window: str = "5m", scope: str = "room") -> Reading:
        """Unknown, with the reason."""
        return Reading(metric=metric, window=window, scope=scope, unit=_unit(metric), why="next_show")

    def minutes_of(self, metric: str, count: int) -> list[float | None]:
        """Nothing."""
        return []


def measured(
    room: RoomInfo, notes: Notes, pictures: Mapping[str, Any], past: Sequence[PastShow], now: int
) -> DebriefBody:
    """The debrief of the show that ``pictures`` tell of, without what is concluded from it."""
    shows: ShowsPicture = pictures["shows"]
    metrics: MetricsPicture = pictures["metrics"]
    sales: SalesPicture = pictures["sales"]
    work: WorkPicture = pictures["work"]
    screen = metrics.screen()
    segments = [_segment(metrics, line) for line in shows.segments]
    unplanned = not (shows.segments or shows.products or shows.goals) and shows.starts_at == shows.started_at
    products = _products(metrics, shows, [*(view.product for view in sales.stock), *screen.products], notes)
    return _whole(
        room,
        metrics,
        now,
        show=shows.show,
        title=shows.title,
        starts_at=0 if unplanned else shows.starts_at,
        started_at=shows.started_at,
        ended_at=shows.ended_at,
        segments=segments,
        sources=_sources(metrics, screen.sources),
        products=products,
        hosts=_hosts(segments),
        goals=[_goal(metrics, metric, target) for metric, target in sorted(shows.goals.items())],
        usual=[_usual(metrics, metric, past) for metric in USUAL],
        carried=[
            CarriedLine(
                improvement=item.improvement,
                title=item.title,
                role=item.role,
                state=item.state,
                words=Words(item.title_zh, item.title_en) if item.title_en else None,
            )
            for item in work.improvements
            if item.carried_to == shows.show
        ],
    )


def unmeasured(room: RoomInfo, notes: Notes, ended_at: int, now: int) -> DebriefBody:
    """The debrief of a show after which another began before any figure was read: all of them unknown."""
    return _whole(
        room,
        NoReadings(),
        now,
        show=notes.show,
        title=notes.title,
        starts_at=0,
        started_at=notes.started_at,
        ended_at=ended_at,
        segments=[],
        sources=[],
        products=[],
        hosts=[],
        goals=[],
        usual=[],
        carried=[],
    )


def remembered(body: DebriefBody) -> PastShow:
    """What later shows are compared with."""
    values = {line.actual.metric: line.actual.value for line in body.usual}
    return PastShow(body.show, {metric: value for metric, value in values.items() if value is not None})


def _whole(room: RoomInfo, figures: Readings, now: int, *, ended_at: int, **parts: Any) -> DebriefBody:
    return DebriefBody(
        org=room.org,
        brand=room.brand,
        room=room.room,
        room_name=room.name,
        platform=room.platform,
        nature=room.nature,
        currency=room.currency,
        time_zone=room.time_zone,
        language=room.language,
        ended_at=ended_at,
        measured_at=now,
        written_at=0,
        revised_at=0,
        funnel=_funnel(figures),
        funnel_rates=_of(figures, RATES),
        money=_of(figures, MONEY),
        net=_of(figures, NET),
        net_at=now,
        return_days=SETTINGS.return_days,
        net_until=ended_at + SETTINGS.return_days * _DAY_MS,
        traffic=_of(figures, TRAFFIC),
        interaction=_of(figures, INTERACTION),
        service=_of(figures, SERVICE),
        **parts,
    )


def _of(figures: Readings, metrics: Sequence[str], scope: str = "room") -> list[Reading]:
    return [figures.reading(metric, "show", scope) for metric in metrics]


def _unit(metric: str) -> str:
    definition = DEFINITIONS.get(metric)
    return definition.unit if definition else ""


# The funnel: people of a step over people of the step before, beside the plain counts.


def _funnel(figures: Readings) -> list[FunnelStep]:
    def read(metric: str) -> Reading:
        return figures.reading(metric, "show", "room")

    exposed, created = read("M26"), read("M31")
    return [
        FunnelStep(step="impressions", times=read("M01"), people=read("M01.people")),
        FunnelStep(step="entries", times=read("M03"), people=read("M02"), rate=read("M05")),
        FunnelStep(step="exposures", times=read("M28.exposures"), people=_above(exposed, "M26.people"), rate=exposed),
        FunnelStep(step="clicks", times=read("M28.clicks"), people=read("M27.people"), rate=read("M27")),
        FunnelStep(step="created", times=read("M40.orders"), people=_above(created, "M31.people"), rate=created),
        FunnelStep(step="paid", times=read("M41.orders"), people=read("M41.buyers"), rate=read("M32")),
    ]


def _above(rate: Reading, metric: str) -> Reading:
    """The people above the line of a rate, as a figure of their own."""
    known = rate.num is not None
    return msgspec.structs.replace(
        rate,
        metric=metric,
        unit="people",
        value=rate.num,
        sample=int(rate.num or 0),
        num=rate.num,
        den=None,
        why="" if known else rate.why,
    )


# Segments, products, sources, hosts.


def _segment(figures: Readings, line: SegmentState) -> SegmentLine:
    found = _of(figures, SEGMENT, "segment:" + line.segment)
    by_metric = {reading.metric: reading.value for reading in found}
    ran = line.started_at > 0
    spent, gmv, orders = by_metric["M09"], by_metric["M41"], by_metric["M41.orders"]
    length = line.planned_end - line.planned_start
    return SegmentLine(
        segment=line.segment,
        part=line.part,
        title=line.title,
        product=line.product,
        host=line.host,
        planned_start=line.planned_start,
        planned_end=line.planned_end,
        started_at=line.started_at,
        ended_at=line.ended_at,
        start_drift_ms=line.started_at - line.planned_start if ran else None,
        length_drift_ms=round(spent * 1000) - length if ran and spent is not None and length else None,
        target_gmv=line.target_gmv,
        target_orders=line.target_orders,
        gmv_attained=gmv / line.target_gmv if gmv is not None and line.target_gmv else None,
        orders_attained=orders / line.target_orders if orders is not None and line.target_orders else None,
        figures=found,
    )


def _products(figures: Readings, shows: ShowsPicture, others: Sequence[str], notes: Notes) -> list[ProductLine]:
    lines = []
    cards = {card.product: card for card in shows.products}
    for product in dict.fromkeys([*cards, *sorted(set(others))]):
        found = _of(figures, PRODUCT, "product:" + product)
        card = cards.get(product)
        if card is None and not any(reading.value for reading in found):
            continue
        sold_out = notes.sold_out.get(product)
        lines.append(
            ProductLine(
                product=product,
                name=card.name if card else product,
                role=card.role if card else "",
                number=card.number if card else 0,
                price=card.price if card else 0,
                planned=card is not None,
                sold_out_at=sold_out.first_at if sold_out else 0,
                sold_out_listed_ms=sold_out.listed_ms if sold_out else 0,
                figures=found,
            )
        )
    return lines


def _sources(figures: Readings, others: Mapping[str, Any]) -> list[SourceLine]:
    lines = []
    for via in dict.fromkeys([*SOURCES, *sorted(others)]):
        found = _of(figures, SOURCE, "source:" + via)
        if any(reading.value for reading in found):
            lines.append(SourceLine(via=via, figures=found))
    return lines


def _hosts(segments: Sequence[SegmentLine]) -> list[HostLine]:
    lines = []
    ran = [line for line in segments if line.started_at]
    for host in dict.fromkeys(line.host for line in ran):
        mine = [line for line in ran if line.host == host]
        added = [_added([_figure(line.figures, metric) for line in mine], "host:" + host) for metric in HOST]
        lines.append(HostLine(host=host, segments=[line.segment for line in mine], figures=[*added, _per_hour(added)]))
    return lines


def _added(readings: Sequence[Reading], scope: str) -> Reading:
    """Readings of one metric over several segments as one; unknown as soon as one of them is."""
    first = readings[0]
    lacking = next((reading for reading in readings if reading.value is None), None)
    if lacking is not None:
        why = lacking.why if len(readings) == 1 else PARTLY
        return Reading(metric=first.metric, window="show", scope=scope, unit=first.unit, why=why)
    return msgspec.structs.replace(
        first,
        scope=scope,
        value=sum(reading.value or 0.0 for reading in readings),
        num=sum(reading.num or 0.0 for reading in readings),
        sample=sum(reading.sample for reading in readings),
        at=max(reading.at for reading in readings),
    )


def _per_hour(added: Sequence[Reading]) -> Reading:
    spent, gmv, orders = added
    why = gmv.why or spent.why or ("" if spent.value else "zero_denominator")
    return Reading(
        metric="M50.hour",
        window="show",
        scope=gmv.scope,
        unit="money/hour",
        value=None if why or gmv.value is None or not spent.value else gmv.value / spent.value * 3600,
        num=gmv.value,
        den=spent.value,
        sample=orders.sample,
        at=gmv.at,
        source=gmv.source,
        why=why,
    )


def _figure(figures: Sequence[Reading], metric: str) -> Reading:
    return next(reading for reading in figures if reading.metric == metric)


# Against what was wanted and what is usual.


def _goal(figures: Readings, metric: str, target: int) -> GoalLine:
    actual = figures.reading(metric, "show", "room")
    attained = actual.value / target if actual.value is not None and target else None
    return GoalLine(metric=metric, target=target, actual=actual, attained=attained)


def _usual(figures: Readings, metric: str, past: Sequence[PastShow]) -> UsualLine:
    values = [show.values[metric] for show in past if metric in show.values]
    usual = median(values) if len(values) >= _LEAST_SHOWS else None
    return UsualLine(actual=figures.reading(metric, "show", "room"), usual=usual, shows=len(values))
