"""The debrief as a workbook: the data review table F05 first, then one sheet a part."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from livecue.debrief.body import DebriefBody
from livecue.debrief.view.cells import Cell, Part, Speaker, Table
from livecue.debrief.view.parts import about, parts_of, warning
from livecue.debrief.words import decimals, label, metric_name, percent, said
from livecue.metrics import Reading
from livecue.reference import DOCUMENTS, Words

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {"ratio": "0.00%", "count": "#,##0", "number": "#,##0.00"}
_LONGEST_NAME = 31
_WIDTH = 18


def workbook_of(body: DebriefBody, language: str) -> bytes:
    """The workbook as bytes of an xlsx file; ``language`` zh or en. Texts are never read as formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": body.title})
    writer = _Writer(book, Speaker(language, body.currency, body.time_zone))
    parts = parts_of(body, language)
    writer.review(body, language, parts)
    for part in parts:
        writer.part(part)
    book.close()
    return out.getvalue()


class _Writer:
    def __init__(self, book: Any, say: Speaker) -> None:
        self._book, self._say = book, say
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#F1F1F5"})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._unknown = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF6DF"})
        digits = decimals(say.currency)
        places = f"0.{'0' * digits}" if digits else "0"
        self._styles = {
            style: book.add_format({"num_format": code, "valign": "top"})
            for style, code in {**_FORMATS, "money": f"#,##{places}"}.items()
        }

    def review(self, body: DebriefBody, language: str, parts: Sequence[Part]) -> None:
        """The first sheet: what show it is, the row of F05, and every figure of the room."""
        say, document = self._say, DOCUMENTS["F05"]
        sheet = self._book.add_worksheet(self._name(say.of(Words(document.zh, document.en))))
        sheet.set_column(0, 30, _WIDTH)
        sheet.write_string(0, 0, say.of(Words(document.zh, document.en)), self._title)
        line = 1
        if made_up := warning(body, language):
            sheet.write_string(line, 0, made_up, self._unknown)
            line += 1
        for name, value in about(body, language):
            sheet.write_string(line, 0, name, self._bold)
            sheet.write_string(line, 1, value, self._text)
            line += 1
        line += 1
        columns = [say.of(Words(column.zh, column.en)) for column in document.columns]
        by_name = {part.name: part.title for part in parts}
        row = [
            say.figure(_figure(body.money, "M41")),
            say.figure(_figure(body.funnel_rates, "M33")),
            Cell("\n".join(_shares(body, say))),
            Cell("\n".join(say.of(item.title) for item in body.improvements if item.talk) or say.head("no_talk")),
            *(
                Cell(say.of(said(label("head", "see_sheet"), {"sheet": by_name[name]})))
                for name in ("segments", "products")
            ),
        ]
        definitions = [say.metric("M41"), say.metric("M33"), say.metric("M12")]
        line = self._table(sheet, line, Table("", columns, [row]))
        for place, text in enumerate(definitions):
            sheet.write_string(line, place, text, self._text)
        line += 2
        everything = [*body.funnel_rates, *body.money, *body.net, *body.traffic, *body.interaction, *body.service]
        heads = [say.head(n) for n in ("metric", "name", "value", "sample", "source", "as_of")]
        rows = [
            [
                Cell(reading.metric),
                Cell(say.of(metric_name(reading.metric))),
                say.figure(reading),
                say.count(reading.sample) if reading.value is not None else Cell(""),
                Cell(reading.source),
                say.moment(reading.at),
            ]
            for reading in everything
        ]
        self._table(sheet, line, Table(say.head("figures"), heads, rows))

    def part(self, part: Part) -> None:
        """A sheet with the tables of one part below each other."""
        sheet = self._book.add_worksheet(self._name(part.title))
        widest = max((len(table.columns) for table in part.tables), default=1)
        sheet.set_column(0, widest, _WIDTH)
        line = 0
        for table in part.tables:
            line = self._table(sheet, line, table) + 1
        if len(part.tables) == 1:
            sheet.freeze_panes(2 + bool(part.tables[0].note), 1)

    def _table(self, sheet: Any, line: int, table: Table) -> int:
        """Write a table from ``line`` on; the first line after it."""
        if table.title:
            sheet.write_string(line, 0, table.title, self._title)
            line += 1
        if table.note:
            sheet.write_string(line, 0, table.note)
            line += 1
        for place, name in enumerate(table.columns):
            sheet.write_string(line, place, name, self._bold)
        line += 1
        for row in table.rows:
            for place, cell in enumerate(row):
                self._cell(sheet, line, place, cell)
            line += 1
        if not table.rows:
            sheet.write_string(line, 0, self._say.head("nothing"))
            line += 1
        return line

    def _cell(self, sheet: Any, line: int, place: int, cell: Cell) -> None:
        if cell.number is None or cell.style not in self._styles:
            sheet.write_string(line, place, cell.text, self._unknown if cell.unknown else self._text)
        else:
            sheet.write_number(line, place, cell.number, self._styles[cell.style])

    def _name(self, title: str) -> str:
        # Excel allows neither these signs nor longer names.
        return "".join("–" if sign in "[]:*?/\\：" else sign for sign in title)[:_LONGEST_NAME]


def _figure(figures: Sequence[Reading], metric: str) -> Reading:
    return next(reading for reading in figures if reading.metric == metric)


def _shares(body: DebriefBody, say: Speaker) -> list[str]:
    """Each traffic source with its share of the views, the largest first."""
    shares = [(_figure(line.figures, "M12"), line.via) for line in body.sources]
    known = sorted((reading.value or 0.0, via) for reading, via in shares if reading.value is not None)
    if not known:
        return [say.figure(shares[0][0]).text if shares else say.of(label("why", "unknown"))]
    return [f"{say.named('via', via)} {percent(share)}" for share, via in reversed(known)]
