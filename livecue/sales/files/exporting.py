"""The feed and a reconciliation as workbooks. Buyers' ids stay pseudonymous; no address is kept."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from livecue.kit import minor_digits
from livecue.sales.feed import FeedRow
from livecue.sales.files.statement import Reconciled
from livecue.sales.machine import ORDER

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADS = {
    "zh": ("订单号", "下单时间", "付款时间", "订单状态", "SKU", "商品编号", "数量", "单价", "实付", "退款", "买家",
           "来源", "核对", "币种"),
    "en": ("Order", "Placed", "Paid", "Status", "SKU", "Product", "Quantity", "Price", "Amount", "Refunded", "Buyer",
           "Source", "Checked", "Currency"),
}  # fmt: skip
_KINDS = {
    "zh": {"missing_here": "我方没有", "missing_there": "对账单没有", 
           "not_yet": "刚付款，对账单可能还没有", "amount": "金额不同", "refunded": "退款不同",
           "twice": "重复出现"},
    "en": {"missing_here": "not in LiveCue", "missing_there": "not in the statement", 
           "not_yet": "paid lately, may not be in it yet", "amount": "amount differs",
           "refunded": "refund differs", "twice": "stated twice"},
}  # fmt: skip


_CUT = {
    "zh": ("说明", "本文件只含清单里最前面的 {0} 个订单，其余被截断；请缩小时间或筛选范围，分几次导出。"),
    "en": (
        "Note",
        "This file holds the first {0} orders of the list only; narrow the search and export the rest in parts.",
    ),
}


def orders_workbook(rows: Iterable[FeedRow], zone: str, language: str, cut_at: int = 0) -> bytes:
    """One row a line of an order; amount and refund stand in an order's first row, so that columns sum.

    ``cut_at``: the search found more than these many orders; a sheet of its own says so.
    """
    out, language = io.BytesIO(), "en" if language == "en" else "zh"
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": False, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, _HEADS[language], book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    at = 1
    for row in rows:
        state = ORDER.states.get(row.state)
        digits = minor_digits(row.currency)
        name = row.state if state is None else state.zh if language == "zh" else state.en
        for place, line in enumerate(row.lines or (None,)):
            first = place == 0
            values: tuple[Any, ...] = (
                row.number, _time(row.placed_at, zone), _time(row.paid_at, zone), name, line.sku if line else "",
                line.product if line else "", line.quantity if line else None,
                _units(line.price, digits) if line else None, _units(row.amount, digits) if first else None,
                _units(row.refunded, digits) if first else None, row.buyer, row.via, row.checked, row.currency,
            )  # fmt: skip
            _write(sheet, at, values)
            at += 1
    if cut_at:
        name, text = _CUT[language]
        book.add_worksheet(name).write_string(0, 0, text.format(f"{cut_at:,}"))
    book.close()
    return out.getvalue()


def statement_workbook(found: Reconciled, language: str, currency: str = "CNY") -> bytes:
    """The differences of a reconciliation of a room that sells in ``currency``."""
    out, language = io.BytesIO(), "en" if language == "en" else "zh"
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    heads = (
        ("差异", "订单号", "对账单行", "我方", "对账单")
        if language == "zh"
        else ("Difference", "Order", "Row", "Ours", "Theirs")
    )
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for place, item in enumerate(found.differences, 1):
        ours, theirs = (
            None if value < 0 else _units(value, minor_digits(currency)) for value in (item.ours, item.theirs)
        )
        _write(sheet, place, (_KINDS[language][item.kind], item.order, item.row or None, ours, theirs))
    book.close()
    return out.getvalue()


def _units(minor: int, digits: int) -> float:
    return minor / float(10**digits)


def _write(sheet: Any, row: int, values: Sequence[Any]) -> None:
    for column, value in enumerate(values):
        if isinstance(value, str):
            # Order numbers are text: a spreadsheet would round them.
            sheet.write_string(row, column, value)
        elif value is not None:
            sheet.write_number(row, column, value)


def _time(at: int, zone: str) -> str:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S") if at else ""
