"""Counting orders: created, paid, refunded; each once, for the room, its products and its traffic source."""

from collections.abc import Sequence

from livecue.events import OrderCancelled, OrderCreated, OrderPaid, OrderRefunded
from livecue.metrics.board import Source
from livecue.metrics.columns import KIND, PRODUCT, ROOM
from livecue.metrics.counter import Counter
from livecue.metrics.crowd import PAST, Crowd
from livecue.metrics.orders import (
    Back,
    Order,
    Share,
    Word,
    counts_whole,
    given_back,
    more_refunded,
    refund_shares,
    shares_of,
)

# The places of money are the same in the rows of the room, a product and a source.
_CREATED, _CREATED_AMOUNT, _PAID, _PAID_AMOUNT = (
    ROOM[name] for name in ("created_orders", "created_amount", "paid_orders", "paid_amount")
)
_UNITS, _REFUNDED_AMOUNT, _REFUNDED, _FOREIGN = (
    ROOM[name] for name in ("units", "refunded_amount", "refunded_orders", "foreign")
)
_MASKED_CREATED, _MASKED_PAID = ROOM["masked_created"], ROOM["masked_paid"]
_TALK_ORDERS, _TALK_AMOUNT = PRODUCT["talk_orders"], PRODUCT["talk_amount"]


def order_created(counter: Counter, event: OrderCreated) -> None:
    """An order exists. A second word about it, or one after the payment, changes nothing."""
    counter.told[KIND["create"]] = counter.now
    counter.person(event.user)
    board = counter.board
    if event.order in counter.state.past.orders:
        return
    order = board.orders.get(event.order)
    if order is None:
        order = board.orders.put(event.order, Order())
    if not order.created:
        _describe(counter, order, event)
        _create(counter, order)


def order_paid(counter: Counter, event: OrderPaid) -> None:
    """The order is paid: counted once. Without ``OrderCreated`` it counts as created by this."""
    counter.told[KIND["pay"]] = counter.now
    counter.person(event.user)
    board = counter.board
    if event.order in counter.state.past.orders:
        return
    order = board.orders.get(event.order)
    if order is None:
        if board.ended_at:
            # Made after the show: not its own.
            return
        order = board.orders.put(event.order, Order())
    if order.paid:
        return
    _describe(counter, order, event)
    if not order.created:
        _create(counter, order)
    order.paid = True
    if event.at:
        counter.happened(event.at)
    if event.new_buyer is not None:
        counter.told[KIND["buyer"]] = counter.now
        counter.totals[ROOM["new_buyers"]] += event.new_buyer
    source = _source(counter, order)
    for totals in (counter.totals, source.tally.totals):
        totals[_PAID] += 1
        totals[_UNITS] += order.units
        if order.foreign:
            totals[_FOREIGN] += 1
        else:
            totals[_PAID_AMOUNT] += order.amount
        totals[_MASKED_PAID] += not order.person
    _touch(counter, order, board.crowds["paid"], source.paid)
    talked = False
    for share in order.shares:
        product = counter.product(share.product)
        mine = product.tally.totals
        mine[_PAID] += 1
        mine[_UNITS] += share.units
        amount = 0 if order.foreign else share.amount
        mine[_FOREIGN] += order.foreign
        mine[_PAID_AMOUNT] += amount
        mine[_MASKED_PAID] += not order.person
        _touch(counter, order, product.paid)
        if counter.mark != PAST and not board.ended_at and product.in_talk(counter.now):
            product.order(counter.now)
            mine[_TALK_ORDERS] += 1
            mine[_TALK_AMOUNT] += amount
            counter.totals[_TALK_ORDERS] += not talked
            counter.totals[_TALK_AMOUNT] += amount
            talked = True
    board.changed = True
    for word in order.early:
        _refund(counter, order, word)
    order.early = ()


def order_cancelled(counter: Counter, event: OrderCancelled) -> None:
    """Created GMV includes what was never paid (M40), so only the order remembers."""
    order = counter.board.orders.get(event.order)
    if order is not None:
        order.cancelled = True


def order_refunded(counter: Counter, event: OrderRefunded) -> None:
    """A refund counts once by its id, in the show whose order it is, and only when that order was paid."""
    counter.told[KIND["refund"]] = counter.now
    state = counter.state
    refund = event.refund or event.key
    past = state.past.orders.get(event.order)
    if past is not None:
        if refund not in past.refunds:
            _refund_past(counter, past, (refund, event.amount, "", event.shipped))
        return
    order = counter.board.orders.get(event.order)
    if order is None:
        order = counter.board.orders.put(event.order, Order())
    word = (refund, event.amount, event.sku, event.shipped)
    if order.paid:
        _refund(counter, order, word)
    elif all(refund != told for told, *_ in order.early):
        order.early = (*order.early, word)


def _describe(counter: Counter, order: Order, event: OrderCreated | OrderPaid) -> None:
    order.foreign = counter.foreign(event.currency)
    order.amount = event.amount
    if event.user:
        order.person = counter.person(event.user)
    if event.via:
        order.via = counter.board.source(event.via).number
    elif not order.via:
        # Not told by the shop: where the buyer came from last.
        order.via = counter.people.vias[order.person]
    lines = event.lines or order.unpriced
    if lines:
        order.shares = shares_of(lines, event.amount, counter.state.skus)
        order.units = sum(line.quantity for line in lines)
        order.unpriced = () if any(line.price for line in lines) else lines


def _create(counter: Counter, order: Order) -> None:
    order.created = True
    source = _source(counter, order)
    for totals in (counter.totals, source.tally.totals):
        totals[_CREATED] += 1
        if order.foreign:
            totals[_FOREIGN] += 1
        else:
            totals[_CREATED_AMOUNT] += order.amount
        totals[_MASKED_CREATED] += not order.person
    _touch(counter, order, counter.board.crowds["created"], source.created)
    for share in order.shares:
        product = counter.product(share.product)
        mine = product.tally.totals
        mine[_CREATED] += 1
        mine[_FOREIGN] += order.foreign
        mine[_CREATED_AMOUNT] += 0 if order.foreign else share.amount
        mine[_MASKED_CREATED] += not order.person
        _touch(counter, order, product.created)


def _refund(counter: Counter, order: Order, told: Word) -> None:
    if told[0] in order.refunds:
        return
    name, amount, sku, sent = told
    word = (name, amount, counter.state.skus.product_of.get(sku, sku), sent)
    first, whole = not order.refunds, counts_whole(order)
    old, new = _back(order, word, order.shares) if whole else (Back(), _more(order, word))
    counter.board.changed = True
    shipped, unshipped = new.shipped - old.shipped, new.unshipped - old.unshipped
    for totals in (counter.totals, _source(counter, order).tally.totals):
        totals[_REFUNDED] += first
        totals[_REFUNDED_AMOUNT] += shipped + unshipped
    room = counter.board.room
    columns = ROOM["refunded_shipped"], ROOM["refunded_unshipped"]
    if shipped * unshipped < 0:
        # The other source tells the same refund otherwise: it is in a window already, and no second one.
        (less, source), (more, target) = sorted(zip((shipped, unshipped), columns, strict=True))
        moved = min(-less, more)
        room.move(source, target, moved)
        room.correct(source, less + moved)
        room.correct(target, more - moved)
    else:
        room.correct(columns[0], shipped)
        room.correct(columns[1], unshipped)
    for product in [*old.products, *(name for name in new.products if name not in old.products)]:
        mine = counter.product(product).tally
        mine.correct(_REFUNDED_AMOUNT, new.products.get(product, 0) - old.products.get(product, 0))
        if product in new.products and product not in order.refunded_products:
            order.refunded_products = (*order.refunded_products, product)
            mine.totals[_REFUNDED] += 1
        elif whole and product not in new.products and product in order.refunded_products:
            # The other source's words count now, and it does not give this one back.
            order.refunded_products = tuple(name for name in order.refunded_products if name != product)
            mine.correct(_REFUNDED, -1)


def _back(order: Order, word: Word, shares: Sequence[Share]) -> tuple[Back, Back]:
    """What the order's refunds came to before this word, and after it; nothing in a foreign currency."""
    words = tuple((name, 0 if order.foreign else amount, of, sent) for name, amount, of, sent in (*order.words, word))
    order.words, order.refunds = words, (*order.refunds, word[0])
    return given_back(words[:-1], shares), given_back(words, shares)


def _more(order: Order, word: Word) -> Back:
    """The same where an older snapshot counted refunds that are not known whole: what comes to it."""
    name, amount, product, shipped = word
    more = more_refunded(order, name, amount)
    more = 0 if order.foreign else more
    parts = {of: part for of, part in refund_shares(order.shares, more, product) if part or of == product}
    return Back(more if shipped else 0, 0 if shipped else more, parts)


def _refund_past(counter: Counter, order: Order, word: Word) -> None:
    past = counter.state.past
    past.refunded_orders += not order.refunds
    # By product the show before is counted no more.
    old, new = _back(order, word, ()) if counts_whole(order) else (Back(), _more(order, word))
    past.refunded_shipped += new.shipped - old.shipped
    past.refunded_unshipped += new.unshipped - old.unshipped
    past.refunded_amount += new.shipped + new.unshipped - old.shipped - old.unshipped
    past.changed = True


def _source(counter: Counter, order: Order) -> Source:
    source = counter.sources[order.via]
    if source.tally.token != counter.token:
        source.tally.turn(counter.token, counter.board.bucket, counter.board.stretch)
    return source


def _touch(counter: Counter, order: Order, *crowds: Crowd) -> None:
    if order.person:
        for crowd in crowds:
            crowd.touch(order.person, counter.mark, counter.stretch)
