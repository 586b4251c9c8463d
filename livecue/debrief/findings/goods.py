"""Rules about products: what sold, what did not, what ran out, what came back."""

import math
from statistics import median

from livecue.debrief.body import DebriefBody, ProductLine
from livecue.debrief.findings.found import Found, role_of, value_of
from livecue.debrief.presets import Preset
from livecue.debrief.words import amount, length, listed, moment, percent
from livecue.reference import Words

_WELFARE = ("hook", "deal")
_Z80 = 1.2816


def best_product(body: DebriefBody, preset: Preset) -> list[Found]:
    """The product that took most (R019)."""
    taken = [(value_of(line.figures, "M41") or 0.0, line) for line in body.products]
    whole = sum(gmv for gmv, _ in taken)
    if not whole:
        return []
    gmv, line = max(taken, key=lambda item: (item[0], item[1].product))
    orders = value_of(line.figures, "M41.orders")
    if orders is None or orders < preset.value("orders"):
        return []
    values = {
        "name": line.name,
        "gmv": amount(gmv, body.currency),
        "share": percent(gmv / whole),
        "orders": f"{orders:,.0f}",
    }
    return [Found(values, line.product)]


def weak_product(body: DebriefBody, preset: Preset) -> list[Found]:
    """Orders per click far below the median of this show's products, and not by chance (R020)."""
    rates: list[tuple[float, float, ProductLine]] = []
    for line in body.products:
        clicks, rate = value_of(line.figures, "M28.clicks"), value_of(line.figures, "M34")
        if clicks is not None and rate is not None and clicks >= preset.value("clicks"):
            rates.append((rate, clicks, line))
    if len(rates) < preset.value("products"):
        return []
    middle = median(rate for rate, _, _ in rates)
    found = []
    for rate, clicks, line in rates:
        if rate > preset.value("share") * middle or _upper(rate, clicks) >= middle:
            continue
        values: dict[str, str | int | Words] = {
            "name": line.name,
            "clicks": f"{clicks:,.0f}",
            "orders": f"{rate * clicks:,.0f}",
            "rate": percent(rate),
            "median": percent(middle),
            "count": len(rates),
        }
        found.append(Found(values, line.product, (middle - rate) * clicks))
    return found


def sold_out_listed(body: DebriefBody, preset: Preset) -> list[Found]:
    """A hook or deal item without stock stayed in the cart (R033)."""
    found = []
    for line in body.products:
        if line.role in _WELFARE and line.sold_out_listed_ms >= preset.value("listed_s") * 1000:
            values = {**_sold_out(body, line), "listed": length(line.sold_out_listed_ms)}
            found.append(Found(values, line.product, line.sold_out_listed_ms))
    return found


def sold_out_early(body: DebriefBody, preset: Preset) -> list[Found]:
    """A hook or deal item was gone long before the end (R036)."""
    found = []
    for line in body.products:
        left = body.ended_at - line.sold_out_at
        if line.role in _WELFARE and line.sold_out_at and left >= preset.value("left_s") * 1000:
            found.append(Found({**_sold_out(body, line), "left": length(left)}, line.product, left))
    return found


def stock_short(body: DebriefBody, preset: Preset) -> list[Found]:
    """Orders asked for more than was free (R039)."""
    count = body.incident_counts.get("stock_short", 0)
    if count < preset.value("orders"):
        return []
    skus = dict.fromkeys(line.subject for line in body.incidents if line.kind == "stock_short")
    return [Found({"orders": count, "skus": listed(list(skus)[:10])})]


def refunds(body: DebriefBody, preset: Preset) -> list[Found]:
    """Much of what a product took goes back already on the same night (R070)."""
    found = []
    for line in body.products:
        share, orders = value_of(line.figures, "M59"), value_of(line.figures, "M41.orders")
        if share is None or orders is None or orders < preset.value("orders") or share < preset.value("share"):
            continue
        values = {"name": line.name, "share": percent(share), "orders": f"{orders:,.0f}"}
        found.append(Found(values, line.product, share * (value_of(line.figures, "M41") or 0.0)))
    return found


def _sold_out(body: DebriefBody, line: ProductLine) -> dict[str, str | int | Words]:
    at = moment(line.sold_out_at, body.time_zone, with_date=False)
    return {"name": line.name, "role": role_of(line), "at": at}


def _upper(rate: float, sample: float) -> float:
    """Upper end of the 80 % Wilson interval of a share seen ``sample`` times."""
    square = _Z80**2
    middle = rate + square / (2 * sample)
    return (middle + _Z80 * math.sqrt(rate * (1 - min(rate, 1.0)) / sample + square / (4 * sample**2))) / (
        1 + square / sample
    )
