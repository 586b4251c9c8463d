"""A spreadsheet or CSV file as rows of text, with its columns found by their headings."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from livecue.errors import BadInput

MB = 1024 * 1024


class BadTable(BadInput):
    """The file is no table of what is asked for; ``code`` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RowError(msgspec.Struct, frozen=True):
    """What is wrong in ``row`` (as the spreadsheet counts, heading is row 1), in which ``column``; the screens have
    words for each ``code``."""

    row: int
    column: str
    message: str
    code: str = ""


class Row(msgspec.Struct, frozen=True):
    """A row that is not empty: its number and its cells by field, "" where the column or the cell is missing."""

    number: int
    cells: dict[str, str]

    def wrong(self, columns: Mapping[str, Sequence[str]], field: str, code: str, message: str) -> RowError:
        """An error in this row, in the first heading that means ``field``."""
        return RowError(self.number, columns[field][0], message, code)


def _lower(text: str) -> str:
    return text.strip().lower()


Value = str | int | float | bool | date | datetime | time | timedelta
"""What a cell holds."""


class Cells(msgspec.Struct, frozen=True):
    """A table as it was typed: the headings as they stand, and of each row that is not empty its number and its values
    by field, "" where the column or the cell is missing."""

    headings: dict[str, str]
    rows: list[tuple[int, dict[str, Value]]]


def read_rows(
    content: bytes,
    filename: str,
    columns: Mapping[str, Sequence[str]],
    needed: Sequence[str],
    most_rows: int,
    most_bytes: int = 20 * MB,
) -> list[Row]:
    """Every row that is not empty. ``columns``: field to the headings that mean it. Raises ``BadTable``."""
    found = read_cells(content, filename, columns, needed, most_rows, most_bytes)
    return [
        Row(number, {field: _cell(value).strip() for field, value in cells.items()}) for number, cells in found.rows
    ]


def read_cells(
    content: bytes,
    filename: str,
    columns: Mapping[str, Sequence[str]],
    needed: Sequence[str],
    most_rows: int,
    most_bytes: int = 20 * MB,
    plain: Callable[[str], str] = _lower,
) -> Cells:
    """The same with the values of the cells, for who must tell a time of the day from a text that looks like one.

    ``plain`` makes headings alike that mean the same. Raises ``BadTable``.
    """
    if len(content) > most_bytes:
        raise BadTable("table_bytes", f"the file has {len(content) // MB} MB; at most {most_bytes // MB} MB are read")
    table = _csv(content) if filename.lower().endswith((".csv", ".txt")) else _sheet(content, filename)
    while table and not any(_cell(cell).strip() for cell in table[-1]):
        table.pop()
    if not table:
        raise BadTable("table_empty", f"{filename} is empty")
    head = [_cell(cell) for cell in table[0]]
    places = places_of(head, columns, plain)
    missing = [columns[field][0] for field in needed if field not in places]
    if missing:
        raise BadTable(
            "table_columns", f"{filename} lacks the columns {', '.join(missing)}; the template shows the headings"
        )
    if len(table) - 1 > most_rows:
        raise BadTable("table_rows", f"{filename} has {len(table) - 1} rows; at most {most_rows} are read at once")
    rows = [
        (number, {field: row[place] if place < len(row) else "" for field, place in places.items()})
        for number, row in enumerate(table[1:], 2)
        if any(_cell(cell).strip() for cell in row)
    ]
    return Cells({field: head[place] for field, place in places.items()}, rows)


def places_of(
    heading: Sequence[str], columns: Mapping[str, Sequence[str]], plain: Callable[[str], str] = _lower
) -> dict[str, int]:
    """Field to the place of its column; the first heading of a field that is there counts."""
    names = {plain(cell): place for place, cell in reversed(list(enumerate(heading)))}
    return {
        field: names[plain(word)]
        for field, words in columns.items()
        for word in reversed(words)
        if plain(word) in names
    }


def _csv(content: bytes) -> list[list[Value]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return [list(row) for row in csv.reader(io.StringIO(text, newline=""))]
        except csv.Error as error:
            raise BadTable("table_csv", f"this is no CSV file: {error}") from error
    raise BadTable("table_text", "the file is neither UTF-8 nor GB18030 text; save it again as CSV UTF-8")


def _sheet(content: bytes, filename: str) -> list[list[Value]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError, IndexError) as error:
        raise BadTable(
            "table_sheet", f"{filename} cannot be read as a spreadsheet: {error}; save it as .xlsx or .csv"
        ) from error
    return [list(row) for row in rows]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        # Spreadsheets keep ids and whole prices as floats.
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
