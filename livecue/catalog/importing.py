"""Products from a spreadsheet: 选品表 (F03) as Excel or CSV, errors told by row and column."""

import csv
import io

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from livecue.catalog.ledger import product_problem
from livecue.errors import BadInput
from livecue.events import ProductCard, ProductSaved
from livecue.kit import parse_money

MOST_ROWS = 20_000
MOST_BYTES = 20 * 1024 * 1024

COLUMNS: dict[str, tuple[str, ...]] = {
    "product": ("商品编号", "商品ID", "product", "id"),
    "name": ("商品名称", "名称", "name", "title"),
    "category": ("类目", "category"),
    "role": ("角色", "款型", "role"),
    "price": ("直播价", "价格", "price"),
    "cost": ("成本", "cost"),
    "commission": ("佣金", "佣金比例", "commission"),
    "skus": ("规格编码", "SKU", "sku", "skus"),
    "selling_points": ("卖点", "selling points", "selling_points"),
    "keywords": ("关键词", "keywords"),
    "supplier": ("供应商", "supplier"),
}
"""Field to the headings that mean it; the first is the one our own template uses."""

NEEDED = ("product", "name", "price")
ROLE_WORDS = {
    "引流款": "hook", "福利款": "deal", "利润款": "profit", "形象款": "prestige", "潜力款": "rising", "爆款": "hit",
    "引流": "hook", "福利": "deal", "利润": "profit", "形象": "prestige", "潜力": "rising",
}  # fmt: skip


ROW_CODES = frozenset({"empty", "twice", "not_money", "not_share", "name", "role", "price", "cost", "commission"})
"""What can be wrong in a row: not filled in, said twice, not readable, or the field whose value is not allowed."""


class BadTable(BadInput):
    """The file is no table of products; ``code`` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RowError(msgspec.Struct, frozen=True):
    """What is wrong in ``row`` (as the spreadsheet counts, heading is row 1), in which ``column``.

    ``code``: one of ``ROW_CODES``; the screens have words for each.
    """

    row: int
    column: str
    message: str
    code: str = ""


class Imported(msgspec.Struct, frozen=True):
    """Products that may be saved, and the rows that may not."""

    products: list[ProductSaved]
    errors: list[RowError]


def read_products(content: bytes, filename: str, org: str, brand: str, currency: str = "CNY") -> Imported:
    """Read an .xlsx, .xls, .ods or .csv file. Raises ``BadTable`` when it is no table with the needed columns."""
    table = read_table(content, filename)
    places = _places(table[0])
    missing = [COLUMNS[field][0] for field in NEEDED if field not in places]
    if missing:
        raise BadTable(
            "table_columns", f"{filename} lacks the columns {', '.join(missing)}; the template shows the headings"
        )
    if len(table) - 1 > MOST_ROWS:
        raise BadTable("table_rows", f"{filename} has {len(table) - 1} rows; at most {MOST_ROWS} are read at once")
    products: list[ProductSaved] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(table[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {field: row[place].strip() if place < len(row) else "" for field, place in places.items()}
        product, wrong = _product(cells, org, brand, currency)
        if product is not None and product.card.product in seen:
            again = f"{product.card.product} stands already in row {seen[product.card.product]}"
            wrong = [("product", again, "twice")]
        if wrong or product is None:
            errors.extend(RowError(number, COLUMNS[field][0], message, code) for field, message, code in wrong)
            continue
        seen[product.card.product] = number
        products.append(product)
    return Imported(products, errors)


def read_table(content: bytes, filename: str) -> list[list[str]]:
    """The rows of a table as text, the heading first. Raises ``BadTable``."""
    if len(content) > MOST_BYTES:
        raise BadTable("table_bytes", f"the file has {len(content) // 1_000_000} MB; at most 20 MB are read")
    table = _csv_rows(content) if filename.lower().endswith((".csv", ".txt")) else _sheet_rows(content, filename)
    if not table:
        raise BadTable("table_empty", f"{filename} is empty")
    return table


def _product(
    cells: dict[str, str], org: str, brand: str, currency: str
) -> tuple[ProductSaved | None, list[tuple[str, str, str]]]:
    wrong = [(field, "must not be empty", "empty") for field in NEEDED if not cells.get(field)]
    amounts = {"price": 0, "cost": 0}
    for field in amounts:
        text = cells.get(field, "")
        if text:
            try:
                amounts[field] = parse_money(text, currency).minor
            except ValueError as error:
                wrong.append((field, str(error), "not_money"))
    commission = 0
    text = cells.get("commission", "")
    if text:
        try:
            commission = _basis_points(text)
        except ValueError:
            wrong.append(("commission", f"not a share: {text!r}; write 20% or 0.2", "not_share"))
    role = cells.get("role", "")
    role = ROLE_WORDS.get(role, role.lower())
    if wrong:
        return None, wrong
    product = ProductSaved(
        org=org,
        brand=brand,
        card=ProductCard(
            product=cells["product"],
            name=cells["name"],
            role=role,
            category=cells.get("category", ""),
            price=amounts["price"],
            skus=_parts(cells.get("skus", "")) or (cells["product"],),
            selling_points=_parts(cells.get("selling_points", "")),
            keywords=_parts(cells.get("keywords", "")),
        ),
        currency=currency,
        cost=amounts["cost"],
        supplier=cells.get("supplier", ""),
        commission_bp=commission,
    )
    problem = product_problem(product)
    if problem is not None:
        field, why = problem
        return None, [(field, why, field)]
    return product, []


def _basis_points(text: str) -> int:
    percent = text.endswith(("%", "％"))
    value = float(text.rstrip("%％"))
    share = value / 100 if percent or value > 1 else value
    return round(share * 10_000)


def _parts(text: str) -> tuple[str, ...]:
    for mark in ("；", ";", "、", "\n", "|", "，"):
        text = text.replace(mark, ",")
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _places(heading: list[str]) -> dict[str, int]:
    names = {cell.strip().lower(): place for place, cell in reversed(list(enumerate(heading)))}
    return {
        field: names[word.lower()]
        for field, words in COLUMNS.items()
        for word in reversed(words)
        if word.lower() in names
    }


def _csv_rows(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return [row for row in csv.reader(io.StringIO(text, newline=""))]
        except csv.Error as error:
            raise BadTable("table_csv", f"this is no CSV file: {error}") from error
    raise BadTable("table_text", "the file is neither UTF-8 nor GB18030 text; save it again as CSV UTF-8")


def _sheet_rows(content: bytes, filename: str) -> list[list[str]]:
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
    return str(value)
