"""Metrics M01 to M96: name, unit, formula, and whether this program computes it while the show runs."""

from collections.abc import Iterator

from livecue.docs.words import Words, table
from livecue.metrics import DEFINITIONS, NOT_LIVE, VARIANT_UNITS, VARIANTS, WINDOWS_MS
from livecue.reference import METRIC_GROUPS, METRICS, UNITS, Metric


def page(words: Words) -> Iterator[str]:
    """docs/*/reference/metrics.md."""
    yield f"# {words.label('metrics')}"
    yield ""
    yield words.label("metrics_intro").format(len(METRICS), len(DEFINITIONS), words.list(WINDOWS_MS))
    yield ""
    for group, name in METRIC_GROUPS.items():
        yield f"## {words.of(name)}"
        yield ""
        rows = []
        for metric in METRICS.values():
            if metric.group == group:
                rows.append(_row(metric, words))
                rows += [_row(row, words) for row in VARIANTS.values() if row.id.partition(".")[0] == metric.id]
        yield from table([words.label(head) for head in ("id", "metric", "unit", "formula", "notes", "live")], rows)
    yield f"## {words.label('not_live')}"
    yield ""
    yield from table(
        [words.label("id"), words.label("metric"), words.label("why")],
        [(name, words.of(METRICS[name]), why[words.language]) for name, why in NOT_LIVE.items()],
    )


def _row(metric: Metric, words: Words) -> tuple[str, ...]:
    units = {**UNITS, **VARIANT_UNITS}
    return (
        metric.id,
        words.of(metric),
        words.of(units[metric.unit]),
        words.of(metric.formula),
        words.of(metric.notes),
        words.label("yes") if metric.id in DEFINITIONS else "",
    )
