"""Every live metric by its id: the formula of domain sections 8.1 to 8.4 in the parts of ``formula``.

A point marks a variant: ``M25.likes`` is one of the counts of M25. Names, units and formulas in words are
those of ``livecue.reference.METRICS`` and of ``VARIANTS``.
"""

from dataclasses import dataclass

from livecue.metrics.formula import (
    Entered,
    Goal,
    Grown,
    Input,
    Less,
    Needs,
    OfRoom,
    OfSource,
    OnlineBefore,
    OnlineNow,
    Peak,
    People,
    Platform,
    Sum,
    Viewers,
    Views,
)
from livecue.metrics.spans import Span
from livecue.metrics.variants import VARIANTS
from livecue.reference import METRICS


@dataclass(frozen=True, slots=True)
class Definition:
    """``value = (num / num_scale) / (den / den_scale) * factor``; without ``den`` a count."""

    id: str
    unit: str
    num: Input
    den: Input | None = None
    num_scale: int = 1
    den_scale: int = 1
    factor: int = 1
    behind: Input | None = None
    """What to tell as the sample where the denominator says nothing of it (time, money)."""
    momentary: bool = False
    """Of this moment, whatever the window."""
    needs: Needs | None = None
    """What must have been told; None where that depends on the span."""


def _sum(*columns: str) -> Sum:
    return Sum(columns)


_PAID, _UNITS, _ORDERS, _CLICKS = _sum("paid_amount"), _sum("units"), _sum("paid_orders"), _sum("clicks")
_NET = Less("paid_amount", "refunded_amount")
_INTERACTIONS = Sum(("likes", "comments", "shares"), anyone=True)
_SPENT, _TALKED = _sum("ad_spent"), _sum("talk_ms")

_TABLE: tuple[tuple[str, Input, Input | None, dict[str, object]], ...] = (
    # 8.1 traffic
    ("M01", _sum("impressions"), None, {}),
    ("M01.people", _sum("impressed"), None, {}),
    ("M02", Entered(), None, {}),
    ("M03", Views(), None, {}),
    ("M03.platform", Platform("views"), None, {}),
    ("M04", Viewers(), None, {}),
    ("M04.platform", Platform("viewers"), None, {}),
    ("M05", Entered(), _sum("impressed"), {}),
    ("M06", OnlineNow(), None, {"momentary": True}),
    ("M07", Peak(), None, {}),
    ("M08", _sum("watch_ms"), _sum("watched_ms"), {"num_scale": 1000, "den_scale": 1000}),
    ("M09", _sum("on_air_ms"), None, {"num_scale": 1000}),
    ("M10", _sum("watch_ms"), Viewers(), {"num_scale": 1000}),
    ("M10.view", _sum("watch_ms"), Views(), {"num_scale": 1000}),
    ("M10.left", _sum("stay_s"), _sum("stays"), {}),
    ("M11", Grown(10), None, {}),
    ("M11.minute", Grown(60), None, {}),
    ("M12", _sum("entries"), OfRoom("entries"), {}),
    ("M13", Grown(300), Grown(300, all_of=True), {}),
    ("M13.1", Grown(60), Grown(60, all_of=True), {}),
    ("M14", _sum("leaves"), OnlineBefore(), {}),
    ("M17", OfSource("video", "entries"), _sum("entries"), {}),
    # 8.2 interaction and fans
    ("M19", People("engaged"), Viewers(), {}),
    ("M19.times", _INTERACTIONS, Views(), {}),
    ("M20", People("commented"), Viewers(), {}),
    ("M21", People("followed"), Viewers(), {}),
    ("M21.views", _sum("follows"), Views(), {}),
    ("M21.count", _sum("follows"), None, {}),
    ("M22", People("joined"), Viewers(), {}),
    ("M23", _sum("joins"), None, {}),
    ("M25", Sum(("likes", "comments", "shares", "gifts"), anyone=True), None, {}),
    ("M25.likes", _sum("likes"), None, {}),
    ("M25.comments", _sum("comments"), None, {}),
    ("M25.shares", _sum("shares"), None, {}),
    ("M25.gifts", _sum("gifts"), None, {}),
    ("M25.coins", _sum("coins"), None, {}),
    ("M25.questions", _sum("questions"), None, {}),
    ("M25.intents", _sum("intents"), None, {}),
    ("M25.complaints", _sum("complaints"), None, {}),
    # 8.3 products and funnel
    ("M26", People("exposed"), Entered(), {}),
    ("M26.people", People("exposed"), None, {}),
    ("M27", People("clicked"), People("exposed"), {}),
    ("M27.people", People("clicked"), None, {}),
    ("M28", _CLICKS, _sum("exposures"), {}),
    ("M28.clicks", _CLICKS, None, {}),
    ("M28.exposures", _sum("exposures"), None, {}),
    ("M29", _CLICKS, Views(), {}),
    ("M30", People("added"), People("clicked"), {}),
    ("M31", People("created"), People("clicked"), {}),
    ("M31.people", People("created"), None, {}),
    ("M32", People("paid"), People("created"), {}),
    ("M33", People("paid"), People("clicked"), {}),
    ("M34", _ORDERS, _CLICKS, {}),
    ("M35", People("paid"), Entered(), {}),
    ("M36", _UNITS, Views(), {}),
    ("M37", People("clicked"), Viewers(), {}),
    ("M38", _sum("talk_orders"), _sum("talk_clicks"), {}),
    ("M39", _sum("talk_orders"), _TALKED, {"den_scale": 10_000, "behind": _sum("talk_orders")}),
    # 8.4 money
    ("M40", _sum("created_amount"), None, {"behind": _sum("created_orders")}),
    ("M40.orders", _sum("created_orders"), None, {}),
    ("M41", _PAID, None, {"behind": _ORDERS}),
    ("M41.orders", _ORDERS, None, {}),
    ("M41.units", _UNITS, None, {}),
    ("M41.buyers", People("paid"), None, {}),
    ("M42", _NET, None, {"behind": _ORDERS}),
    ("M44", _PAID, Views(), {"factor": 1000}),
    ("M45", _PAID, Viewers(), {}),
    ("M45.views", _PAID, Views(), {}),
    ("M46", _PAID, People("paid"), {}),
    ("M47", _PAID, _UNITS, {}),
    ("M48", _PAID, _ORDERS, {}),
    ("M49", _UNITS, _ORDERS, {}),
    ("M50", _sum("talk_amount"), _TALKED, {"den_scale": 60_000, "behind": _sum("talk_orders")}),
    ("M50.hour", _PAID, _sum("on_air_ms"), {"den_scale": 3_600_000, "behind": _ORDERS}),
    ("M51", _SPENT, None, {}),
    ("M52", _PAID, _SPENT, {"behind": _ORDERS}),
    ("M53", OfSource("paid", "paid_amount"), _SPENT, {"behind": OfSource("paid", "paid_orders")}),
    ("M54", _NET, _SPENT, {"behind": _ORDERS}),
    ("M58", _SPENT, _sum("new_buyers"), {}),
    ("M59", _sum("refunded_amount"), _PAID, {"behind": _ORDERS}),
    ("M59.orders", _sum("refunded_orders"), _ORDERS, {}),
    ("M59.unshipped", _sum("refunded_unshipped"), _PAID, {"behind": _ORDERS}),
    ("M59.shipped", _sum("refunded_shipped"), _PAID, {"behind": _ORDERS}),
    # 8.7 and 8.8, as far as they are measured while the show runs
    ("M77", _sum("answer_ms"), _sum("answered"), {"num_scale": 1000}),
    ("M79", _sum("due_fast"), _sum("due"), {}),
    ("M86", _PAID, Goal("M41"), {"behind": _ORDERS}),
    ("M91", _sum("stutters"), None, {}),
    ("M92", _sum("late_ms"), _sum("timed"), {}),
    ("M93", _sum("deliver_ms"), _sum("delivered"), {}),
    ("M94", _sum("acknowledge_ms"), _sum("acknowledged"), {}),
)


def needs_of(num: Input, den: Input | None, span: Span | None) -> Needs:
    """What must have been told for both sides of a formula."""
    return num.needs(span) if den is None else num.needs(span) + den.needs(span)


def _definition(name: str, num: Input, den: Input | None, more: dict[str, object]) -> Definition:
    unit = (VARIANTS if "." in name else METRICS)[name].unit
    depends = any(isinstance(side, Views | Viewers) for side in (num, den))
    needs = None if depends else needs_of(num, den, None)
    return Definition(name, unit, num, den, needs=needs, **more)  # type: ignore[arg-type]  # the table is ours


DEFINITIONS: dict[str, Definition] = {row[0]: _definition(*row) for row in _TABLE}
"""Every metric this ledger computes, variants included."""

NOT_LIVE: dict[str, dict[str, str]] = {
    "M15": {"zh": "比较两个周期，属于历史分析", "en": "compares two periods: a matter of history"},
    "M16": {
        "zh": "与近 4 周同类场次比较，属于历史分析",
        "en": "compares with like shows: a matter of history",
    },
    "M18": {"zh": "没有事件给出短视频的播放量", "en": "no event tells the views of short videos"},
    "M24": {"zh": "没有事件说明进场观众是否已在粉丝团", "en": "no event tells whether a viewer is in the fan club"},
    "M43": {"zh": "订单来自哪次点击只有平台知道", "en": "only the platform knows which click an order came from"},
    "M55": {"zh": "直播中不掌握商品的投入成本", "en": "the cost put into a product is not told during a show"},
    "M56": {"zh": "直播中不掌握毛利", "en": "the gross margin is not told during a show"},
    "M57": {
        "zh": "佣金比例只在商品目录中，直播间不掌握；由该场复盘按退款后的订单计算",
        "en": "rates stand in the catalogue only, which a room does not see; the debrief reckons it from net orders",
    },
    "M60": {
        "zh": "发货与退货在播后数日发生；由该场复盘按包裹与售后单计算",
        "en": "goods leave and come back days after a show; the debrief reckons it from parcels and cases",
    },
    "M61": {
        "zh": "售后原因在播后数日才有；由该场复盘按售后单的原因计算",
        "en": "the reasons of after-sale cases come days later; the debrief reckons it from the cases' reasons",
    },
    "M62": {"zh": "其他渠道的销售不在本直播间", "en": "sales of other channels are not told to this room"},
}
"""Metrics of domain sections 8.1 to 8.4 that are not computed live, and why."""
