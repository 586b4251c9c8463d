"""The ledger of what was bought in one room: orders by the table of legal moves, and stock that goes down once."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, ClassVar

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    INVENTED,
    AfterSaleTold,
    BundleSaved,
    ClockTicked,
    CommandApplied,
    CommandAsked,
    CommandRefused,
    Event,
    FaultSettled,
    FeedbackDue,
    FeedbackNoted,
    FreightInsured,
    Line,
    LineupChanged,
    OrderApproved,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderCreated,
    OrderHeld,
    OrderPaid,
    OrderRefunded,
    OrderReminded,
    OrderTold,
    OutreachMoved,
    ParcelMoved,
    ParcelShipped,
    QuotaSet,
    ReminderDue,
    ReviewPosted,
    ShortChosen,
    ShowPlanned,
    StockAdjusted,
    StockChanged,
    StockCorrected,
    StockEntered,
    StockOpened,
    StockPolicySet,
    StockShort,
    StockTransferred,
    WarehouseSaved,
)
from livecue.flow import Asked, RoomInfo, Unit, answered, await_answer
from livecue.sales import alarms, choosing, facts, hand, reviews
from livecue.sales.keeping import Keeper, load_orders
from livecue.sales.machine import CASE
from livecue.sales.opening import Opener
from livecue.sales.order import SHAPE, Order, lift, merge_words, reckon
from livecue.sales.presets import preset_at
from livecue.sales.stock import EDITS, Book, Edits, Rules, StockView, edit, read_rules, total_of
from livecue.sales.stock import tables as stock_tables
from livecue.sales.taking import bring_back, take

REFRESH_MS = 5_000
"""How often a room looks at stock and rules that others may have changed: a freed piece is seen within this."""
_KEPT = 5_000
"""Orders in memory; older ones that wait for nothing are read again from their row."""
_UNHELD = frozenset({"cancelled", "closed_refunded"})


class SalesPicture(msgspec.Struct, frozen=True):
    """Stock of the lineup and counts of orders by state."""

    stock: list[StockView]
    unpaid: int
    paid: int
    refunds: int
    mismatches: int
    to_remind: int = 0
    """Unpaid orders that may be reminded now (R059)."""
    exceptions: int = 0
    """Exceptions of orders that were noticed and not taken back by later words."""
    cases: int = 0
    """After-sale cases that are open."""


class _State(msgspec.Struct):
    orders: dict[str, Order] = {}
    stock: dict[str, tuple[str, int, int]] = {}
    watched: dict[str, str] = {}
    changed: list[str] = []
    holding: list[str] = []
    """Of an older version: unpaid orders that hold pieces."""
    unpaid: int = 0
    paid: int = 0
    refunds: int = 0
    mismatches: int = 0
    refreshed_at: int = 0
    asked: Asked = {}
    rules: Rules | None = None
    holds: list[tuple[int, str]] = []
    """(room time at which it lets go, order): a heap."""
    reminders: list[tuple[int, str]] = []
    asks: list[tuple[int, str]] = []
    """(room time, order): whom to ask how the goods are (R130)."""
    moves: int = 0
    """Number of the next double entry."""
    forgotten: bool = False
    """Whether orders were let go from memory: an unknown number may have a row."""
    to_remind: int = 0
    exceptions: int = 0
    cases: int = 0
    waiting: list[str] = []
    """Orders whose customers wait for pieces that were short (R039), the first who chose so first."""
    clocks: alarms.Heap = []
    """Legal clocks of cases: when each is looked at next."""
    dated: bool = False
    """Whether cases that were open before this version have their clocks, and their rows the end of them."""


class Sales:
    """Remembers orders and stock. An order counts once, however often and in whatever order it is told."""

    name: ClassVar[str] = "sales"
    kinds: ClassVar[frozenset[type[Event]]]

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        try:
            self._state = msgspec.msgpack.decode(blob, type=_State) if blob else _State()
        except msgspec.DecodeError as error:
            raise BadInput(f"sales: {error}") from error
        for order in self._state.orders.values():
            lift(order)
        for number in self._state.holding:
            if number in self._state.orders:
                heapq.heappush(self._state.holds, (self._state.orders[number].created_at + 900_000, number))
        self._state.holding = []
        self._keeper = Keeper(room)
        self._changed = set(self._state.changed)
        """What stands in ``changed``: a list is kept, but not looked through for every order."""

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        span: list[Event] = []
        for event in events:
            kind = type(event)
            if kind in _OF_ORDERS:
                span.append(event)
                continue
            if span:
                self._orders(span, unit)
                span = []
            if kind is ClockTicked:
                self._tick(event.now, unit)  # type: ignore[attr-defined]  # its kind is known
            elif isinstance(event, StockOpened | StockAdjusted):
                self._told_stock(event, unit)
            elif kind in EDITS:
                self._edit(event, unit)  # type: ignore[arg-type]  # every edit is a command
            elif isinstance(event, ShowPlanned | LineupChanged):
                self._watch(await_answer(self._state.asked, event))
            elif isinstance(event, ReviewPosted):
                reviews.keep(event, self._room, unit)
            elif isinstance(event, ShortChosen):
                self._chosen(event, unit)
            elif isinstance(event, OutreachMoved):
                self._written_to(event, unit)
            elif isinstance(event, CommandApplied | CommandRefused):
                self._watch(answered(self._state.asked, event))
            else:
                self._by_hand(event, unit)  # type: ignore[arg-type]  # commands are what is left
        if span:
            self._orders(span, unit)

    def _watch(self, plan: CommandAsked | None) -> None:
        if isinstance(plan, ShowPlanned | LineupChanged):
            invented = {product for sku, product in self._state.watched.items() if sku.startswith(INVENTED)}
            self._state.watched.update(
                (sku, card.product) for card in plan.products if card.product not in invented for sku in card.skus
            )

    def _only_invented(self, event: StockOpened) -> None:
        """A practised show brings pieces of its own: what lies in the warehouse is not for sale in it."""
        state = self._state
        state.watched[event.sku] = event.product
        real = {sku for sku, product in state.watched.items() if product == event.product}
        real |= {sku for sku, row in state.stock.items() if row[0] == event.product}
        for sku in real:
            if not sku.startswith(INVENTED):
                state.watched.pop(sku, None)
                state.stock.pop(sku, None)
                state.changed = [other for other in state.changed if other != sku]
                self._changed.discard(sku)

    # Orders: a span of words about them is one read and one lock of what they touch.

    def _orders(self, span: Sequence[Event], unit: Unit) -> None:
        if self._state.rules is None:
            self._read_rules(unit)
        self._recall([event.order for event in span], unit)  # type: ignore[attr-defined]  # all of them name one
        book = self._book(unit, span)
        known, opener, save = self._state.orders, self._opener(book, unit), self._keeper.save
        for event in span:
            if type(event) is OrderCreated and event.order not in known:
                # Most words about orders are the first about theirs.
                number = event.order
                known[number] = order = opener.open(number, event)
                self._state.unpaid += 1
                save(number, order)
            else:
                _OF_ORDERS[type(event)](self, event, book, unit)
        self._close(book, unit, len(span))

    def _opener(self, book: Book, unit: Unit) -> Opener:
        def short(number: str, sku: str, wanted: int, free: int) -> None:
            unit.announce(StockShort(order=number, sku=sku, wanted=wanted, free=free))

        return Opener(book, self._rules, unit.now, self._state.holds, self._state.reminders, short)

    def _recall(self, numbers: Iterable[str], unit: Unit) -> None:
        if not self._state.forgotten:
            return
        known = self._state.orders
        wanted = sorted({number for number in numbers if number not in known})
        if wanted:
            for number, order in load_orders(wanted, self._room.room, unit):
                known[number] = order

    def _book(
        self, unit: Unit, span: Sequence[Event] = (), orders: Iterable[Order] = (), more: Iterable[str] = ()
    ) -> Book:
        rules, known = self._rules, self._state.orders
        skus: set[str] = set(more)
        for event in span:
            if type(event) is OrderCreated and not rules.bundles and event.order not in known:
                for line in event.lines:
                    skus.add(line.sku)
                continue
            lines: tuple[Line, ...] = getattr(event, "lines", ())
            skus.update(sku for line in lines for sku, _ in rules.parts(line.sku, 1))
            if sku := getattr(event, "sku", ""):
                skus.update(part for part, _ in rules.parts(sku, 1))
            order = self._state.orders.get(event.order)  # type: ignore[attr-defined]  # all of them name one
            if order is not None:
                skus.update(self._touched(order))
        for order in orders:
            skus.update(self._touched(order))
        return Book(self._room, rules, unit, skus)

    def _touched(self, order: Order) -> Iterable[str]:
        known = {sku for sku, _, _ in order.allocs}
        if not order.taken:
            # What is not held is taken out of the free stock once it is paid.
            known.update(sku for line in order.lines for sku, _ in self._rules.parts(line.sku, 1))
        return known

    def _close(self, book: Book, unit: Unit, came: int = 0) -> None:
        self._state.moves = book.write(self._state.moves)
        for sku in book.skus:
            self._note(sku, book.total(sku))
        self._keeper.write(unit)
        self._forget(unit.now, came)

    def _find(self, number: str, unit: Unit) -> Order:
        order = self._state.orders.get(number)
        if order is None:
            order = Order("unknown", 0, "", "", self._room.currency, (), unit.now, shape=SHAPE)
            self._state.orders[number] = order
        return order

    def _created(self, event: OrderCreated, book: Book, unit: Unit) -> None:
        order = self._find(event.order, unit)
        fresh = not order.created and order.more is None and not order.payment
        address = order.address
        merge_words(order, event)
        self._address_told(order, address, unit)
        if order.created:
            # A second word about it: only what it contradicts matters.
            self._settle(event.order, order, book, unit)
            return
        order.created = True
        order.placed_at = event.at or order.placed_at or unit.now
        if fresh:
            order.state = "unpaid"
            self._state.unpaid += 1
            self._opener(book, unit).reserve(order, event.order)
            self._keeper.save(event.order, order)
        else:
            self._settle(event.order, order, book, unit)

    def _paid(self, event: OrderPaid, book: Book, unit: Unit) -> None:
        order = self._find(event.order, unit)
        address = order.address
        merge_words(order, event)
        self._address_told(order, address, unit)
        if not order.payment:
            # Before a room's first tick its time is 0, which would say "not paid": then the source's time counts.
            order.payment, order.paid_at = True, unit.now or event.at or 1
            order.placed_at = order.placed_at or event.at or unit.now
        self._settle(event.order, order, book, unit)

    def _settle(self, number: str, order: Order, book: Book, unit: Unit) -> None:
        """Bring state, stock and exceptions to what is now known of the order."""
        before = order.state
        found = reckon(order)
        if found.paid and not (order.paid and (order.taken or not order.lines)):
            self._take(number, order, book, unit)
            found = reckon(order)
        bring_back(order, number, self._rules, book)
        state = self._state
        order.state, order.refunded = found.state, found.refunded
        if order.more is not None:
            order.more.delivered_at = found.delivered_at
        if before != found.state:
            state.unpaid += (found.state == "unpaid") - (before == "unpaid")
            if found.state in _UNHELD:
                order.closed_at = order.closed_at or unit.now
                if order.allocs and not order.taken:
                    book.free(order.allocs, number, "order cancelled")
                    order.allocs = []
            else:
                order.closed_at = 0
            self._reminded_no_more(order)
        if found.state == "unpaid" and not order.tried and order.lines:
            self._opener(book, unit).reserve(order, number)
        if order.faults or found.faults:
            new = facts.faults_differ(order, number, found.faults, self._keeper, self._room, unit)
            state.mismatches += new
            state.exceptions += len(found.faults) - len(order.faults)
            order.faults = list(found.faults)
        self._keeper.save(number, order)

    def _take(self, number: str, order: Order, book: Book, unit: Unit) -> None:
        self._state.paid += not order.paid
        order.paid, order.taken = True, bool(order.lines)
        short = take(order, number, self._rules, book)
        if book.is_presale(order.allocs):
            order.rest().presale = True
        for sku, wanted, free in short:
            order.rest().short.append((sku, "", wanted))
            unit.announce(StockShort(order=number, sku=sku, wanted=wanted, free=free))
        self._check(order, unit)

    def _check(self, order: Order, unit: Unit) -> None:
        order.checked = facts.check(order, self._state.watched, self._known_sku, preset_at(unit.now).most_pieces)

    def _address_told(self, order: Order, before: bool | None, unit: Unit) -> None:
        """A paid order's address, told only now or told to be wrong, is looked at like one that came with the payment;
        what a person said stands."""
        if order.taken and order.address is not before and facts.checked_by_itself(order.checked):
            self._check(order, unit)

    def _known_sku(self, sku: str) -> bool:
        return sku in self._state.stock or sku in self._rules.bundles

    def _reminded_no_more(self, order: Order) -> None:
        if order.reminded == "due" and order.state != "unpaid":
            order.reminded = "moot"
            self._state.to_remind -= 1

    # The rarer words.

    def _cancelled(self, event: OrderCancelled, book: Book, unit: Unit) -> None:
        order = self._find(event.order, unit)
        if not order.created and order.more is None and not order.payment:
            # Nothing is known of it yet: kept, so that a creation told later does not hold stock.
            order.placed_at = event.at or unit.now
        order.rest().cancelled = True
        self._settle(event.order, order, book, unit)

    def _refunded(self, event: OrderRefunded, book: Book, unit: Unit) -> None:
        order = self._find(event.order, unit)
        name = event.refund or event.key
        if facts.add_refund(order, event.order, name, event, self._keeper, unit):
            self._state.refunds += 1
        alarms.watch(order, event.order, self._state.clocks, self._keeper, self._room, unit)
        self._settle(event.order, order, book, unit)

    def _fact(self, event: Event, book: Book, unit: Unit) -> None:
        number: str = event.order  # type: ignore[attr-defined]  # every kind that comes here names one
        order = self._find(number, unit)
        open_cases = facts.open_cases(order)
        facts.add(order, number, event, self._keeper, self._room, unit)
        self._state.cases += facts.open_cases(order) - open_cases
        alarms.watch(order, number, self._state.clocks, self._keeper, self._room, unit)
        before = order.state
        self._settle(number, order, book, unit)
        if order.state == "delivered" and before != "delivered" and not order.rest().feedback:
            order.rest().feedback = True
            due = unit.now + 1000 * preset_at(unit.now).feedback_after_s
            heapq.heappush(self._state.asks, (due, number))

    def _forget(self, now: int, came: int) -> None:
        """Bounded memory: orders that wait for nothing are known by their row, the oldest first.

        However many wait: no more are looked at than ``came`` twice, so that a word costs the same in a long show.
        """
        orders = self._state.orders
        over = len(orders) - _KEPT
        if over <= 0:
            return
        waiting_since = now - 1000 * preset_at(now).remind_after_s - REFRESH_MS
        for number in list(islice(orders, 200 + 2 * came)):
            order = orders[number]
            if order.state == "unpaid" and (order.created_at > waiting_since or (order.allocs and not order.taken)):
                # It holds pieces or will be reminded: to the end, so that it does not stand before the others.
                del orders[number]
                orders[number] = order
            elif over > 0:
                del orders[number]
                over -= 1
                self._state.forgotten = True
            else:
                return

    # What people say about orders.

    def _by_hand(self, event: CommandAsked, unit: Unit) -> None:
        number: str = event.order  # type: ignore[attr-defined]  # every kind that comes here names one
        self._recall([number], unit)
        order = self._state.orders.get(number)
        if not number and isinstance(event, FaultSettled):
            # A change of stock that was refused stands beside no order.
            problem: tuple[str, str] | None = hand.settle(event, self._room, unit)
        elif order is None:
            problem = ("no_order", "this room knows no such order")
        else:
            problem = hand.apply(event, number, order, self._keeper, self._room, unit)
            if problem is None and isinstance(event, OrderReminded):
                self._state.to_remind -= 1
        self._keeper.write(unit)
        _answer(event, problem, unit)

    def _chosen(self, event: ShortChosen, unit: Unit) -> None:
        """The customer's choice about pieces that were short (R039)."""
        self._recall([event.order], unit)
        order = self._state.orders.get(event.order)
        if order is None:
            _answer(event, ("no_order", "this room knows no such order"), unit)
            return
        if self._state.rules is None:
            self._read_rules(unit)
        extra = {part for sku in (event.sku, event.instead) if sku for part, _ in self._rules.parts(sku, 1)}
        book = self._book(unit, orders=[order], more=extra)
        problem = choosing.choose(event, order, self._rules, book, self._keeper, self._room, unit)
        if problem is None:
            if event.choice == "wait" and event.order not in self._state.waiting:
                self._state.waiting.append(event.order)
            choosing.fetch(order, event.order, self._rules, book, self._keeper, self._room)
            self._settle(event.order, order, book, unit)
        self._close(book, unit)
        _answer(event, problem, unit)

    def _fetch(self, now: int, unit: Unit) -> None:
        """Take what came in for those who wait for it, the first who waited first; tell whose time has passed."""
        waiting = self._state.waiting
        self._recall(waiting, unit)
        owed = {number: order for number in waiting if (order := self._state.orders.get(number)) is not None}
        wanted = {sku for order in owed.values() for sku, _, _ in order.rest().short}
        book = self._book(unit, orders=owed.values(), more={p for sku in wanted for p, _ in self._rules.parts(sku, 1)})
        left = []
        for number, order in owed.items():
            came = choosing.fetch(order, number, self._rules, book, self._keeper, self._room)
            if choosing.passed(order, number, now, self._keeper, self._room, unit) or came:
                self._settle(number, order, book, unit)
            if choosing.waits(order):
                left.append(number)
        self._state.waiting = left
        self._close(book, unit)

    def _written_to(self, event: OutreachMoved, unit: Unit) -> None:
        """The desk writes to the buyer of an order, once: while it is on its way nobody else does it by hand."""
        self._recall([event.order], unit)
        order = self._state.orders.get(event.order)
        if order is None:
            return
        before = order.reminded
        if hand.written_to(order, event):
            self._state.to_remind += (order.reminded == "due") - (before == "due")
            self._keeper.save(event.order, order)
            self._keeper.write(unit)

    # Stock.

    def _edit(self, event: CommandAsked, unit: Unit) -> None:
        edits = Edits(self._room, unit)
        problem = edit(event, edits)
        self._state.moves = edits.write(self._state.moves)
        _answer(event, problem, unit)

    def _told_stock(self, event: StockOpened | StockAdjusted, unit: Unit) -> None:
        edits = Edits(self._room, unit)
        if isinstance(event, StockOpened):
            edits.opened(event)
            if event.product and event.sku.startswith(INVENTED):
                self._only_invented(event)
        elif not edits.adjusted(event):
            facts.stock_refused(event, self._keeper, unit)
        self._state.moves = edits.write(self._state.moves)
        if self._state.rules is None:
            self._read_rules(unit)
        self._look([event.sku], unit)
        self._keeper.write(unit)

    @property
    def _rules(self) -> Rules:
        return self._state.rules or _NO_RULES

    def _read_rules(self, unit: Unit) -> None:
        room = self._room
        self._state.rules = read_rules(unit.ask(stock_tables.READ_RULES, (room.org, room.brand)))

    def _look(self, skus: Sequence[str], unit: Unit) -> None:
        if skus:
            room, asked = self._room, stock_tables.padded(sorted(skus))
            rows = unit.ask(stock_tables.look_at_stock(len(asked)), (room.org, room.brand, *asked))
            for sku in sorted(skus):
                self._note(sku, total_of([row for row in rows if row[0] == sku], self._rules))

    def _note(self, sku: str, total: tuple[str, int, int] | None) -> None:
        if total is None:
            return
        product, on_hand, reserved = total
        new = (product or self._state.watched.get(sku, ""), on_hand, reserved)
        if self._state.stock.get(sku) != new:
            self._state.stock[sku] = new
            if sku not in self._changed:
                self._changed.add(sku)
                self._state.changed.append(sku)

    # Time.

    def _tick(self, now: int, unit: Unit) -> None:
        state = self._state
        if now - state.refreshed_at >= REFRESH_MS:
            state.refreshed_at = now
            if state.watched or state.rules is not None:
                self._read_rules(unit)
                self._look(list(state.watched), unit)
            if state.waiting:
                self._fetch(now, unit)
            if not state.dated:
                self._clock_open_cases(unit)
        self._let_go(now, unit)
        self._ring(now, unit)
        self._remind(now, unit)
        self._ask_for_feedback(now, unit)
        # Told at the tick, each SKU once: the same however the stream was cut.
        for sku in sorted(state.changed):
            product, on_hand, reserved = state.stock[sku]
            unit.announce(StockChanged(sku=sku, product=product, on_hand=on_hand, reserved=reserved))
        state.changed = []
        self._changed.clear()

    def _due(self, heap: list[tuple[int, str]], now: int) -> list[str]:
        found = []
        while heap and heap[0][0] <= now:
            found.append(heapq.heappop(heap)[1])
        return found

    def _let_go(self, now: int, unit: Unit) -> None:
        orders = self._state.orders
        over = [(number, orders[number]) for number in self._due(self._state.holds, now) if number in orders]
        over = [(number, order) for number, order in over if order.allocs and not order.taken]
        if not over:
            return
        book = self._book(unit, orders=[order for _, order in over])
        for number, order in over:
            book.free(order.allocs, number, "hold ran out")
            order.allocs = []
            self._keeper.save(number, order)
        self._close(book, unit)

    def _remind(self, now: int, unit: Unit) -> None:
        state = self._state
        for number in self._due(state.reminders, now):
            order = state.orders.get(number)
            if order is None or order.state != "unpaid" or order.reminded or not order.user:
                continue
            found = facts.truly_there(order, state.stock, self._rules)
            if found is None:
                # Nobody may say that there is some: without true stock nobody is urged.
                order.reminded = "pointless"
            else:
                order.reminded = "due"
                state.to_remind += 1
                until = next((at for at, held in state.holds if held == number), 0)
                unit.announce(ReminderDue(order=number, user=order.user, sku=found[0], free=found[1], expires_at=until))
            self._keeper.save(number, order)
        self._keeper.write(unit)

    def _ask_for_feedback(self, now: int, unit: Unit) -> None:
        due = self._due(self._state.asks, now)
        self._recall(due, unit)
        for number in due:
            order = self._state.orders.get(number)
            if order is not None and order.state in ("delivered", "completed"):
                unit.announce(FeedbackDue(order=number, user=order.user))
                self._keeper.feedback(number, order, "due")
        self._keeper.write(unit)

    def _clock_open_cases(self, unit: Unit) -> None:
        """Once: cases that an older version knew have no clock yet, or a row without its end."""
        self._state.dated = True
        orders = self._state.orders
        numbers = sorted(number for number, order in orders.items() if facts.open_cases(order))
        if self._state.forgotten:
            ends = [state.code for state in CASE.states.values() if state.ends]
            statement = alarms.OPEN_CASES.format(ends=",".join("?" * len(ends)))
            numbers = [str(row[0]) for row in unit.ask(statement, (self._room.room, *ends))]
            self._recall(numbers, unit)
        for number in numbers:
            if number in orders:
                alarms.watch(orders[number], number, self._state.clocks, self._keeper, self._room, unit)
        self._keeper.write(unit)

    def _ring(self, now: int, unit: Unit) -> None:
        heap = self._state.clocks
        due = []
        while heap and heap[0][0] <= now:
            due.append(heapq.heappop(heap))
        if not due:
            return
        self._recall(sorted({number for _, number, _ in due}), unit)
        for _, number, case in due:
            order = self._state.orders.get(number)
            if order is not None and alarms.ring(order, number, case, heap, self._room, unit):
                self._keeper.save(number, order)
        self._keeper.write(unit)

    def picture(self, now: int) -> SalesPicture:
        state = self._state
        skus = {**{sku: product for sku, (product, _, _) in state.stock.items()}, **state.watched}
        views = []
        for sku in sorted(skus):
            product, on_hand, reserved = state.stock.get(sku, (skus[sku], 0, 0))
            views.append(StockView(sku, product or skus[sku], on_hand, reserved, sku in state.stock))
        return SalesPicture(
            views, state.unpaid, state.paid, state.refunds, state.mismatches, state.to_remind, state.exceptions,
            state.cases,
        )  # fmt: skip

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self._state)


_NO_RULES = Rules()


def _answer(event: CommandAsked, problem: tuple[str, str] | None, unit: Unit) -> None:
    if problem is None:
        unit.announce(CommandApplied(command=event.command))
    else:
        unit.announce(CommandRefused(command=event.command, code=problem[0], why=problem[1]))


_OF_ORDERS: dict[type[Event], Callable[[Sales, Any, Book, Unit], None]] = {
    OrderCreated: Sales._created,
    OrderPaid: Sales._paid,
    OrderCancelled: Sales._cancelled,
    OrderRefunded: Sales._refunded,
    OrderTold: Sales._fact,
    OrderHeld: Sales._fact,
    OrderApproved: Sales._fact,
    OrderCompleted: Sales._fact,
    ParcelShipped: Sales._fact,
    ParcelMoved: Sales._fact,
    AfterSaleTold: Sales._fact,
    FreightInsured: Sales._fact,
}
Sales.kinds = frozenset(
    {
        *_OF_ORDERS, StockOpened, StockAdjusted, ShowPlanned, LineupChanged, ClockTicked, CommandApplied,
        CommandRefused, StockEntered, StockCorrected, StockTransferred, WarehouseSaved, StockPolicySet, QuotaSet,
        BundleSaved, OrderConfirmed, OrderReminded, FeedbackNoted, FaultSettled, ReviewPosted, OutreachMoved,
        ShortChosen,
    }
)  # fmt: skip
