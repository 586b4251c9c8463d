"""Reading the stock ledger: balances, movements, quotas, rules, and whether everything sums."""

from collections.abc import Sequence

import msgspec

from livecue.sales.stock import tables
from livecue.sales.stock.rules import INSPECTION, Rules, read_rules
from livecue.store import Reader, Row


class StockView(msgspec.Struct, frozen=True):
    """Stock of a SKU over the warehouses that sell. ``known`` False: nobody told an opening balance (待核验)."""

    sku: str
    product: str
    on_hand: int
    reserved: int
    known: bool


class Balance(msgspec.Struct, frozen=True):
    """Stock of a SKU in one warehouse. Fewer ``on_hand`` than ``reserved``: counted away, a person decides."""

    sku: str
    warehouse: str
    product: str
    on_hand: int
    reserved: int


class MoveRow(msgspec.Struct, frozen=True):
    """A double entry: ``quantity`` pieces went from one account to another.

    Accounts: free@<warehouse>, held@<warehouse> (promised to an order), sold, outside (suppliers, platforms), count.
    """

    room: str
    move: int
    at: int
    sku: str
    source: str
    target: str
    quantity: int
    cause: str
    subject: str


class QuotaRow(msgspec.Struct, frozen=True):
    """How much of a SKU a channel may sell, and has sold or holds."""

    channel: str
    sku: str
    quota: int
    used: int


class Unbalanced(msgspec.Struct, frozen=True):
    """A balance that its movements do not add up to."""

    org: str
    brand: str
    sku: str
    warehouse: str
    on_hand: int
    reserved: int
    free_moved: int
    held_moved: int


def list_balances(db: Reader, org: str, brand: str) -> list[Balance]:
    """Every SKU and warehouse of a brand whose opening balance was told."""
    return [Balance(*row) for row in db.rows(tables.LIST_STOCK, (org, brand))]


def find_rules(db: Reader, org: str, brand: str) -> Rules:
    """What the brand sells by."""
    return read_rules(db.rows(tables.READ_RULES, (org, brand)))


def list_stock(db: Reader, org: str, brand: str) -> list[StockView]:
    """Stock of a brand by SKU, over every warehouse that sells."""
    rules = find_rules(db, org, brand)
    found: dict[str, StockView] = {}
    for row in list_balances(db, org, brand):
        if rules.place(row.warehouse).holds == INSPECTION:
            continue
        known = found.get(row.sku)
        if known is None:
            found[row.sku] = StockView(row.sku, row.product, row.on_hand, row.reserved, True)
        else:
            product = known.product or row.product
            total = (known.on_hand + row.on_hand, known.reserved + row.reserved)
            found[row.sku] = StockView(row.sku, product, *total, True)
    return list(found.values())


def list_moves(db: Reader, org: str, brand: str, sku: str, until: int = 1 << 62, limit: int = 200) -> list[MoveRow]:
    """The movements of a SKU, newest first."""
    return [MoveRow(*row) for row in db.rows(tables.LIST_MOVES, (org, brand, sku, until, limit))]


def list_quotas(db: Reader, org: str, brand: str) -> list[QuotaRow]:
    """Every quota of a brand."""
    return [QuotaRow(*row) for row in db.rows(tables.LIST_QUOTAS, (org, brand))]


def unbalanced(db: Reader) -> list[Unbalanced]:
    """Balances that differ from the sum of their movements: none, unless somebody changed the rows by hand."""
    return [Unbalanced(*row) for row in db.rows(tables.UNBALANCED)]


def total_of(rows: Sequence[Row], rules: Rules) -> tuple[str, int, int] | None:
    """(product, on hand, reserved) of one SKU's rows over the warehouses that sell; None where nobody told any."""
    sells = [row for row in rows if rules.place(row[1]).holds != INSPECTION]
    if not sells:
        return None
    product = next((row[2] for row in sells if row[2]), "")
    return product, sum(row[3] for row in sells), sum(row[4] for row in sells)
