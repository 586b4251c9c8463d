"""A spreadsheet or CSV file as rows of text, with its columns found by their headings."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from livecue.errors import BadInput
from livecue.kit import parse_money

MOST_ROWS = 1_000_000
MOST_BYTES = 100 * 1024 * 1024
_EPOCH = datetime(1899, 12, 30)
"""Day 0 of spreadsheets."""
_FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d",
    "%Y-%m-%dT%H:%M:%S",
)  # fmt: skip


class BadTable(BadInput):
    """The file is no table of what is asked for; ``code`` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RowError(msgspec.Struct, frozen=True):
    """What is wrong in ``row`` (as the spreadsheet counts, heading is row 1), in which ``column``."""

    row: int
    column: str
    message: str
    code: str = ""


def read_rows(
    content: bytes, filename: str, columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> list[tuple[int, dict[str, str]]]:
    """(row number, field to text) of every row that is not empty. Raises ``BadTable``."""
    if len(content) > MOST_BYTES:
        raise BadTable("table_bytes", f"the file has {len(content) // 1_000_000} MB; at most 100 MB are read")
    table = _csv(content) if filename.lower().endswith((".csv", ".txt")) else _sheet(content, filename)
    if not table:
        raise BadTable("table_empty", f"{filename} is empty")
    names = {cell.strip().lower(): place for place, cell in reversed(list(enumerate(table[0])))}
    places = {
        field: names[word.lower()]
        for field, words in columns.items()
        for word in reversed(words)
        if word.lower() in names
    }
    missing = [columns[field][0] for field in needed if field not in places]
    if missing:
        raise BadTable(
            "table_columns", f"{filename} lacks the columns {', '.join(missing)}; the template shows the headings"
        )
    if len(table) - 1 > MOST_ROWS:
        raise BadTable("table_rows", f"{filename} has {len(table) - 1} rows; at most {MOST_ROWS} are read at once")
    return [
        (number, {field: row[place].strip() if place < len(row) else "" for field, place in places.items()})
        for number, row in enumerate(table[1:], 2)
        if any(cell.strip() for cell in row)
    ]


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return list(csv.reader(io.StringIO(text, newline="")))
        except csv.Error as error:
            raise BadTable("table_csv", f"this is no CSV file: {error}") from error
    raise BadTable("table_text", "the file is neither UTF-8 nor GB18030 text; save it again as CSV UTF-8")


def _sheet(content: bytes, filename: str) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        raise BadTable(
            "table_sheet", f"{filename} cannot be read as a spreadsheet: {error}; save it as .xlsx or .csv"
        ) from error
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        # Spreadsheets keep ids and whole prices as floats.
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


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
    if not 20_000 <= serial <= 90_000:
        raise ValueError(f"not a time: {text!r}; write 2026-01-31 20:15:00")
    made = _EPOCH + timedelta(seconds=round(serial * 86_400))
    return int(made.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def amount(text: str, currency: str) -> int:
    """Minor units; half a unit and more is rounded up, since some exports keep more decimals than the currency has."""
    from decimal import ROUND_HALF_UP, Decimal

    try:
        return parse_money(text, currency).minor
    except ValueError:
        cleaned = text.replace(",", "").strip()
        try:
            value = Decimal(cleaned).quantize(Decimal("0.01"), ROUND_HALF_UP)
        except ArithmeticError:
            raise ValueError(f"not an amount of money: {text!r}") from None
        return parse_money(str(value), currency).minor
