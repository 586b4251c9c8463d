"""How the debrief says figures, moments and names, in both languages at once."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from livecue.kit import Money
from livecue.metrics import Reading
from livecue.reference import METRICS, Words

UNKNOWN = "待核验"
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$"}
_NONE = "–"


def _read() -> dict[str, dict[str, Words]]:
    text = files("livecue.debrief").joinpath("labels.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, dict[str, Words]])


LABELS: dict[str, dict[str, Words]] = _read()
"""Group to name to text; groups are the tables of ``labels.toml``."""


def label(group: str, name: str) -> Words:
    """The text of a code; the code itself where the table has none, since sources bring codes of their own."""
    return LABELS[group].get(name) or Words(name, name)


def said(template: Words, values: Mapping[str, str | int | Words]) -> Words:
    """Fill the {names} of a sentence, each language with its own words."""
    zh = {name: value.zh if isinstance(value, Words) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Words) else value for name, value in values.items()}
    return Words(template.zh.format(**zh), template.en.format(**en))


def listed(items: Iterable[Words | str]) -> Words:
    """Several names as one text."""
    words = [item if isinstance(item, Words) else Words(item, item) for item in items]
    return Words("、".join(item.zh for item in words), ", ".join(item.en for item in words))


def pick(words: Words, language: str) -> str:
    """One language of a text; Chinese unless English is asked for."""
    return words.en if language == "en" else words.zh


def metric_name(metric: str) -> Words:
    """The name of a metric or of a variant of one."""
    own = LABELS["metric"].get(metric)
    if own is not None:
        return own
    row = METRICS.get(metric.partition(".")[0])
    return Words(row.zh, row.en) if row else Words(metric, metric)


def amount(minor: float, currency: str) -> str:
    """Money from minor units: "¥1,299.00", "-¥5.00", "1,299.00 THB"."""
    figure = str(Money(abs(round(minor)), currency)).partition(" ")[0]
    minus = "-" if round(minor) < 0 else ""
    sign = _SIGNS.get(currency)
    return f"{minus}{sign}{figure}" if sign else f"{minus}{figure} {currency}"


@cache
def decimals(currency: str) -> int:
    """How many decimals the currency is written with."""
    return len(str(Money(0, currency)).partition(" ")[0].partition(".")[2])


def percent(share: float) -> str:
    """A share 0..1 as "12.34%"."""
    return f"{share * 100:,.2f}%"


def change(share: float) -> str:
    """A relative change as "+12.3%"."""
    return f"{share * 100:+,.1f}%"


def length(ms: float) -> Words:
    """A length of time: "3 分 20 秒"."""
    seconds = round(abs(ms) / 1000)
    minus = "-" if ms < 0 and seconds else ""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(hours, "小时", "h"), (minutes, "分", "min"), (left, "秒", "s")]
    shown = [part for part in parts if part[0]] or [parts[2]]
    return Words(
        minus + " ".join(f"{count} {zh}" for count, zh, _ in shown),
        minus + " ".join(f"{count} {en}" for count, _, en in shown),
    )


def drift(ms: int) -> Words:
    """A length with its sign: above 0 is late or over."""
    found = length(ms)
    return Words(f"+{found.zh}", f"+{found.en}") if ms > 0 else found


def moment(ms: int, zone: str, with_date: bool = True) -> str:
    """A room time in the room's time zone, "–" for none."""
    if not ms:
        return _NONE
    local = datetime.fromtimestamp(ms / 1000, UTC).astimezone(_zone(zone))
    return local.strftime("%Y-%m-%d %H:%M:%S" if with_date else "%H:%M:%S")


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def unknown(why: str) -> Words:
    """待核验 with its reason."""
    # Not for this reader is another thing than not known.
    head = LABELS["why"]["hidden" if why == "no_permission" else "unknown"]
    reason = label("why", why)
    if not why:
        return head
    return Words(f"{head.zh}（{reason.zh}）", f"{head.en} ({reason.en})")


def figure(reading: Reading, currency: str) -> Words:
    """A reading as people read it; an unknown one says why."""
    if reading.value is None:
        return unknown(reading.why)
    return quantity(reading.value, reading.unit, currency)


def quantity(value: float, unit: str, currency: str) -> Words:
    """A value with its unit."""
    if unit == "ratio":
        return _both(percent(value))
    if unit == "s":
        return length(value * 1000) if value >= 60 else Words(f"{value:,.1f} 秒", f"{value:,.1f} s")
    suffix = LABELS["unit"].get(unit) or Words("", "")
    if unit == "money" or unit.startswith("money/"):
        text = amount(value, currency)
    elif float(value).is_integer():
        text = f"{value:,.0f}"
    else:
        text = f"{value:,.2f}"
    return Words(text + suffix.zh, text + suffix.en)


def _both(text: str) -> Words:
    return Words(text, text)
