"""What an order takes out of the stock once it is paid, and what a refund brings back: each piece counted once."""

from collections import Counter
from collections.abc import Iterable

from livecue.events import Line
from livecue.sales.opening import by_sku
from livecue.sales.order import Alloc, Order, done_exchanges
from livecue.sales.stock import Book, Rules, Short


def take(order: Order, number: str, rules: Rules, book: Book) -> list[tuple[str, int, int]]:
    """Take what the order's lines want: what is held for it first, the rest out of the free stock.

    A line is taken whole or not at all. Leaves the taken pieces in ``order.allocs``; returns what is short as
    (SKU, pieces, free), a SKU once: the line's own SKU where none of it was held, else the parts that lack.
    """
    lines = [line for line in by_sku(order.lines) if line.quantity > 0]
    held = order.allocs
    short: dict[str, tuple[int, int]] = {}
    if not held:
        left = [(line, rules.parts(line.sku, line.quantity)) for line in lines]
        order.allocs = []
    else:
        kept, freed = _split(held, _sum(part for line in lines for part in rules.parts(line.sku, line.quantity)))
        book.free(freed, number, "no longer wanted")
        missing = book.take_held(kept, number)
        # One by one: two lines may hold the same of a SKU, and only one of them be gone.
        gone = Counter(missing)
        order.allocs = []
        for alloc in kept:
            if gone[alloc]:
                gone[alloc] -= 1
            else:
                order.allocs.append(alloc)
        # What was counted away is short already: its lines do not ask for it a second time.
        for sku, _, count in missing:
            _add(short, sku, count, 0)
        left = _uncovered(lines, _sum((sku, count) for sku, _, count in kept), rules)
    for line, parts in left:
        got = book.take(parts, order.region, number)
        if isinstance(got, Short):
            whole = parts == rules.parts(line.sku, line.quantity)
            for sku, wanted in [(line.sku, line.quantity)] if whole else parts:
                _add(short, sku, wanted, got.free)
        elif got:
            order.allocs += got
    return [(sku, wanted, free) for sku, (wanted, free) in short.items()]


def _uncovered(lines: Iterable[Line], pool: dict[str, int], rules: Rules) -> list[tuple[Line, list[tuple[str, int]]]]:
    """The lines, and of each the parts, that held pieces do not cover. A line that they cover whole comes first."""
    waiting = []
    for line in lines:
        parts = rules.parts(line.sku, line.quantity)
        if all(pool.get(sku, 0) >= count for sku, count in parts):
            for sku, count in parts:
                pool[sku] -= count
        else:
            waiting.append((line, parts))
    found = []
    for line, parts in waiting:
        rest = []
        for sku, count in parts:
            used = min(count, pool.get(sku, 0))
            if used:
                pool[sku] -= used
            if count > used:
                rest.append((sku, count - used))
        if rest:
            found.append((line, rest))
    return found


def _split(held: Iterable[Alloc], wanted: dict[str, int]) -> tuple[list[Alloc], list[Alloc]]:
    """Held pieces as (those that are wanted, those that are too many)."""
    kept: list[Alloc] = []
    freed: list[Alloc] = []
    for sku, warehouse, count in held:
        use = min(count, wanted.get(sku, 0))
        if use:
            wanted[sku] -= use
            kept.append((sku, warehouse, use))
        if count > use:
            freed.append((sku, warehouse, count - use))
    return kept, freed


def bring_back(order: Order, number: str, rules: Rules, book: Book) -> None:
    """Put back what refunds return of the pieces this order took, never more; told before the payment it waits."""
    more = order.more
    if more is None or not order.taken or not any(refund.restock for refund in more.refunds.values()):
        return
    taken = _sum((sku, count) for sku, _, count in order.allocs)
    wanted: dict[str, int] = {}
    for refund in more.refunds.values():
        if refund.restock and refund.sku and refund.quantity > 0:
            for sku, count in rules.parts(refund.sku, refund.quantity):
                wanted[sku] = wanted.get(sku, 0) + count
    for bought, choice in done_exchanges(order):
        # Who sends back what was bought sends back what came instead of it.
        parts = rules.parts(bought, 1)
        over = min((wanted.get(sku, 0) - taken.get(sku, 0)) // count for sku, count in parts) if parts else 0
        if (swapped := min(choice.pieces, over)) > 0:
            for sku, count in parts:
                wanted[sku] -= swapped * count
            for sku, count in rules.parts(choice.instead, swapped):
                wanted[sku] = wanted.get(sku, 0) + count
    for sku in sorted(wanted):
        count = min(wanted[sku], taken.get(sku, 0)) - more.returned.get(sku, 0)
        if count > 0 and book.put_back(sku, count, number, "refund"):
            more.returned[sku] = more.returned.get(sku, 0) + count


def _sum(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for sku, count in parts:
        found[sku] = found.get(sku, 0) + count
    return found


def _add(short: dict[str, tuple[int, int]], sku: str, wanted: int, free: int) -> None:
    before = short.get(sku, (0, free))
    short[sku] = (before[0] + wanted, min(before[1], free))
