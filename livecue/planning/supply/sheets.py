"""Suppliers as a workbook both ways, and what to buy as one."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import xlsxwriter

from livecue.events import SupplierSaved
from livecue.planning.supply.scores import Score
from livecue.planning.supply.stock import Position
from livecue.sheets import RowError, basis_points, parts, read_rows

MOST_ROWS = 5_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "supplier": ("供应商编号", "Supplier id", "supplier"),
    "name": ("供应商名称", "名称", "Name", "name"),
    "categories": ("供货类目", "Categories", "categories"),
    "backup": ("备用类目", "Backup for", "backup"),
    "payment_days": ("账期（天）", "账期", "Payment days", "payment_days"),
    "commission": ("佣金", "佣金比例", "Commission", "commission"),
    "restock_hours": ("补货周期（小时）", "补货周期", "Restock hours", "restock_hours"),
    "live_only": ("直播专供", "Live only", "live_only"),
    "note": ("备注", "Note", "note"),
}
"""Field to the headings that mean it; the first is the Chinese one of our own export, the second the English one."""
ROW_CODES = frozenset({"empty", "twice", "not_whole", "not_share", "not_yes"})
"""What can be wrong in a row; the screens have words for each."""
_YES = {"是", "有", "yes", "y", "true", "1", "✓", "√"}
_NO = {"", "否", "无", "no", "n", "false", "0"}


class Read(msgspec.Struct, frozen=True):
    """Suppliers that may be saved, and the rows that may not."""

    suppliers: list[SupplierSaved]
    errors: list[RowError]


def read_suppliers(content: bytes, filename: str, org: str, brand: str) -> Read:
    """Raises ``BadTable`` when it is no table with an id and a name."""
    found: list[SupplierSaved] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for row in read_rows(content, filename, COLUMNS, ("supplier", "name"), MOST_ROWS):
        supplier, wrong = _row(row.cells, org, brand)
        if not wrong and supplier.supplier in seen:
            first = seen[supplier.supplier]
            wrong = [("supplier", "twice", f"{supplier.supplier} stands already in row {first}")]
        errors += [row.wrong(COLUMNS, field, code, message) for field, code, message in wrong]
        if not wrong:
            seen[supplier.supplier] = row.number
            found.append(supplier)
    return Read(found, errors)


def _row(cells: Mapping[str, str], org: str, brand: str) -> tuple[SupplierSaved, list[tuple[str, str, str]]]:
    wrong = [(field, "empty", "must not be empty") for field in ("supplier", "name") if not cells.get(field)]

    def whole(field: str, most: int) -> int:
        text = cells.get(field, "")
        if not text:
            return -1
        if not text.isascii() or not text.isdigit() or int(text) > most:
            wrong.append((field, "not_whole", f"not a whole number from 0 to {most:,}: {text!r}"))
            return -1
        return int(text)

    commission = -1
    if text := cells.get("commission", ""):
        try:
            commission = basis_points(text)
            if not 0 <= commission <= 10_000:
                raise ValueError
        except ValueError:
            commission = -1
            wrong.append(("commission", "not_share", f"not a share: {text!r}; write 20% or 0.2"))
    live = cells.get("live_only", "").lower()
    if live not in _YES | _NO:
        wrong.append(("live_only", "not_yes", f"write 是 or 否: {live!r}"))
    return SupplierSaved(
        org=org,
        brand=brand,
        supplier=cells.get("supplier", ""),
        name=cells.get("name", ""),
        categories=parts(cells.get("categories", "")),
        backup=parts(cells.get("backup", "")),
        payment_days=whole("payment_days", 3650),
        commission_bp=commission,
        restock_hours=whole("restock_hours", 24 * 365),
        live_only=live in _YES,
        note=cells.get("note", ""),
    ), wrong


def suppliers_sheet(
    suppliers: Sequence[SupplierSaved], scores: Mapping[str, Score], language: str, money: bool
) -> bytes:
    """What ``read_suppliers`` reads, with the score behind. Without ``money`` the commission is left out."""
    zh = language == "zh"

    def known(value: int) -> int | None:
        return None if value < 0 else value

    cells: list[tuple[str, Callable[[SupplierSaved], Any]]] = [
        ("supplier", lambda row: row.supplier),
        ("name", lambda row: row.name),
        ("categories", lambda row: "；".join(row.categories)),
        ("backup", lambda row: "；".join(row.backup)),
        ("payment_days", lambda row: known(row.payment_days)),
        ("commission", lambda row: None if row.commission_bp < 0 else f"{row.commission_bp / 100:g}%"),
        ("restock_hours", lambda row: known(row.restock_hours)),
        ("live_only", lambda row: ("是" if zh else "yes") if row.live_only else ("否" if zh else "no")),
        ("note", lambda row: row.note),
    ]
    heads = [(COLUMNS[field][0 if zh else 1], cell) for field, cell in cells if money or field != "commission"]
    heads.append(("评分" if zh else "Score", lambda row: getattr(scores.get(row.supplier), "score", None)))
    lines = [[cell(row) for _, cell in heads] for row in suppliers]
    return _book("供应商" if zh else "Suppliers", [head for head, _ in heads], lines)


def purchase_sheet(rows: Sequence[Position], language: str, money: bool) -> bytes:
    """What to order, by supplier: the SKUs whose proposal is above 0."""
    zh = language == "zh"
    words = (
        ("供应商", "Supplier"), ("规格编码", "SKU"), ("商品编号", "Product"), ("商品名称", "Name"),
        ("建议采购（件）", "To order"), ("可用库存", "Free"), ("在途", "On order"), ("安全库存", "Safety line"),
        ("期间需求", "Needed"), ("日均销量", "Sold a day"), ("到货时长（小时）", "Lead time (h)"),
        ("相关场次", "Shows"),
    )  # fmt: skip
    heads = [word[0 if zh else 1] for word in words]
    if money:
        heads += ["单价成本", "金额"] if zh else ["Unit cost", "Amount"]
    lines: list[list[Any]] = []
    for row in sorted(rows, key=lambda row: (row.supplier, row.sku)):
        if row.order <= 0:
            continue
        lines.append(
            [
                row.supplier, row.sku, row.product, row.name, row.order, row.free, row.on_order, row.line, row.needed,
                round(row.per_day, 2), row.lead_hours, "；".join(row.shows),
            ]
        )  # fmt: skip
        if money and row.unit_cost:
            lines[-1] += [row.unit_cost / 100, row.unit_cost * row.order / 100]
    return _book("采购建议" if zh else "To order", heads, lines)


def _book(title: str, heads: Sequence[str], lines: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet; texts are never read as formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, bold)
        sheet.set_column(place, place, 14)
    for number, line in enumerate(lines, 1):
        for place, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(number, place, value)
            elif value is not None:
                sheet.write_number(number, place, value)
    sheet.freeze_panes(1, 2)
    book.close()
    return out.getvalue()
