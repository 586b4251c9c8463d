"""The questions of boards and weekly reports, each written once as an Ibis expression.

Whichever engine runs them (DuckDB here; Spark in ``bench/spark``), the answer is the same. They read the sets of facts
of ``datasets`` and know nothing of where these lie.
"""

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from livecue.insight.datasets import DATASETS, TYPES
from livecue.metrics import DEFINITIONS

if TYPE_CHECKING:
    import ibis.expr.types as ir

By = Literal["show", "day", "room", "product", "source"]
BY: tuple[By, ...] = ("show", "day", "room", "product", "source")
FIGURES: dict[str, tuple[str, ...]] = {
    "room": ("M03", "M04", "M41", "M42", "M41.orders", "M35", "M44", "M48", "M59"),
    "product": ("M28.exposures", "M28.clicks", "M41", "M42", "M41.orders", "M33", "M48", "M59"),
    "source": ("M03", "M04", "M41", "M41.orders", "M35", "M44", "M48"),
}
"""Metrics of a board's columns, by what its rows are of. Conversion is M35 (entry to pay), of a product M33 (click to
pay)."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a board is of: days (``first`` and ``last``, both in it), and the rooms its reader may watch."""

    org: str
    first: str
    last: str
    rooms: tuple[str, ...]
    natures: tuple[str, ...] = ("real",)


def tables() -> "dict[str, ir.Table]":
    """The sets of facts, unbound: an engine finds them by their names."""
    import ibis

    return {
        name: ibis.table({column: TYPES[kind] for column, kind in columns.items()}, name=name)
        for name, columns in DATASETS.items()
    }


def _within(table: "ir.Table", asked: Asked) -> "ir.Table":
    return table.filter(
        table.org == asked.org,
        table.day >= asked.first,
        table.day <= asked.last,
        table.room.isin(asked.rooms or ("",)),
        table.nature.isin(asked.natures or ("",)),
    )


def figures(facts: "dict[str, ir.Table]", asked: Asked, by: By) -> "ir.Table":
    """Every figure of a board in long form: group, currency, metric, what it comes to and what is known of it.

    Counts are added over shows; a ratio is the sum of its numerators over the sum of its denominators, never the mean
    of ratios. ``known`` of ``shows`` shows told the figure: when one did not, ``value`` is empty (unknown) and
    ``partial`` holds what the others come to. People are counted per show: who came to two shows counts twice.
    """
    import ibis

    scope = by if by in ("product", "source") else "room"
    wanted = FIGURES[scope]
    totals = _within(facts["totals"], asked)
    totals = totals.filter(totals.scope == scope, totals.metric.isin(wanted))
    group = {"show": totals.show, "day": totals.day, "room": totals.room}.get(by, totals.subject)
    keys = {"group": group, "currency": totals.currency, "metric": totals.metric}
    # Nothing to divide by is known to be nothing: it adds nothing to either sum.
    is_known = totals.value.notnull() | (totals.why == "zero_denominator")
    summed = totals.group_by(**keys).agg(
        shows=totals.count(),
        known=is_known.cast("int64").sum(),
        counted=totals.value.fill_null(0.0).sum(),
        num=is_known.ifelse(totals.num, 0.0).sum(),
        den=is_known.ifelse(totals.den, 0.0).sum(),
        why=totals.why.max(),
        as_of=totals.as_of.max(),
    )
    ratios = {name: float(DEFINITIONS[name].factor) for name in wanted if DEFINITIONS[name].den is not None}
    factor = ibis.cases(*((summed.metric == name, ibis.literal(value)) for name, value in ratios.items()), else_=1.0)
    is_ratio = summed.metric.isin(tuple(ratios))
    # A ratio without a base is unknown, as in a single show.
    quotient = (summed.den > 0).ifelse(summed.num / summed.den.nullif(0.0) * factor, ibis.null("float64"))
    counted = (summed.known > 0).ifelse(summed.counted, ibis.null("float64"))
    partial = is_ratio.ifelse(quotient, counted)
    found = summed.mutate(partial=partial)
    found = found.mutate(value=(found.known == found.shows).ifelse(found.partial, ibis.null("float64")))
    return found.select("group", "currency", "metric", "value", "partial", "known", "shows", "why", "as_of").order_by(
        "group", "currency", "metric"
    )


def cues(facts: "dict[str, ir.Table]", asked: Asked, by: Literal["show", "day", "room", "rule"]) -> "ir.Table":
    """Cues given, followed, useful and measured; a cue with those it was escalated to is one."""
    found = _within(facts["cues"], asked)

    def count(condition: Any) -> Any:
        return condition.cast("int64").sum()

    return (
        found.group_by(group=found[by])
        .agg(
            given=found.count(),
            followed=count(found.state == "done"),
            useful=count((found.verdict == "useful").fill_null(False)),
            measured=count(found.verdict.isin(("useful", "harmful", "no_effect")).fill_null(False)),
            waited_ms=found.waited_ms.mean(),
        )
        .order_by("group")
    )


def comments(facts: "dict[str, ir.Table]", asked: Asked, by: Literal["show", "day", "room", "label"]) -> "ir.Table":
    """Comments by their kind, as triage judged them."""
    found = _within(facts["comments"], asked)
    return found.group_by(group=found[by], label=found.label).agg(count=found["count"].sum()).order_by("group", "label")


def shows(facts: "dict[str, ir.Table]", asked: Asked) -> "ir.Table":
    """The shows a board is of, oldest first."""
    found = _within(facts["shows"], asked)
    return found.order_by("began_at", "room", "show")


def every(facts: "dict[str, ir.Table]", asked: Asked) -> "dict[str, ir.Table]":
    """Every question, by its name: what the engines are compared by."""
    found = {f"figures_{by}": figures(facts, asked, by) for by in BY}
    found |= {f"cues_{by}": cues(facts, asked, by) for by in ("show", "day", "room", "rule")}
    found |= {f"comments_{by}": comments(facts, asked, by) for by in ("show", "day", "room", "label")}
    found["shows"] = shows(facts, asked)
    return found
