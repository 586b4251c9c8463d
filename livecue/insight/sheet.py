"""A board as a workbook: figures, cues, comments, shows, and what each figure is."""

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from livecue.insight.boards import Board
from livecue.kit import parse_money
from livecue.metrics import VARIANTS
from livecue.reference import METRICS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORDS = {
    "figures": ("指标", "Figures"), "cues": ("提示", "Cues"), "comments": ("评论", "Comments"),
    "shows": ("场次", "Shows"), "about": ("口径", "Definitions"),
    "show": ("场次", "Show"), "day": ("日期", "Day"), "room": ("直播间", "Room"), "product": ("商品", "Product"),
    "source": ("流量来源", "Traffic source"), "rule": ("规则", "Rule"), "label": ("评论类型", "Kind of comment"),
    "currency": ("币种", "Currency"), "unknown": ("待核验", "unverified"),
    "partial": ("待核验（{known}/{shows} 场已知，合计 {partial}）", "unverified ({known} of {shows} known: {partial})"),
    "given": ("发出", "given"), "followed": ("已照做", "followed"), "useful": ("有用", "useful"),
    "measured": ("已评估", "measured"), "count": ("条数", "count"), "title": ("名称", "Title"),
    "nature": ("性质", "Nature"), "began_at": ("开始", "Start"),
    "metric": ("指标", "Metric"), "formula": ("怎么算", "How it is computed"), "as_of": ("数据截至", "As of"),
    "source_of": ("来源", "Source"),
    "from_history": ("已结束场次的合计（历史数据）", "totals of shows that have ended (history)"),
}  # fmt: skip


def workbook_of(board: Board, names: Mapping[str, str], language: str, stamp: str) -> bytes:
    """The workbook; ``names`` are what groups are called, ``stamp`` says as of when. Texts are never formulas."""
    place = 0 if language == "zh" else 1

    def word(name: str) -> str:
        return _WORDS[name][place]

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#F1F1F5", "text_wrap": True})
    doubt = book.add_format({"bg_color": "#FFF6DF", "text_wrap": True})
    formats = {"ratio": book.add_format({"num_format": "0.00%"}), "money": book.add_format({"num_format": "#,##0.00"})}
    plain = book.add_format({"num_format": "#,##0.##"})

    def sheet_of(name: str, heads: list[str]) -> Any:
        sheet = book.add_worksheet(word(name))
        sheet.set_column(0, len(heads), 18)
        sheet.freeze_panes(1, 1)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        return sheet

    sheet = sheet_of("figures", [word(board.by), word("currency"), *(_name(m, place) for m in board.metrics)])
    for line, row in enumerate(board.rows, 1):
        sheet.write_string(line, 0, names.get(row.group, row.group))
        sheet.write_string(line, 1, row.currency)
        for column, metric in enumerate(board.metrics, 2):
            figure = row.figures.get(metric)
            unit = _unit(metric)
            if figure is None or (figure.value is None and figure.partial is None):
                sheet.write_string(line, column, word("unknown"), doubt)
            elif figure.value is None:
                part = _scaled(figure.partial or 0.0, unit, row.currency)
                said = word("partial").format(known=figure.known, shows=figure.shows, partial=f"{part:,.4g}")
                sheet.write_string(line, column, said, doubt)
            else:
                sheet.write_number(
                    line, column, _scaled(figure.value, unit, row.currency), formats.get(unit.partition("/")[0], plain)
                )
    sheet = sheet_of("cues", ["", word("given"), word("followed"), word("useful"), word("measured")])
    for line, cue in enumerate(board.cues, 1):
        sheet.write_string(line, 0, names.get(cue.group, cue.group))
        for column, number in enumerate((cue.given, cue.followed, cue.useful, cue.measured), 1):
            sheet.write_number(line, column, number)
    sheet = sheet_of("comments", ["", word("label"), word("count")])
    for line, comment in enumerate(board.comments, 1):
        sheet.write_string(line, 0, names.get(comment.group, comment.group))
        sheet.write_string(line, 1, names.get(comment.label, comment.label))
        sheet.write_number(line, 2, comment.count)
    sheet = sheet_of("shows", [word("day"), word("room"), word("title"), word("nature"), word("currency")])
    for line, show in enumerate(board.shows, 1):
        told = (show.day, names.get(show.room, show.room), show.title, show.nature, show.currency)
        for column, text in enumerate(told):
            sheet.write_string(line, column, text)
    sheet = sheet_of("about", [word("metric"), "ID", word("formula"), word("source_of"), word("as_of")])
    sheet.set_column(2, 3, 48)
    for line, metric in enumerate(board.metrics, 1):
        told = (_name(metric, place), metric, _formula(metric, place), word("from_history"), stamp)
        for column, text in enumerate(told):
            sheet.write_string(line, column, text)
    book.close()
    return out.getvalue()


def _unit(metric: str) -> str:
    return (METRICS.get(metric) or VARIANTS[metric]).unit


def _name(metric: str, place: int) -> str:
    row = METRICS.get(metric) or VARIANTS[metric]
    return row.zh if place == 0 else row.en


def _formula(metric: str, place: int) -> str:
    row = METRICS.get(metric) or VARIANTS[metric]
    return row.formula.zh if place == 0 else row.formula.en


def _scaled(value: float, unit: str, currency: str) -> float:
    """Money in whole units of the currency; everything else as it is."""
    return value / parse_money("1", currency).minor if unit.startswith("money") else value
