"""The table of metrics for the docs, made from the tables the program computes by."""

from livecue.metrics.definitions import DEFINITIONS, NOT_LIVE
from livecue.metrics.variants import VARIANT_UNITS, VARIANTS
from livecue.reference import METRIC_GROUPS, METRICS, UNITS, Metric

_HEAD = {"zh": ("编号", "指标", "单位", "口径", "实时"), "en": ("id", "metric", "unit", "formula", "live")}
_YES = {"zh": "是", "en": "yes"}
_GROUPS = ("traffic", "interaction", "products", "money")


def table(language: str) -> str:
    """Markdown: every metric of domain 8.1 to 8.4, its variants, and the others computed live. ``zh`` or ``en``."""
    known = {**METRICS, **VARIANTS}
    shown = sorted({*DEFINITIONS, *(name for name, row in METRICS.items() if row.group in _GROUPS)}, key=_order)
    parts = []
    for group, words in METRIC_GROUPS.items():
        rows = [_row(known[name], language) for name in shown if known[name].group == group]
        if rows:
            head = " | ".join(_HEAD[language])
            rule = "|".join("---" for _ in _HEAD[language])
            parts.append("\n".join([f"### {getattr(words, language)}", "", f"| {head} |", f"|{rule}|", *rows]))
    return "\n\n".join(parts) + "\n"


def _order(name: str) -> tuple[str, int, str]:
    base, _, variant = name.partition(".")
    place = list(DEFINITIONS).index(name) if name in DEFINITIONS else 0
    return base, place if variant else -1, variant


def _row(row: Metric, language: str) -> str:
    units = {**UNITS, **VARIANT_UNITS}
    live = _YES[language] if row.id in DEFINITIONS else NOT_LIVE[row.id][language]
    cells = (row.id, getattr(row, language), getattr(units[row.unit], language), getattr(row.formula, language), live)
    return "| " + " | ".join(cells) + " |"
