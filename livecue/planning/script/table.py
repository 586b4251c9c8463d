"""Cells of scripts and schedules that people filled in: text, moments, lengths and money."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from livecue.kit import parse_money
from livecue.sheets import BadTable, Cells, Value, read_cells

MOST_ROWS = 2000
"""Rows of one script or schedule: two hundred pages; a longer one is no run of show that somebody could follow."""
MOST_TEXT = 10_000


class Cell(Exception):
    """A cell that cannot be read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def cells_of(content: bytes, name: str, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Cells:
    """The first sheet, or the CSV file. Raises ``BadTable``."""
    try:
        return read_cells(content, name, columns, needed, MOST_ROWS, plain=_plain)
    except BadTable as error:
        if error.code == "table_rows":
            raise BadTable("script_long", f"{error}: split it by show") from error
        raise


def _plain(heading: str) -> str:
    """A heading without spaces, brackets and the unit of money."""
    return re.sub(r"(yuan|fen|元|分)$", "", re.sub(r"[\s（）()]", "", heading).lower())


def text_of(value: Value) -> str:
    """A cell as text; long ones are refused."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if len(text) > MOST_TEXT:
        raise Cell("text_long", f"{len(text)} characters; at most {MOST_TEXT} fit into one cell")
    return text


def moment_of(value: Value) -> datetime:
    """A date with its time, without zone. A date without a year is refused, never guessed."""
    if isinstance(value, datetime):
        if value.year < 2000:
            raise Cell("no_year", "a time without a date; write 2026-11-25 20:00")
        return value
    text = (
        str(value).strip().replace("：", ":").replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-")
    )
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2})(?::\d{2})?", text)
    if found is None:
        if re.match(r"\d{1,2}-\d{1,2}(?!\d)", text):
            raise Cell("no_year", f"{value} has no year; write 2026-11-25 20:00")
        raise Cell("bad_moment", f"{value} is no date with a time; write 2026-11-25 20:00")
    try:
        return datetime(*(int(part) for part in found.groups()))  # type: ignore[arg-type]
    except ValueError:
        raise Cell("bad_moment", f"there is no {value}") from None


def money_of(value: Value, heading: str, currency: str) -> int:
    """An amount in minor units. Whether a bare number is yuan or fen must stand in the cell or in the heading."""
    text = str(value).strip()
    if re.fullmatch(r"(0(\.0+)?)?", text):
        # Nothing is nothing in yuan and in fen.
        return 0
    fen = re.fullmatch(r"(\d+)(?:\.0+)?\s*(?:分|fen)", text)
    if fen is not None:
        return int(fen[1])
    unit = "fen" if re.search(r"分|fen", heading) else "yuan" if re.search(r"元|yuan|¥|￥", heading) else ""
    said = bool(re.search(r"[¥￥$元]|yuan|" + re.escape(currency), text))
    if not said and not unit:
        raise Cell("no_unit", f"is {text} yuan or fen? Write ¥{text} or {text}分, or the unit into the heading")
    try:
        if unit == "fen" and not said:
            return int(text.removesuffix(".0"))
        found = parse_money(text.replace("yuan", ""), currency).minor
    except ValueError as error:
        raise Cell("not_money", str(error)) from error
    if found < 0:
        raise Cell("not_money", "an amount must not lie below 0")
    return found


def seconds_of(value: Value) -> int:
    """A length: minutes, or mm:ss, or h:mm:ss."""
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    if isinstance(value, time):
        # A spreadsheet reads 10:00 as ten o'clock; as a length it is ten minutes.
        return value.hour * 60 + value.minute
    text = str(value).strip().replace("：", ":").removesuffix("分钟").removesuffix("min").strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return round(float(text) * 60)
    parts = text.split(":")
    if 2 <= len(parts) <= 3 and all(re.fullmatch(r"\d{1,3}", part) for part in parts):
        numbers = [int(part) for part in parts]
        return numbers[0] * 60 + numbers[1] if len(numbers) == 2 else (numbers[0] * 60 + numbers[1]) * 60 + numbers[2]
    raise Cell("bad_length", f"{value!s} is no length; write minutes, as 10 or 12.5")
