"""What a customer chose about pieces that are short (R039), and what follows: waiting, other goods, money back."""

from livecue.events import ShortChosen, TaskAdded
from livecue.flow import RoomInfo, Unit
from livecue.kit import stable_id
from livecue.sales import tables
from livecue.sales.keeping import Keeper
from livecue.sales.order import Alloc, Choice, Order, still_short
from livecue.sales.stock import Book, Rules, Short

_STATES = ("paid_hold", "to_ship", "part_shipped")
_SAYS = {
    "refund": (
        "订单 {0} 缺货，客户选择退款：在店铺后台退 {1}×{2}（R039）",
        "Order {0} is short and the customer wants the money back: refund {2} × {1} in the shop (R039)",
    ),
    "late": (
        "订单 {0} 等货（{1}×{2}）已过承诺时间，请再联系客户（R039）",
        "Order {0} waits for {2} × {1} beyond the time that was promised: ask the customer again (R039)",
    ),
}


def choose(
    event: ShortChosen, order: Order, rules: Rules, book: Book, keeper: Keeper, room: RoomInfo, unit: Unit
) -> tuple[str, str] | None:
    """Keep the choice and do what it brings about; (code, why) of a refusal, with nothing changed."""
    more = order.rest()
    pieces = next((count for sku, count in still_short(order, more, order.refunded) if sku == event.sku), 0)
    if not pieces or order.state not in _STATES:
        return "not_short", "this order is not short of this SKU any more, or is not to be shipped"
    if not event.note.strip():
        return "say_what", "write down what the customer said: the choice is theirs"
    state = "open"
    if event.choice == "wait" and event.until <= unit.now:
        return "bad_until", "name the day until which the customer waits"
    if event.choice == "exchange":
        if not event.instead or event.instead == event.sku:
            return "no_instead", "name the SKU that is sent instead"
        got = book.take(rules.parts(event.instead, pieces), order.region, event.order)
        if isinstance(got, Short) or got is None:
            return "instead_short", "there are not as many pieces of what is to be sent instead"
        _came(order, event.sku, pieces, got, book)
        state = "done"
    elif event.choice == "refund":
        _task("refund", event.order, event.sku, pieces, room, unit)
    chosen = Choice(event.choice, pieces, event.until, event.instead, state)
    more.choices = {**more.choices, event.sku: chosen}
    keeper.put(
        tables.SAVE_CHOICE, event.order, event.sku, event.choice, pieces, event.instead, event.until,
        event.note.strip(), state, unit.now, event.by,
    )  # fmt: skip
    return None


def fetch(order: Order, number: str, rules: Rules, book: Book, keeper: Keeper, room: RoomInfo) -> bool:
    """Take what is there now for a customer who waits for it: a SKU whole or not at all. True when something came."""
    more, came = order.rest(), False
    for sku, pieces in still_short(order, more, order.refunded):
        choice = more.choices.get(sku)
        if choice is None or choice.choice != "wait" or order.state not in _STATES:
            continue
        got = book.take(rules.parts(sku, pieces), order.region, number)
        if isinstance(got, Short) or got is None:
            continue
        _came(order, sku, pieces, got, book)
        _move(choice, "done", number, sku, keeper, room)
        came = True
    return came


def passed(order: Order, number: str, now: int, keeper: Keeper, room: RoomInfo, unit: Unit) -> bool:
    """Who waited as long as was promised is asked again: a task, once. True when it is now."""
    more, late = order.rest(), False
    if order.state not in _STATES:
        # Cancelled, paid back or sent: nobody waits for anything.
        return False
    for sku, pieces in still_short(order, more, order.refunded):
        choice = more.choices.get(sku)
        if choice is not None and choice.choice == "wait" and choice.state == "open" and choice.until <= now:
            _move(choice, "late", number, sku, keeper, room)
            _task("late", number, sku, pieces, room, unit)
            late = True
    return late


def waits(order: Order) -> bool:
    """Whether something is still to be fetched for it."""
    more = order.rest()
    owed = {sku for sku, _ in still_short(order, more, order.refunded)}
    return order.state in _STATES and any(
        sku in owed and choice.choice == "wait" and choice.state != "done" for sku, choice in more.choices.items()
    )


def _came(order: Order, sku: str, pieces: int, got: list[Alloc], book: Book) -> None:
    """The order holds ``got`` now, and is short of that many pieces less; what was paid back stays written as short."""
    order.allocs = [*order.allocs, *got]
    more = order.rest()
    if book.is_presale(got):
        more.presale = True
    left = [(name, place, count - pieces if name == sku else count) for name, place, count in more.short]
    more.short = [alloc for alloc in left if alloc[2] > 0]


def _move(choice: Choice, state: str, number: str, sku: str, keeper: Keeper, room: RoomInfo) -> None:
    choice.state = state
    keeper.say(tables.MOVE_CHOICE, state, room.room, number, sku)


def _task(kind: str, number: str, sku: str, pieces: int, room: RoomInfo, unit: Unit) -> None:
    chinese, english = _SAYS[kind]
    text = (chinese if room.language == "zh" else english).format(number, sku, pieces)
    task = stable_id("sales", room.room, kind, number, sku)
    unit.announce(TaskAdded(task=task, title=text, role="cs", cause="R039"))
