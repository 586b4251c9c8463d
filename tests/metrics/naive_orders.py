"""Orders the plain way: each counted once, shared out among its products, refunds kept apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from livecue import events as ev


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
    counted: set[str] = field(default_factory=set)
    refunded_products: set[str] = field(default_factory=set)


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
        amount, sku, shipped = order.refunds[refund]
        named = self.skus.get(sku, "")
        if order.foreign:
            amount = 0
        self.fact("refunded", count=amount, via=order.via)
        self.fact("refunded_shipped" if shipped else "refunded_unshipped", count=amount)
        if not order.counted:
            self.fact("refunded_orders", via=order.via)
        order.counted.add(refund)
        shares = order.shares
        if named in [p for p, _, _ in shares]:
            parts = [(named, amount)]
        else:
            parts = list(zip([p for p, _, _ in shares], split_amount(amount, [a for _, _, a in shares]), strict=True))
        for product, part in parts:
            if part or product == named:
                self.fact("refunded_of", count=part, product=product)
                if product not in order.refunded_products:
                    self.fact("refunded_orders_of", product=product)
                    order.refunded_products.add(product)
