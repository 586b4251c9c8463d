"""Reading tables that people filled in: headings found, cells as text, errors by row and column."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from livecue.errors import BadInput
from livecue.kit import parse_money

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 2000
"""Rows of one script or schedule: two hundred pages; a longer one is no run of show that somebody could follow."""
MOST_TEXT = 10_000


class BadSheet(BadInput):
    """The file is no such table; ``code`` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong in ``row`` (as the spreadsheet counts, heading is row 1), in which ``column``."""

    row: int
    column: str
    code: str
    message: str


class Cell(Exception):
    """A cell that cannot be read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


Value = str | int | float | bool | date | datetime | time | timedelta


def rows_of(content: bytes, name: str) -> list[list[Value]]:
    """The first sheet. Raises ``BadSheet``."""
    if len(content) > MOST_BYTES:
        raise BadSheet("table_bytes", f"{name} has {len(content) // 1_000_000} MB; at most 20 MB are read")
    try:
        table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise BadSheet("table_sheet", f"{name} is no workbook that can be read; save it as .xlsx") from error
    rows: list[list[Value]] = [list(row) for row in table]
    while rows and not any(str(cell).strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise BadSheet("table_empty", f"{name} is empty")
    if len(rows) - 1 > MOST_ROWS:
        raise BadSheet(
            "script_long", f"{name} has {len(rows) - 1} rows; at most {MOST_ROWS} are read: split it by show"
        )
    return rows


def places_of(head: Sequence[Value], columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> dict[str, int]:
    """Field to the place of its column. Raises ``BadSheet`` when a needed one lacks."""
    found: dict[str, int] = {}
    for place, cell in enumerate(head):
        text = _plain(str(cell))
        for field, words in columns.items():
            if field not in found and text in map(_plain, words):
                found[field] = place
    missing = [columns[field][0] for field in needed if field not in found]
    if missing:
        raise BadSheet("table_columns", f"the columns {', '.join(missing)} are missing; the export shows the headings")
    return found


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
    if text == "":
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
