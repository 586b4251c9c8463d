"""选品表 (F03) as a workbook, with the columns of the trade."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter

from livecue.events import ProductSaved
from livecue.planning.selection.pool import rival_gap
from livecue.planning.selection.proposal import Pick, Proposal

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROLES = {
    "zh": {
        "hook": "引流款",
        "deal": "福利款",
        "profit": "利润款",
        "prestige": "形象款",
        "rising": "潜力款",
        "hit": "爆款",
    },
    "en": {
        "hook": "hook",
        "deal": "deal",
        "profit": "profit",
        "prestige": "prestige",
        "rising": "rising",
        "hit": "hit",
    },
}
_Cell = Callable[[int, Pick, ProductSaved | None, str], Any]


def _fact(name: str) -> _Cell:
    return lambda _n, _pick, product, _language: product.card.facts.get(name, "") if product else ""


_COLUMNS: tuple[tuple[str, str, bool, _Cell], ...] = (
    ("序号", "No.", False, lambda n, pick, product, language: n),
    ("SKU", "SKU", False, lambda n, pick, product, language: ", ".join(product.card.skus) if product else ""),
    ("商品编号", "Product", False, lambda n, pick, product, language: pick.product),
    ("商品名称", "Name", False, lambda n, pick, product, language: pick.name),
    ("角色", "Role", False, lambda n, pick, product, language: _ROLES[language].get(pick.role, "")),
    (
        "卖点",
        "Selling points",
        False,
        lambda n, p, product, lang: "；".join(product.card.selling_points) if product else "",
    ),
    ("库存", "Stock", False, lambda n, pick, product, language: None),
    ("佣金", "Commission", True, lambda n, p, product, lang: product.commission_bp / 10_000 if product else None),
    ("直播价", "Price", False, lambda n, pick, product, language: pick.price / 100),
    ("竞品价", "Rival price", False, _fact("rival_price")),
    ("竞品价日期", "Rival price date", False, _fact("rival_date")),
    ("价差", "Price gap", False, lambda n, pick, product, language: rival_gap(product) if product else None),
    ("供应商", "Supplier", False, lambda n, pick, product, language: pick.supplier),
    ("备用供应商", "Backup supplier", False, _fact("backup_supplier")),
    ("资质文件", "Qualification documents", False, _fact("report")),
    ("样品测试", "Sample test", False, _fact("sample_test")),
    ("退货条款", "Return terms", False, _fact("returns")),
    ("运费险", "Freight insurance", False, _fact("freight_insurance")),
    ("补货周期", "Restock cycle", False, _fact("restock")),
    ("时段", "Phase", False, lambda n, pick, product, language: pick.phase),
    ("开始（分钟）", "Start (min)", False, lambda n, pick, product, language: round(pick.start_s / 60, 1)),
    ("讲解（分钟）", "Talk (min)", False, lambda n, pick, product, language: pick.minutes),
    ("预计件数", "Expected pieces", False, lambda n, pick, product, language: round(pick.parts.pieces, 1)),
    ("预计毛利", "Expected margin", True, lambda n, pick, product, language: round(pick.parts.margin / 100, 2)),
)
"""Chinese and English heading, whether it needs the permission ``money``, and the cell."""


def _stock(product: ProductSaved | None, stock: Mapping[str, int]) -> int | str | None:
    """The pieces of each SKU in their order, as an import reads them; nothing where one of them is not known."""
    pieces = [stock.get(sku) for sku in product.card.skus] if product else []
    if not pieces or None in pieces:
        return None
    return pieces[0] if len(pieces) == 1 else ";".join(map(str, pieces))


def sheet_of(
    proposal: Proposal, products: Mapping[str, ProductSaved], stock: Mapping[str, int], language: str, money: bool
) -> bytes:
    """The workbook's bytes; texts are never read as formulas. Without ``money`` its columns are left out.

    ``stock`` by SKU. What is told here is read by the import of products in both languages.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("选品表" if language == "zh" else "Selection")
    bold = book.add_format({"bold": True})
    share = book.add_format({"num_format": "0.0%"})
    columns = [column for column in _COLUMNS if money or not column[2]]
    for place, (zh, en, _, _) in enumerate(columns):
        sheet.write_string(0, place, zh if language == "zh" else en, bold)
        sheet.set_column(place, place, 14)
    for row, pick in enumerate(proposal.picks, 1):
        product = products.get(pick.product)
        for place, (zh, _, _, cell) in enumerate(columns):
            value = _stock(product, stock) if zh == "库存" else cell(row, pick, product, language)
            if isinstance(value, str):
                sheet.write_string(row, place, value)
            elif value is not None:
                sheet.write_number(row, place, value, share if zh in ("佣金", "价差") else None)
    sheet.freeze_panes(1, 4)
    book.close()
    return out.getvalue()
