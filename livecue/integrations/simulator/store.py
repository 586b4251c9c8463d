"""The simulated platform's side of the shop: cart, prices, stock, orders, offers and draws."""

import math
import random
from collections.abc import Callable

from livecue.events import (
    DrawEnded,
    DrawStarted,
    Line,
    OfferEnded,
    OfferStarted,
    OrderCancelled,
    OrderCreated,
    OrderPaid,
    OrderRefunded,
    PriceChanged,
    ProductDelisted,
    ProductListed,
    ProductPinned,
    ProductUnpinned,
    StartOffer,
)
from livecue.integrations.simulator import calibration as rate
from livecue.integrations.simulator.engine import Engine, spread
from livecue.integrations.simulator.scenario import Product, Scenario
from livecue.kit import stable_id


class Shelf:
    """One product as the platform has it now."""

    __slots__ = ("number", "offered", "pieces", "price", "prices", "product", "rush")

    def __init__(self, product: Product) -> None:
        self.product = product
        self.price = product.card.price
        self.number = product.card.number
        """Place in the cart; 0 when not listed."""
        self.prices: dict[str, int] = {}
        """SKUs that are sold at a price of their own."""
        self.pieces = {sku: [count, 0] for sku, count in product.stock.items()}
        """SKU to [on hand, promised to unpaid orders]."""
        self.rush = False
        self.offered: dict[str, int] = {}
        """SKU to the pieces the shop still offers, where somebody set fewer than there are."""

    def free(self) -> int:
        """Pieces nobody was promised."""
        return sum(max(0, hand - promised) for hand, promised in self.pieces.values())

    def price_of(self, sku: str) -> int:
        """What one piece of a SKU costs now; "" is the product's price."""
        return self.prices.get(sku, self.price)

    def demand(self) -> float:
        """How the price of now moves orders against the opening price."""
        return math.pow(self.product.card.price / max(1, self.price), 1.3)


class Order:
    """An order on the platform's books."""

    __slots__ = ("amount", "lines", "order", "product", "state", "user", "via")

    def __init__(self, order: str, user: str, via: str, product: str, lines: tuple[Line, ...]) -> None:
        self.order, self.user, self.via, self.product, self.lines = order, user, via, product, lines
        self.amount = sum(line.price * line.quantity for line in lines)
        self.state = "unpaid"


class Store:
    """Books of the simulated platform. Nothing is sold that is not there, but by a planted ``Oversell``."""

    def __init__(self, scenario: Scenario, engine: Engine, refund_reasons: list[str]) -> None:
        self._engine = engine
        self._show = scenario.show
        self._reasons = refund_reasons
        self.shelves = {product.card.product: Shelf(product) for product in scenario.products}
        self.pinned = ""
        self.orders: dict[str, Order] = {}
        self.created = self.paid = self.cancelled = self.refunded = self.oversold = 0
        self.units = self.gmv = 0
        self.offers: dict[str, list[StartOffer | int]] = {}
        """Running offers: what they are, and how often they may still be used."""
        self.draw = ""
        self.draw_word = ""
        self.entrants: set[str] = set()
        self.on_paid: Callable[[str, str, str], None] = lambda user, order, product: None
        """Hears who paid which order for which product."""
        self.listed: list[Shelf] = []
        self._changed()

    def open(self, now: int) -> None:
        """Tell the cart as it stands."""
        for name, shelf in self.shelves.items():
            if shelf.number:
                self._engine.out.append(
                    ProductListed(key=self._engine.key(), at=now, product=name, number=shelf.number)
                )

    def _changed(self) -> None:
        self.listed = [shelf for shelf in self.shelves.values() if shelf.number]

    # What the host's phone and the desk's actions do.

    def pin(self, now: int, product: str) -> None:
        """Show ``product``; what was shown before is replaced."""
        if self.pinned != product:
            self.pinned = product
            self._engine.out.append(ProductPinned(key=self._engine.key(), at=now, product=product))

    def unpin(self, now: int, product: str) -> None:
        """Stop showing ``product``."""
        if self.pinned == product:
            self.pinned = ""
            self._engine.out.append(ProductUnpinned(key=self._engine.key(), at=now, product=product))

    def enlist(self, now: int, product: str, number: int) -> None:
        """Put ``product`` into the cart."""
        shelf = self.shelves[product]
        if not shelf.number:
            taken = {other.number for other in self.listed}
            if not number or number in taken:
                number = max(taken, default=0) + 1
            shelf.number = number
            self._changed()
            self._engine.out.append(ProductListed(key=self._engine.key(), at=now, product=product, number=number))

    def delist(self, now: int, product: str) -> None:
        """Take ``product`` out of the cart, and off the screen if it is shown."""
        shelf = self.shelves[product]
        if shelf.number:
            self.unpin(now, product)
            shelf.number = 0
            self._changed()
            self._engine.out.append(ProductDelisted(key=self._engine.key(), at=now, product=product))

    def reprice(self, now: int, product: str, price: int, sku: str = "") -> None:
        """Sell ``product``, or one ``sku`` of it, at ``price`` from now on; the product's own price is that of all."""
        shelf = self.shelves[product]
        if not self.repriced(product, price, sku):
            return
        if sku and len(shelf.pieces) > 1:
            shelf.prices[sku] = price
        else:
            shelf.price, shelf.prices = price, {}
        self._engine.out.append(PriceChanged(key=self._engine.key(), at=now, product=product, price=price, sku=sku))

    def repriced(self, product: str, price: int, sku: str = "") -> bool:
        """Whether something would cost otherwise than now."""
        shelf = self.shelves[product]
        return shelf.price_of(sku) != price or (not sku and bool(shelf.prices))

    def offered(self, product: str, sku: str) -> int:
        """How many pieces of a SKU the shop offers."""
        shelf = self.shelves[product]
        hand, promised = shelf.pieces[sku]
        return min(shelf.offered.get(sku, hand - promised), hand - promised)

    def offer_pieces(self, product: str, sku: str, quantity: int) -> None:
        """Offer ``quantity`` pieces of a SKU, however many there are."""
        self.shelves[product].offered[sku] = quantity

    def start_offer(self, now: int, what: StartOffer) -> None:
        """Start a coupon or full reduction; it ends by its time or when it is used up."""
        self.offers[what.offer] = [what, what.quantity]
        ends_at = now + what.duration_s * 1000 if what.duration_s else 0
        self._engine.out.append(
            OfferStarted(
                key=self._engine.key(), at=now, offer=what.offer, title=what.title, product=what.product,
                ends_at=ends_at, quantity=what.quantity, off=what.off, threshold=what.threshold,
            )
        )  # fmt: skip
        if ends_at:
            self._engine.at(ends_at, self.end_offer, what.offer)

    def end_offer(self, now: int, offer: str) -> None:
        """Work: the offer is over, unless it was before."""
        if self.offers.pop(offer, None) is not None:
            self._engine.out.append(OfferEnded(key=self._engine.key(), at=now, offer=offer))

    def _taken_off(self, now: int, product: str, amount: int) -> int:
        """What running offers take off an order, each use counted."""
        for offer, (what, left) in list(self.offers.items()):
            assert isinstance(what, StartOffer) and isinstance(left, int)
            if what.product in ("", product) and amount >= what.threshold and left > 0:
                self.offers[offer][1] = left - 1
                if left == 1:
                    self.end_offer(now, offer)
                return min(what.off, amount - 1)
        return 0

    def start_draw(self, now: int, draw: str, title: str, prizes: int, word: str, ends_at: int) -> None:
        """Start a prize draw; one that runs is ended first."""
        if self.draw:
            self.end_draw(now, (self.draw, prizes))
        self.draw, self.draw_word, self.entrants = draw, word, set()
        self._engine.out.append(
            DrawStarted(
                key=self._engine.key(), at=now, draw=draw, title=title, prizes=prizes, word=word, ends_at=ends_at
            )
        )
        self._engine.at(ends_at, self.end_draw, (draw, prizes))

    def end_draw(self, now: int, what: tuple[str, int]) -> None:
        """Work: the draw is over, unless another took its place."""
        draw, prizes = what
        if self.draw == draw:
            count = len(self.entrants)
            self.draw = self.draw_word = ""
            self._engine.out.append(
                DrawEnded(key=self._engine.key(), at=now, draw=draw, entrants=count, winners=min(prizes, count))
            )

    # What buyers do.

    def buy(self, now: int, user: str, via: str, shelf: Shelf, source: random.Random) -> bool:
        """Make an order if a piece is free; its fate (paid, when, refunded) is drawn from ``source``."""
        draw = source.random
        wanted, many, fate, late, back = draw(), draw(), draw(), draw(), draw()
        quantity = 1 + sum(many > mark for mark in rate.QUANTITY)
        skus = list(shelf.pieces)
        first = int(wanted * len(skus))
        for sku in skus[first:] + skus[:first]:
            free = self.offered(shelf.product.card.product, sku) if shelf.offered else _free(shelf, sku)
            if free >= 1:
                break
        else:
            return False
        order = self._create(now, user, via, shelf, sku, min(quantity, free))
        if shelf.rush or fate < rate.PAID_AT_ONCE:
            pay_at = now + 1500 + int(min(late * 3000 if shelf.rush else spread(source, rate.PAY_S) * 1000, 60_000))
        elif fate < rate.PAID_AT_ONCE + rate.PAID_LATER:
            pay_at = now + 120_000 + int(late * 600_000)
        else:
            self._engine.at(now + rate.UNPAID_TIMEOUT_S * 1000, self.cancel, order)
            return True
        refund_at = pay_at + 180_000 + int(late * 2_400_000) if back < rate.REFUND else 0
        self._engine.at(pay_at, self.pay, (order, refund_at, fate < 0.62))
        return True

    def _create(self, now: int, user: str, via: str, shelf: Shelf, sku: str, quantity: int) -> Order:
        self.created += 1
        line = Line(sku=sku, product=shelf.product.card.product, quantity=quantity, price=shelf.price_of(sku))
        order = Order(f"{stable_id(self._show)[:6]}{self.created:08d}", user, via, line.product, (line,))
        shelf.pieces[sku][1] += quantity
        if sku in shelf.offered:
            shelf.offered[sku] -= quantity
        if self.offers:
            order.amount -= self._taken_off(now, line.product, order.amount)
        self.orders[order.order] = order
        self._engine.out.append(
            OrderCreated(
                key=self._engine.key(),
                at=now,
                order=order.order,
                amount=order.amount,
                user=user,
                lines=order.lines,
                via=via,
                address=True,
            )
        )
        return order

    def pay(self, now: int, what: tuple[Order, int, bool]) -> None:
        """Work: an unpaid order is paid."""
        order, refund_at, new = what
        if order.state != "unpaid":
            return
        order.state = "paid"
        self.paid += 1
        self.gmv += order.amount
        pieces = self.shelves[order.product].pieces
        for line in order.lines:
            self.units += line.quantity
            pieces[line.sku][0] -= line.quantity
            pieces[line.sku][1] -= line.quantity
        self._engine.out.append(
            OrderPaid(
                key=self._engine.key(),
                at=now,
                order=order.order,
                amount=order.amount,
                user=order.user,
                lines=order.lines,
                via=order.via,
                new_buyer=new,
                address=True,
            )
        )
        self.on_paid(order.user, order.order, order.product)
        if refund_at:
            self._engine.at(refund_at, self.refund, order)

    def cancel(self, now: int, order: Order) -> None:
        """Work: an order that was not paid in time is closed."""
        if order.state != "unpaid":
            return
        order.state = "cancelled"
        self.cancelled += 1
        for line in order.lines:
            self.shelves[order.product].pieces[line.sku][1] -= line.quantity
        self._engine.out.append(
            OrderCancelled(key=self._engine.key(), at=now, order=order.order, reason="unpaid for 15 minutes")
        )

    def refund(self, now: int, order: Order) -> None:
        """Work: a paid order is refunded before shipping. Pieces of a rushed product go to inspection, not to stock."""
        if order.state != "paid":
            return
        order.state = "refunded"
        self.refunded += 1
        shelf = self.shelves[order.product]
        line = order.lines[0]
        if not shelf.rush:
            shelf.pieces[line.sku][0] += line.quantity
        self._engine.out.append(
            OrderRefunded(
                key=self._engine.key(),
                at=now,
                order=order.order,
                amount=order.amount,
                refund=f"r{order.order}",
                sku=line.sku,
                quantity=line.quantity,
                restock=not shelf.rush,
                reason=self._reasons[self.refunded % len(self._reasons)],
            )
        )

    # Planted.

    def rush(self, now: int, product: str, over_s: float, buyer: Callable[[int, Shelf], None]) -> None:
        """Sell the last piece within ``over_s`` seconds: open orders get paid, ``buyer`` buys piece by piece."""
        shelf = self.shelves[product]
        shelf.rush = True
        span = over_s * 1000
        waiting = [order for order in self.orders.values() if order.product == product and order.state == "unpaid"]
        for place, order in enumerate(waiting):
            self._engine.at(now + int(span * 0.8 * (place + 1) / (len(waiting) + 1)), self.pay, (order, 0, False))
        free = shelf.free()
        for place in range(free):
            self._engine.at(now + int(span * 0.92 * (place + 0.5) / free), lambda when, _: buyer(when, shelf))
        for late in (0.95, 0.98):
            self._engine.at(now + int(span * late), lambda when, _: self._rest(when, shelf, buyer))

    def refund_wave(self, now: int, product: str, share: float, over_s: float, source: random.Random) -> None:
        """A share of the paid orders of ``product`` is refunded within ``over_s`` seconds, each once."""
        for order in self.orders.values():
            if order.product == product and order.state == "paid" and source.random() < share:
                self._engine.at(now + int(source.random() * over_s * 1000), self.refund, order)

    def _rest(self, now: int, shelf: Shelf, buyer: Callable[[int, Shelf], None]) -> None:
        for _ in range(shelf.free()):
            buyer(now, shelf)

    def oversell(self, now: int, sku: str, quantity: int, user: str) -> None:
        """One order for everything free and ``quantity`` pieces more."""
        for shelf in self.shelves.values():
            if sku in shelf.pieces:
                hand, promised = shelf.pieces[sku]
                order = self._create(now, user, "feed", shelf, sku, max(0, hand - promised) + quantity)
                self.oversold += quantity
                self._engine.at(now + 2000, self.pay, (order, 0, False))
                return


def _free(shelf: Shelf, sku: str) -> int:
    hand, promised = shelf.pieces[sku]
    return hand - promised
