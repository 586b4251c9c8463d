"""What the market shows: rivals' prices, trend and hot lists out of spreadsheets, each with source and day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from livecue.events import MarketNoted, ProductSaved, RivalNoted
from livecue.kit import parse_money, stable_id
from livecue.planning.supply.house import Files
from livecue.planning.supply.presets import PRESETS
from livecue.sheets import NoYear, Row, RowError, day, hundredfold, looks_like_fen, read_rows

MOST_ROWS = 5_000
RIVAL_COLUMNS: dict[str, tuple[str, ...]] = {
    "product": ("商品编号", "商品ID", "Product id", "product"),
    "shop": ("竞品店铺", "店铺", "Shop", "shop"),
    "price": ("竞品价", "价格", "Price", "price"),
    "source": ("来源", "Source", "source"),
    "on": ("日期", "采集日期", "Date", "date"),
}
LIST_COLUMNS: dict[str, tuple[str, ...]] = {
    "rank": ("排名", "Rank", "rank"),
    "name": ("商品名称", "名称", "标题", "Name", "name"),
    "category": ("类目", "Category", "category"),
    "heat": ("热度", "销量", "Heat", "heat"),
    "price": ("价格", "Price", "price"),
    "product": ("商品编号", "Product id", "product"),
    "source": ("来源", "榜单", "Source", "source"),
    "on": ("日期", "榜单日期", "Date", "date"),
}
"""Field to the headings that mean it; the first is that of our template, the first Latin one of its English twin."""
ROW_CODES = frozenset(
    {"empty", "not_money", "price", "no_year", "not_day", "future", "no_product", "fen", "twice", "not_whole"}
)
"""What can be wrong in a row; the screens have words for each."""
DOUBTS = frozenset({"fen"})
"""Errors that a person may overrule."""


class Market(msgspec.Struct, frozen=True):
    """What may be kept, and what is wrong by row and column."""

    events: list[RivalNoted | MarketNoted]
    errors: list[RowError]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list that is not too old; ``product``: ours that it is or sounds like, "" none; ``told``: the list
    itself says which product it is."""

    item: str
    list: str
    name: str
    category: str
    rank: int
    heat: str
    price: int
    source: str
    noted_on: str
    product: str = ""
    told: bool = False


class _Reader:
    """One row at a time, its errors gathered."""

    def __init__(self, row: Row, columns: Mapping[str, Sequence[str]]) -> None:
        self.row, self.columns = row, columns
        self.errors: list[RowError] = []

    def wrong(self, field: str, code: str, message: str) -> None:
        self.errors.append(self.row.wrong(self.columns, field, code, message))

    def text(self, field: str, otherwise: str = "", needed: bool = False) -> str:
        found = self.row.cells.get(field, "") or otherwise
        if needed and not found:
            self.wrong(field, "empty", "must not be empty")
        return found

    def money(self, currency: str, needed: bool) -> int:
        text = self.text("price", needed=needed)
        if not text:
            return 0
        try:
            found = parse_money(text, currency).minor
        except ValueError as error:
            self.wrong("price", "not_money", str(error))
            return 0
        if found <= 0:
            self.wrong("price", "price", "the price must be above 0")
        return found

    def on(self, otherwise: str, today: date) -> str:
        text = self.text("on", otherwise, needed=True)
        if not text:
            return ""
        try:
            found = day(text)
        except NoYear as error:
            self.wrong("on", "no_year", str(error))
            return ""
        except ValueError as error:
            self.wrong("on", "not_day", str(error))
            return ""
        if found > today:
            self.wrong("on", "future", f"{found} lies in the future")
        return found.isoformat()


def read_rivals(
    content: bytes,
    filename: str,
    products: Sequence[ProductSaved],
    today: date,
    source: str = "",
    on: str = "",
    sure: bool = False,
) -> Market:
    """Rivals' prices of our products. ``source`` and ``on`` stand for cells that are empty or missing; ``sure``: a
    price a hundred times ours, or a hundredth, is none in fen. Raises ``BadTable``."""
    known = {product.card.product: product for product in products}
    found: list[RivalNoted | MarketNoted] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for row in read_rows(content, filename, RIVAL_COLUMNS, ("product", "price"), MOST_ROWS):
        reader = _Reader(row, RIVAL_COLUMNS)
        name = reader.text("product", needed=True)
        product = known.get(name)
        if name and product is None:
            reader.wrong("product", "no_product", f"the catalogue has no product {name}")
        price = reader.money(product.currency if product else "CNY", needed=True)
        if product is not None and not sure and hundredfold(price, product.card.price):
            ours = f"{product.card.price / 100:.2f}"
            reader.wrong("price", "fen", f"{price / 100:.2f} against our {ours}: is one of them in fen?")
        shop, seen_at = reader.text("shop"), reader.text("source", source, needed=True)
        noted_on = reader.on(on, today)
        rival = stable_id("rival", name, shop, seen_at, noted_on)
        if not reader.errors and rival in seen:
            reader.wrong(
                "product", "twice", f"{name} of the same shop, source and day stands already in row {seen[rival]}"
            )
        errors += reader.errors
        if reader.errors or product is None:
            continue
        seen[rival] = row.number
        found.append(
            RivalNoted(
                org=product.org, brand=product.brand, rival=rival, product=name, shop=shop, price=price, source=seen_at,
                noted_on=noted_on,
            )
        )  # fmt: skip
    return Market(found, errors)


def read_list(
    content: bytes,
    filename: str,
    which: str,
    org: str,
    brand: str,
    today: date,
    source: str = "",
    on: str = "",
    currency: str = "CNY",
    sure: bool = False,
) -> Market:
    """A trend list or a hot list (``which``: trend or hot). Raises ``BadTable``."""
    rows = read_rows(content, filename, LIST_COLUMNS, ("name",), MOST_ROWS)
    fen = not sure and looks_like_fen([row.cells.get("price", "") for row in rows])
    found: list[RivalNoted | MarketNoted] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for row in rows:
        reader = _Reader(row, LIST_COLUMNS)
        name, rank = reader.text("name", needed=True), reader.text("rank")
        if rank and not (rank.isdecimal() and 0 < int(rank) <= 1_000_000):
            reader.wrong("rank", "not_whole", f"not a rank: {rank!r}; write 1 for the first")
        price = reader.money(currency, needed=False)
        if price and fen:
            reader.wrong("price", "fen", f"{price / 100:.2f}: is this in fen? Write prices in yuan, as 59.90")
        seen_at, noted_on = reader.text("source", source, needed=True), reader.on(on, today)
        item = stable_id("market", which, seen_at, noted_on, name)
        if not reader.errors and item in seen:
            reader.wrong("name", "twice", f"{name} stands already in row {seen[item]}")
        errors += reader.errors
        if reader.errors:
            continue
        seen[item] = row.number
        found.append(
            MarketNoted(
                org=org, brand=brand, item=item, list=which, name=name, category=reader.text("category"),
                rank=int(rank) if rank else 0, heat=reader.text("heat"), price=price, product=reader.text("product"),
                source=seen_at, noted_on=noted_on,
            )
        )  # fmt: skip
    return Market(found, errors)


def seen(files: Files, products: Sequence[ProductSaved], today: date) -> list[Seen]:
    """Lines that are not too old, the newest list first, by rank; each with the product of ours that it is."""
    known = {product.card.product for product in products if product.active}
    words = sorted(
        {
            (word.lower(), product.card.product)
            for product in products
            if product.active
            for word in (product.card.name, *product.card.keywords)
            if len(word) > 1
        },
        key=lambda pair: (-len(pair[0]), pair),
    )
    least = today - timedelta(days=PRESETS.price.list_days)
    found = []
    for row in files.market.values():
        if not least <= date.fromisoformat(row.noted_on) <= today:
            continue
        text, told = row.name.lower(), row.product in known
        product = row.product if told else next((name for word, name in words if word in text), "")
        found.append(
            Seen(
                item=row.item, list=row.list, name=row.name, category=row.category, rank=row.rank, heat=row.heat,
                price=row.price, source=row.source, noted_on=row.noted_on, product=product, told=told,
            )
        )  # fmt: skip
    found.sort(key=lambda row: (row.rank or 1 << 30, row.name, row.item))
    return sorted(found, key=lambda row: row.noted_on, reverse=True)
