"""Products from a spreadsheet: 选品表 (F03) as Excel or CSV, errors told by row and column."""

from collections.abc import Mapping, Sequence

import msgspec

from livecue.catalog.ledger import product_problem
from livecue.events import ProductCard, ProductSaved
from livecue.kit import parse_money
from livecue.sheets import NoYear, RowError, basis_points, day, hundredfold, looks_like_fen, parts, read_rows

MOST_ROWS = 20_000
MOST_PIECES = 10_000_000

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
    "stock": ("库存", "stock"),
    "rival_price": ("竞品价", "rival price", "rival_price"),
    "rival_date": ("竞品价日期", "rival price date", "rival_date"),
    "backup_supplier": ("备用供应商", "backup supplier", "backup_supplier"),
    "report": ("资质文件", "qualification documents", "report"),
    "sample_test": ("样品测试", "sample test", "sample_test"),
    "returns": ("退货条款", "return terms", "returns"),
    "freight_insurance": ("运费险", "freight insurance", "freight_insurance"),
    "restock": ("补货周期", "restock cycle", "restock"),
}
"""Field to the headings that mean it; the first is the one our own template uses."""

NEEDED = ("product", "name", "price")
ROLE_WORDS = {
    "引流款": "hook", "福利款": "deal", "利润款": "profit", "形象款": "prestige", "潜力款": "rising", "爆款": "hit",
    "引流": "hook", "福利": "deal", "利润": "profit", "形象": "prestige", "潜力": "rising",
}  # fmt: skip


ROW_CODES = frozenset(
    {
        "empty", "twice", "not_money", "not_share", "name", "role", "price", "cost", "commission", "sku_twice",
        "sku_taken", "fen", "no_year", "not_day", "not_whole", "stock_of",
    }
)  # fmt: skip
"""What can be wrong in a row: not filled in, said twice, not readable, the field whose value is not allowed, a SKU of
another product, or a price that looks like fen (``sure`` takes it all the same)."""
DOUBTS = frozenset({"fen"})
"""Those that a person may overrule."""


TEXTS = ("backup_supplier", "report", "sample_test", "returns", "freight_insurance", "restock")
"""Columns of F03 that stand on the card as facts, as they were written."""


class Imported(msgspec.Struct, frozen=True):
    """Products that may be saved, and the rows that may not."""

    products: list[ProductSaved]
    errors: list[RowError]
    stock: dict[str, int] = {}
    """Pieces by SKU, where the sheet told them."""


def read_products(
    content: bytes,
    filename: str,
    org: str,
    brand: str,
    currency: str = "CNY",
    known: Sequence[ProductSaved] = (),
    sure: bool = False,
) -> Imported:
    """Read an .xlsx, .xls, .ods or .csv file. Raises ``BadTable`` when it is no table with the needed columns.

    ``known`` are the products on file: what the sheet does not say of them (no such column, or an empty cell) stays.
    A price a hundred times theirs, or a hundredth, is yuan taken for fen and is told, as is a column that looks like
    fen, unless a person is ``sure``. A SKU belongs to one product.
    """
    rows = read_rows(content, filename, COLUMNS, NEEDED, MOST_ROWS)
    before = {product.card.product: product for product in known}
    owners = {sku: product.card.product for product in known for sku in product.card.skus}
    fen = not sure and looks_like_fen(
        [row.cells.get("price", "") for row in rows if row.cells.get("product") not in before]
    )
    products: list[ProductSaved] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    skus: dict[str, int] = {}
    stock: dict[str, int] = {}
    for row in rows:
        product, wrong = _product(row.cells, org, brand, currency, before.get(row.cells.get("product", "")))
        if product is not None and product.card.product in seen:
            again = f"{product.card.product} stands already in row {seen[product.card.product]}"
            wrong = [("product", again, "twice")]
        elif product is not None:
            wrong = _twice(product, skus, owners)
            if not wrong and not sure:
                wrong = _doubts(product, before.get(product.card.product), fen)
        if wrong or product is None:
            errors.extend(row.wrong(COLUMNS, field, code, message) for field, message, code in wrong)
            continue
        seen[product.card.product] = row.number
        skus.update(dict.fromkeys(product.card.skus, row.number))
        products.append(product)
        if told := parts(row.cells.get("stock", "")):
            stock.update(zip(product.card.skus, map(int, told), strict=True))
    return Imported(products, errors, stock)


def _more(cells: dict[str, str], skus: Sequence[str], rival: int, facts: dict[str, str]) -> list[tuple[str, str, str]]:
    """The rest of F03: a rival's price with its day, and the stock, one number for each SKU; ``facts`` are filled."""
    wrong: list[tuple[str, str, str]] = []
    if cells.get("rival_price") and rival:
        facts["rival_price"] = f"{rival / 100:.2f}"
    if cells.get("rival_date"):
        try:
            facts["rival_date"] = day(cells["rival_date"]).isoformat()
        except NoYear as error:
            wrong.append(("rival_date", str(error), "no_year"))
        except ValueError as error:
            wrong.append(("rival_date", str(error), "not_day"))
    text = cells.get("stock", "")
    told = parts(text)
    if any(not (one.isascii() and one.isdigit() and int(one) <= MOST_PIECES) for one in told):
        wrong.append(("stock", f"not a whole number of pieces: {text!r}", "not_whole"))
    elif skus and told and len(told) != len(skus):
        wrong.append(("stock", f"write one number for each of {', '.join(skus)}, as 80;40", "stock_of"))
    return wrong


def _twice(product: ProductSaved, skus: Mapping[str, int], owners: Mapping[str, str]) -> list[tuple[str, str, str]]:
    name, found = product.card.product, []
    for sku in product.card.skus:
        if sku in skus:
            found.append(("skus", f"the SKU {sku} stands already in row {skus[sku]}", "sku_twice"))
        elif owners.get(sku, name) != name:
            found.append(("skus", f"the SKU {sku} belongs to the product {owners[sku]}", "sku_taken"))
    return found


def _doubts(product: ProductSaved, before: ProductSaved | None, fen: bool) -> list[tuple[str, str, str]]:
    price = product.card.price
    if before is not None and hundredfold(price, before.card.price):
        was = f"{before.card.price / 100:.2f}"
        return [("price", f"{price / 100:.2f} against {was} on file: is one of them in fen?", "fen")]
    if before is None and (fen or hundredfold(product.cost, price)):
        return [("price", f"{price / 100:.2f}: is this in fen? Write prices in yuan, as 59.90", "fen")]
    return []


def _product(
    cells: dict[str, str], org: str, brand: str, currency: str, old: ProductSaved | None
) -> tuple[ProductSaved | None, list[tuple[str, str, str]]]:
    wrong = [(field, "must not be empty", "empty") for field in NEEDED if not cells.get(field)]
    amounts = {"price": 0, "cost": old.cost if old else 0, "rival_price": 0}
    for field in amounts:
        text = cells.get(field, "")
        if text:
            try:
                amounts[field] = parse_money(text, currency).minor
            except ValueError as error:
                wrong.append((field, str(error), "not_money"))
    commission = old.commission_bp if old else 0
    text = cells.get("commission", "")
    if text:
        try:
            commission = basis_points(text)
        except ValueError as error:
            wrong.append(("commission", str(error), "not_share"))
    card = old.card if old else ProductCard(product="-", name="-")
    role = cells.get("role", "")
    role = ROLE_WORDS.get(role, role.lower()) or card.role
    skus = parts(cells.get("skus", "")) or card.skus or ((cells["product"],) if cells.get("product") else ())
    facts = {**card.facts, **{name: cells[name] for name in TEXTS if cells.get(name)}}
    wrong += _more(cells, skus, amounts["rival_price"], facts)
    if wrong:
        return None, wrong
    product = ProductSaved(
        org=org,
        brand=brand,
        card=msgspec.structs.replace(
            card,
            product=cells["product"],
            name=cells["name"],
            role=role,
            category=cells.get("category", "") or card.category,
            price=amounts["price"],
            skus=skus,
            selling_points=parts(cells.get("selling_points", "")) or card.selling_points,
            keywords=parts(cells.get("keywords", "")) or card.keywords,
            facts=facts,
        ),
        currency=old.currency if old else currency,
        cost=amounts["cost"],
        supplier=cells.get("supplier", "") or (old.supplier if old else ""),
        commission_bp=commission,
        active=old.active if old else True,
    )
    problem = product_problem(product)
    if problem is not None:
        field, why = problem
        return None, [(field, why, field)]
    return product, []
