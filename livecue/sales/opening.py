"""New orders many at a time: what holds for all of a span is looked up once, and an ordinary order takes one step.

An order that needs more (several warehouses, a quota, a bundle, too few pieces) goes through ``Book.reserve`` like any
other: what becomes of it is the same either way, only the way is shorter.
"""

from collections.abc import Callable
from heapq import heappush

from livecue.events import Line, OrderCreated
from livecue.sales.order import NEVER, SHAPE, Alloc, Order
from livecue.sales.presets import preset_at
from livecue.sales.stock import FIRST_PAID, Book, Rules

Heap = list[tuple[int, str]]
"""(room time, order)."""


def by_sku(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Lines in the order in which their pieces are held and taken: the same whichever way they were told."""
    return lines if len(lines) < 2 else tuple(sorted(lines, key=lambda item: item.sku))


class Opener:
    """Opens orders nobody spoke of before, all at one room time."""

    def __init__(
        self,
        book: Book,
        rules: Rules,
        now: int,
        holds: Heap,
        reminders: Heap,
        short: Callable[[str, str, int, int], None],
    ) -> None:
        """``short`` hears of pieces that are not there: order, SKU, wanted, free."""
        self._book, self._rules, self._now = book, rules, now
        self._holds, self._reminders, self._short = holds, reminders, short
        self._hold_until = 0 if rules.policies else now + rules.hold_ms((), now)
        """Until when a hold lasts; 0 where it depends on the SKU."""
        self._remind_at = now + 1000 * preset_at(now).remind_after_s

    def open(self, number: str, event: OrderCreated) -> Order:
        """The order as its creation tells it, its pieces held."""
        lines, at = event.lines, event.at
        order = Order(
            "unpaid", event.amount, event.user, event.via, event.currency, lines, self._now,
            created=True, place=(0, at or NEVER, event.amount), placed_at=at or self._now, region=event.region,
            address=event.address, shape=SHAPE,
        )  # fmt: skip
        if len(lines) == 1:
            line = lines[0]
            alloc = self._book.hold_one(line.sku, line.quantity, number)
            if alloc is not None:
                order.tried, order.allocs = True, [alloc]
                self._wait(order, number)
                return order
        self.reserve(order, number)
        return order

    def reserve(self, order: Order, number: str) -> None:
        """Hold what an unpaid order asks for, as far as it is there."""
        book, rules = self._book, self._rules
        order.tried = True
        allocs: list[Alloc] = order.allocs
        for line in by_sku(order.lines):
            if not line.quantity or rules.policy(line.sku).policy == FIRST_PAID:
                continue
            got = book.reserve(rules.parts(line.sku, line.quantity), order.region, number)
            if got is None:
                continue
            if isinstance(got, list):
                allocs = [*allocs, *got]
            else:
                self._short(number, line.sku, line.quantity, got.free)
        order.allocs = allocs
        self._wait(order, number)

    def _wait(self, order: Order, number: str) -> None:
        if order.allocs:
            until = self._hold_until or self._now + self._rules.hold_ms([line.sku for line in order.lines], self._now)
            heappush(self._holds, (until, number))
        heappush(self._reminders, (self._remind_at, number))
