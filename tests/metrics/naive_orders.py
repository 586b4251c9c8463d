"""Orders the plain way: each counted once, shared out among its products, refunds kept apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from livecue import events as ev

_WHOLE = ("refunded", "")


@dataclass
class OrderSeen:
    created: bool = False
    paid: bool = False
    amount: int = 0
    user: str = ""
    via: str = ""
    lines: tuple[Any, ...] = ()
    shares: list[tuple[str, int, int]] = field(default_factory=list)
    foreign: bool = False
    refunds: dict[str, tuple[int, str, bool]] = field(default_factory=dict)
    counted: dict[str, str] = field(default_factory=dict)
    """Each refund, and what was known then of which product it is."""
    noted: dict[tuple[str, str], int] = field(default_factory=dict)


def split_amount(amount: int, weights: list[int]) -> list[int]:
    if sum(weights) == 0:
        return [0 for _ in weights]
    parts = [amount * w // sum(weights) for w in weights]
    heaviest = max(range(len(weights)), key=lambda i: (weights[i], -i))
    parts[heaviest] += amount - sum(parts)
    return parts


class NaiveOrders:
    """The part of ``Naive`` that sees orders."""

    currency: str
    users_via: dict[str, str]
    skus: dict[str, str]
    orders: dict[str, OrderSeen]
    paid_before: set[str]

    def tell(self, kind: str) -> None:
        raise NotImplementedError

    def fact(self, name: str, **more: Any) -> None:
        raise NotImplementedError

    def moment(self, at: int) -> None:
        raise NotImplementedError

    def in_talk(self, product: str) -> bool:
        raise NotImplementedError

    # Orders.

    def share_out(self, order: OrderSeen) -> list[tuple[str, int, int]]:
        units: dict[str, int] = {}
        worth: dict[str, int] = {}
        for line in order.lines:
            product = line.product or self.skus.get(line.sku, "")
            units[product] = units.get(product, 0) + line.quantity
            worth[product] = worth.get(product, 0) + line.quantity * line.price
        if not any(worth.values()):
            worth = dict(zip(units, split_amount(order.amount, list(units.values())), strict=True))
        return [(p, units[p], worth[p]) for p in units if p]

    def describe(self, order: OrderSeen, e: Any) -> None:
        order.amount = e.amount
        order.foreign = e.currency not in ("CNY", self.currency, "")
        order.user = e.user or order.user
        if e.via:
            order.via = e.via
        elif not order.via or order.via == "unknown":
            order.via = self.users_via.get(order.user, "unknown")
        if e.lines:
            for line in e.lines:
                if line.product:
                    self.skus.setdefault(line.sku, line.product)
            order.lines = e.lines
        if e.lines or not any(line.quantity * line.price for line in order.lines):
            order.shares = self.share_out(order)

    def money(self, name: str, order: OrderSeen) -> None:
        more = {"user": order.user, "via": order.via, "foreign": order.foreign}
        self.fact(name, count=order.amount, **more)
        for product, _, amount in order.shares:
            self.fact(name + "_of", count=amount, product=product, user=order.user, foreign=order.foreign)

    def on_OrderCreated(self, e: ev.OrderCreated) -> None:
        self.tell("create")
        if e.order in self.paid_before:
            return
        order = self.orders.setdefault(e.order, OrderSeen())
        if not order.created:
            order.created = True
            self.describe(order, e)
            self.money("created", order)

    def on_OrderPaid(self, e: ev.OrderPaid) -> None:
        self.tell("pay")
        if e.order in self.paid_before:
            return
        order = self.orders.setdefault(e.order, OrderSeen())
        if order.paid:
            return
        self.describe(order, e)
        if not order.created:
            order.created = True
            self.money("created", order)
        order.paid = True
        self.moment(e.at)
        if e.new_buyer is not None:
            self.tell("buyer")
            if e.new_buyer:
                self.fact("new_buyers")
        self.money("paid", order)
        self.fact("units", count=sum(line.quantity for line in order.lines), via=order.via)
        once = False
        for product, units, amount in order.shares:
            self.fact("units_of", count=units, product=product)
            if self.in_talk(product):
                self.fact("talk_paid_of", count=0 if order.foreign else amount, product=product)
                if not once:
                    self.fact("talk_orders")
                once = True
        for refund in list(order.refunds):
            self.refund(order, refund)

    def on_OrderRefunded(self, e: ev.OrderRefunded) -> None:
        self.tell("refund")
        if e.order in self.paid_before:
            return
        order = self.orders.setdefault(e.order, OrderSeen())
        refund = e.refund or e.key
        if refund not in order.refunds:
            order.refunds[refund] = (e.amount, e.sku, e.shipped)
            if order.paid:
                self.refund(order, refund)

    def refund(self, order: OrderSeen, refund: str) -> None:
        """Reckon the order's refunds from the start, and note what is otherwise than noted before."""
        first = not order.counted
        sku = order.refunds[refund][1]
        order.counted[refund] = self.skus.get(sku, sku)
        now = self.back(order)
        if first:
            self.fact("refunded_orders", via=order.via)
        change = {key: now.get(key, 0) - order.noted.get(key, 0) for key in {**order.noted, **now}}
        order.noted = now
        self.fact("refunded", count=change[_WHOLE], via=order.via)
        # Shipped where it was told as not shipped, or the other way round: no refund that a window does not hold.
        ways = [change.get((name, ""), 0) for name in ("refunded_shipped", "refunded_unshipped")]
        moved = max(0, min(max(ways), -min(ways)))
        for (name, product), count in change.items():
            if moved and count > 0 and name in ("refunded_shipped", "refunded_unshipped"):
                self.fact(name, count=moved, product=product, whole=True)
                if count > moved:
                    self.fact(name, count=count - moved, product=product)
            elif name != "refunded" and count:
                # Less than before was said in a window that may be over: only the whole show knows it.
                self.fact(name, count=count, product=product, whole=count < 0)

    def back(self, order: OrderSeen) -> dict[tuple[str, str], int]:
        """What the refunds come to: whoever says more is believed, and only what they say of product and parcel."""
        said: dict[bool, list[str]] = {True: [], False: []}
        for name in order.counted:
            said[name.startswith("file:")].append(name)
        sums = {by: 0 if order.foreign else sum(order.refunds[n][0] for n in names) for by, names in said.items()}
        by_file = sums[True] > sums[False] or not said[False]
        found = {_WHOLE: 0, ("refunded_shipped", ""): 0, ("refunded_unshipped", ""): 0}
        touched = set()
        for name in said[by_file]:
            amount, _, shipped = order.refunds[name]
            amount = 0 if order.foreign else amount
            found[_WHOLE] += amount
            found["refunded_shipped" if shipped else "refunded_unshipped", ""] += amount
            named, shares = order.counted[name], order.shares
            parts = [(named, amount)]
            if named not in [p for p, _, _ in shares]:
                weights = split_amount(amount, [a for _, _, a in shares])
                parts = list(zip([p for p, _, _ in shares], weights, strict=True))
            for product, part in parts:
                if part or product == named:
                    found["refunded_of", product] = found.get(("refunded_of", product), 0) + part
                    touched.add(product)
        return found | {("refunded_orders_of", product): 1 for product in touched}
