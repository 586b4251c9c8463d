"""Orders out of a shop's export: one row a line, errors told by row and column, good orders taken all the same.

An order of which one row cannot be read is not taken at all. The same file again changes nothing: its events have keys.
"""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from livecue.events import FILE_REFUND, Event, Line, OrderCreated, OrderPaid, OrderRefunded, OrderTold, ParcelShipped
from livecue.kit import Money, parse_money
from livecue.sales.mapping import CLOSED, order_state, own_code
from livecue.sheets import MB, RowError, amount, moment, read_rows
from livecue.store import Reader

COLUMNS: dict[str, tuple[str, ...]] = {
    "order": ("订单号", "订单编号", "主订单编号", "order", "order id", "order_id", "InvoiceNo"),
    "placed": ("下单时间", "订单提交时间", "创建时间", "placed", "created time", "order date", "InvoiceDate"),
    "paid": ("付款时间", "支付时间", "支付完成时间", "paid", "paid time"),
    "status": ("订单状态", "状态", "status", "order status"),
    "sku": ("SKU", "规格编码", "商家编码", "sku id", "StockCode"),
    "product": ("商品编号", "商品ID", "product", "product id"),
    "quantity": ("数量", "商品数量", "件数", "quantity", "Quantity"),
    "price": ("单价", "商品单价", "price", "unit price", "UnitPrice"),
    "amount": ("实付", "订单应付金额", "实付金额", "amount", "order amount"),
    "refunded": ("退款", "退款金额", "已退款", "已退金额", "refunded", "refund amount"),
    "currency": ("币种", "货币", "currency"),
    "buyer": ("买家", "买家编号", "buyer", "buyer id", "CustomerID"),
    "region": ("省份", "省", "region", "state", "Country"),
    "carrier": ("快递公司", "承运商", "carrier"),
    "tracking": ("运单号", "快递单号", "tracking", "tracking number"),
}
"""Field to the headings that mean it; the first is the one our own template uses."""
NEEDED = ("order", "sku", "quantity")
MOST_ROWS = 1_000_000
MOST_BYTES = 100 * MB
_UNPAID = frozenset({"unpaid", "cancelled"})
_CURRENCIES = {"人民币": "CNY", "RMB": "CNY", "¥": "CNY", "￥": "CNY", "元": "CNY", "US$": "USD", "美元": "USD"}
REFUNDED = ":refunded"
"""Ends the id of a refund that a file tells as a sum of the order: what its rows that give back do not tell."""


class Imported(msgspec.Struct, frozen=True):
    """Events of the orders that could be read, in their order; what could not, by row and column."""

    events: list[Event]
    errors: list[RowError]
    orders: int
    lines: int
    rows: dict[str, int] = {}
    """Order to the row that tells how much of it was refunded."""


class _Line(msgspec.Struct):
    row: int
    cells: dict[str, str]
    sku: str
    quantity: int
    price: int
    placed: int
    paid: int
    amount: int
    refunded: int = -1
    worth: int = 0
    """Quantity times price as it was written, rounded once: some exports price a piece in parts of a minor unit."""


def read_orders(
    content: bytes, filename: str, currency: str = "CNY", zone: str = "Asia/Shanghai", system: str = ""
) -> Imported:
    """Read an .xlsx, .xls, .ods or .csv file. ``system`` names the map of states that the column of states speaks.

    Raises ``BadTable`` when it is no table with the needed columns. A row with a negative quantity gives that much
    back, one with a negative price gives money back without goods: refunds of their own, as some exports write them.
    """
    rows = read_rows(content, filename, COLUMNS, NEEDED, MOST_ROWS, MOST_BYTES)
    errors: list[RowError] = []
    orders: dict[str, list[_Line]] = {}
    broken: set[str] = set()
    for row in rows:
        cells = row.cells
        wrong, line = _read(row.number, cells, currency, zone, system)
        errors += wrong
        if cells.get("order"):
            if line is None:
                broken.add(cells["order"])
            else:
                orders.setdefault(cells["order"], []).append(line)
    events: list[Event] = []
    told: dict[str, int] = {}
    taken = lines = 0
    for order, found in orders.items():
        if order in broken:
            continue
        made, problem = _events(order, found, currency, system)
        if problem is not None:
            errors.append(problem)
            continue
        taken, lines = taken + 1, lines + len(found)
        events += made
        if place := next((line.row for line in found if line.refunded > 0), 0):
            told[order] = place
    errors.sort(key=lambda error: error.row)
    return Imported(events, errors, taken, lines, told)


def _read(
    row: int, cells: dict[str, str], currency: str, zone: str, system: str
) -> tuple[list[RowError], _Line | None]:
    wrong = [RowError(row, COLUMNS[field][0], "must not be empty", "empty") for field in NEEDED if not cells.get(field)]
    line = _Line(row, cells, cells.get("sku", ""), 0, 0, 0, 0, -1)

    def told(field: str, code: str, error: ValueError) -> None:
        wrong.append(RowError(row, COLUMNS[field][0], str(error), code))

    if cells.get("quantity"):
        try:
            line.quantity = int(cells["quantity"])
            if not -1_000_000 <= line.quantity <= 1_000_000 or not line.quantity:
                raise ValueError(cells["quantity"])
        except ValueError:
            told("quantity", "quantity", ValueError(f"not a number of pieces: {cells['quantity']!r}"))
    if (word := cells.get("currency", "").strip()) and _CURRENCIES.get(word, word.upper()) != currency:
        told("currency", "currency", ValueError(f"the room sells in {currency}, this row is in {word}"))
    for field in ("price", "amount", "refunded"):
        if cells.get(field):
            try:
                setattr(line, field, amount(cells[field], currency))
            except ValueError as error:
                told(field, "not_money", error)
    for field in ("placed", "paid"):
        if cells.get(field):
            try:
                setattr(line, field, moment(cells[field], zone))
            except ValueError as error:
                told(field, "not_time", error)
    if not wrong and cells.get("price"):
        line.worth = _worth(cells["price"], line.quantity, line.price, currency)
    if line.amount < -1:
        told("amount", "not_money", ValueError("an order's amount is not below zero"))
    if line.refunded < -1 or (cells.get("refunded") and line.refunded < 0 and not wrong):
        told("refunded", "not_money", ValueError("what was refunded is not below zero"))
    return wrong, None if wrong else line


def _worth(text: str, quantity: int, price: int, currency: str) -> int:
    try:
        return quantity * parse_money(text, currency).minor
    except ValueError:
        try:
            return amount(str(quantity * Decimal(text.replace(",", "").strip())), currency)
        except (ArithmeticError, ValueError):
            return quantity * price


def _refunded(found: Sequence[_Line]) -> int:
    """What was refunded of an order, 0 where the file tells nothing.

    Each row tells its own part, unless every row repeats the order's sums: then its amount is repeated too.
    """
    told = [line.refunded for line in found if line.refunded >= 0]
    repeats = len(found) > 1 and len(told) == len(found) and len(set(told)) == 1
    if repeats and len({line.amount for line in found}) == 1 and found[0].amount >= 0:
        return told[0]
    return sum(told)


def _was_paid(found: Sequence[_Line], status: str, state: str | None) -> bool:
    """Whether the file says that the order was paid: by a time of payment, or by a state that only follows one.

    A word nobody knows and "closed" tell neither: then the time of payment decides, and where the file has no such
    column the order stays unpaid. A file with neither states nor times of payment lists sales.
    """
    if any(line.paid for line in found) or any(line.refunded > 0 for line in found):
        # Nothing is given back that was not paid.
        return True
    if state in _UNPAID:
        return False
    if state not in (None, CLOSED, "unknown"):
        return True
    return not status and "paid" not in found[0].cells


def _events(order: str, found: Sequence[_Line], currency: str, system: str) -> tuple[list[Event], RowError | None]:
    first = found[0]
    # Pieces for less than nothing are money given back without goods: a bad debt, a discount after the fact.
    bought = [line for line in found if line.quantity > 0 and line.price >= 0]
    back = [line for line in found if line.quantity < 0 or line.price < 0]
    status = next((line.cells["status"] for line in found if line.cells.get("status")), "")
    if not system:
        status = own_code(status)
    state = order_state(system, status) if status else None
    cells = first.cells
    worth = sum(line.worth for line in bought)
    told = max((line.amount for line in found), default=-1)
    whole = told if told >= 0 else max(0, worth)
    lines = tuple(
        Line(sku=line.sku, product=line.cells.get("product", ""), quantity=line.quantity, price=max(0, line.price))
        for line in bought
    )
    given_back = sum(max(0, -line.worth) for line in back)
    refunded = _refunded(found)
    if refunded:
        row, column = next(line.row for line in found if line.refunded > 0), COLUMNS["refunded"][0]
        if state == "unpaid":
            return [], RowError(row, column, "this order is not paid, and nothing of it can be refunded", "unpaid")
        if bought and refunded > whole:
            why = f"more was refunded than the order came to: {refunded} of {whole} minor units"
            return [], RowError(row, column, why, "over_refunded")
    paid = next((line.paid for line in found if line.paid), 0)
    placed = first.placed or paid
    events: list[Event] = []
    common = {"order": order, "user": cells.get("buyer", ""), "currency": currency, "region": cells.get("region", "")}
    if bought:
        create = OrderCreated(key=f"file:{order}", at=placed, amount=whole, lines=lines, **common)  # type: ignore[arg-type]
        events.append(create)
        if _was_paid(found, status, state):
            at = paid or placed
            events.append(OrderPaid(key=f"file:{order}", at=at, amount=whole, lines=lines, **common))  # type: ignore[arg-type]
    for line in back:
        amount_back = -line.worth
        if amount_back >= 0:
            name = f"{FILE_REFUND}{order}:{line.row}"
            events.append(
                OrderRefunded(
                    key=name, at=line.placed, order=order, refund=name, amount=amount_back, sku=line.sku,
                    quantity=max(0, -line.quantity), reason=line.cells.get("status", ""),
                )
            )  # fmt: skip
    if refunded > given_back:
        name = f"{FILE_REFUND}{order}{REFUNDED}"
        left = refunded - given_back
        events.append(OrderRefunded(key=name, at=paid or placed, order=order, refund=name, amount=left))
    if status:
        events.append(
            OrderTold(key=f"file:{order}:{status}", at=paid or placed, order=order, status=status, system=system)
        )
    for place, line in enumerate(found):
        if tracking := line.cells.get("tracking"):
            carrier = line.cells.get("carrier", "")
            events.append(
                ParcelShipped(
                    key=f"file:{order}:{tracking}:{place}", order=order, parcel=tracking, carrier=carrier,
                    tracking=tracking,
                )
            )  # fmt: skip
    return events, None


_STEP = 400


def hold_refunds(db: Reader, room: str, found: Imported) -> Imported:
    """Leave out refunds that are known already; one that differs from what is known here is listed, never added to it.

    A platform tells its refunds one by one: the sum in a file is taken only where none was told yet.
    """
    wanted = sorted(found.rows)
    known: dict[str, tuple[int, str]] = {}
    for start in range(0, len(wanted), _STEP):
        part = wanted[start : start + _STEP]
        marks = ",".join("?" * len(part))
        rows = db.rows(
            f"SELECT number, refunded, currency FROM orders WHERE room = ? AND number IN ({marks})", (room, *part)
        )
        known.update((str(number), (int(refunded), str(currency))) for number, refunded, currency in rows)
    if not known:
        return found
    # All that the file tells of an order: its rows that give back, and what its column tells beyond them.
    told: dict[str, int] = {}
    for event in found.events:
        if isinstance(event, OrderRefunded) and event.order in found.rows:
            told[event.order] = told.get(event.order, 0) + event.amount
    errors, held = list(found.errors), set()
    for order, whole in told.items():
        here, currency = known.get(order, (0, ""))
        if not here:
            continue
        held.add(order)
        if here != whole:
            why = f"{Money(whole, currency)} in the file, {Money(here, currency)} here: nothing was changed"
            errors.append(RowError(found.rows[order], COLUMNS["refunded"][0], why, "refund_differs"))
    events = [event for event in found.events if not (isinstance(event, OrderRefunded) and event.order in held)]
    return msgspec.structs.replace(found, events=events, errors=sorted(errors, key=lambda error: error.row))
