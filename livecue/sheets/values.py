"""Values of cells: lists, shares, days, moments, amounts; and amounts that are a hundred times what they should be."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from livecue.kit import parse_money

_EPOCH = datetime(1899, 12, 30)
"""Day 0 of spreadsheets."""
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 90_000
"""Serials of days that are taken for days: 1954 to 2146."""
_FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d",
    "%Y-%m-%dT%H:%M:%S",
)  # fmt: skip
_DAYS = (*_FORMS, "%Y.%m.%d", "%Y年%m月%d日")
_NO_YEAR = re.compile(r"^\d{1,2}\s*([-/.月])\s*\d{1,2}\s*[日号]?$")
_TIMES = 50.0
"""How many times a known amount another must be to be doubted: between a real change of price and a mistake of 100."""
_LEAST_ROWS, _LEAST_FEN, _SHARE = 5, 500, 0.8


class NoYear(ValueError):
    """A day without its year."""


def parts(text: str) -> tuple[str, ...]:
    """Several things in one cell, however they are separated."""
    for mark in ("；", ";", "、", "\n", "|", "，"):
        text = text.replace(mark, ",")
    return tuple(part.strip() for part in text.split(",") if part.strip())


def basis_points(text: str) -> int:
    """A share as "20%", "0.2" or "20", in basis points. Raises ``ValueError``."""
    percent = text.endswith(("%", "％"))
    try:
        value = float(text.rstrip("%％"))
        return round((value / 100 if percent or value > 1 else value) * 10_000)
    except (ValueError, OverflowError):
        raise ValueError(f"not a share: {text!r}; write 20% or 0.2") from None


def day(text: str) -> date:
    """A day; spreadsheet serials are understood. Raises ``NoYear`` for one without year, else ``ValueError``."""
    text = text.strip()
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    if _NO_YEAR.match(text):
        raise NoYear(f"the year is missing: {text!r}; write 2026-11-29")
    try:
        serial = float(text)
    except ValueError:
        serial = 0.0
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        raise ValueError(f"not a day: {text!r}; write 2026-11-29")
    return (_EPOCH + timedelta(days=int(serial))).date()


def moment(text: str, zone: str) -> int:
    """ms UTC of a time in the room's zone; spreadsheet serials are understood. Raises ``ValueError``."""
    text = text.strip()
    for form in _FORMS:
        try:
            return int(datetime.strptime(text, form).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
        except ValueError:
            continue
    try:
        serial = float(text)
    except ValueError:
        raise ValueError(f"not a time: {text!r}; write 2026-01-31 20:15:00") from None
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        raise ValueError(f"not a time: {text!r}; write 2026-01-31 20:15:00")
    made = _EPOCH + timedelta(seconds=round(serial * 86_400))
    return int(made.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def amount(text: str, currency: str) -> int:
    """Minor units; half a unit and more is rounded up, since some exports keep more decimals than the currency has."""
    try:
        return parse_money(text, currency).minor
    except ValueError:
        cleaned = text.replace(",", "").strip()
        try:
            value = Decimal(cleaned).quantize(Decimal("0.01"), ROUND_HALF_UP)
        except ArithmeticError:
            raise ValueError(f"not an amount of money: {text!r}") from None
        return parse_money(str(value), currency).minor


def hundredfold(found: int, known: int) -> bool:
    """Whether one of two amounts of the same thing (minor units) looks like yuan, the other like fen."""
    return found > 0 and known > 0 and (found / known >= _TIMES or known / found >= _TIMES)


def looks_like_fen(texts: Sequence[str]) -> bool:
    """Whether a column of prices looks as if it were in fen: at least five, all whole numbers of 500 and more, and
    nearly all end with 0, as 59.90 does when it is written as 5990."""
    numbers = [text.replace(",", "").strip() for text in texts if text.strip()]
    if len(numbers) < _LEAST_ROWS or not all(number.isdecimal() and int(number) >= _LEAST_FEN for number in numbers):
        return False
    return sum(number.endswith("0") for number in numbers) >= _SHARE * len(numbers)
