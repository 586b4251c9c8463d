"""An order as what was told of it. Its state is reckoned from that set alone: never from the order of telling.

Every ``merge`` here is a union: it may be done again, and in any order, and comes to the same.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from livecue.events import FILE_REFUND, AfterSaleTold, Line, OrderCreated, OrderPaid, OrderRefunded, ParcelShipped
from livecue.sales.machine import CASE, ORDER, PARCEL, Told
from livecue.sales.mapping import CLOSED

NEVER = 1 << 62
"""Where a source tells no time: later than any."""
Alloc = tuple[str, str, int]
"""(SKU, warehouse, pieces): what an order holds, or has taken."""


class Refund(msgspec.Struct, array_like=True, gc=False):
    """One refund by its id."""

    amount: int
    at: int = 0
    sku: str = ""
    quantity: int = 0
    restock: bool = False
    shipped: bool = False
    reason: str = ""
    case: str = ""


class Parcel(msgspec.Struct, array_like=True, gc=False):
    """A parcel: what is in it, and every word about where it is."""

    carrier: str = ""
    tracking: str = ""
    lines: tuple[Line, ...] = ()
    part: bool = False
    sent: bool = False
    """Whether its tracking number was uploaded."""
    told: list[Told] = []
    sent_at: int = 0
    moved_at: int = 0
    """Room time of the newest word about it."""


_NOTHING = (0, "", -1, "", 0, "", "", 0, "")
"""Of a case nothing is asked; an amount of 0 is something."""


class Case(msgspec.Struct, array_like=True, gc=False):
    """An after-sale case: every word about its state, and what it asks for (the newest word by time wins)."""

    told: list[Told] = []
    asked: tuple[int, str, int, str, int, str, str, int, str] = _NOTHING
    """(at, type, amount, sku, quantity, reason, proof, deadline, parcel)."""
    opened_at: int = 0
    state: str = ""
    """As it was reckoned last."""
    alarm_at: int = 0
    """Room time at which its legal clock is looked at next, ms; 0 never."""
    alarmed: str = ""
    """What was said of its legal clock: alarm, late, over; "" nothing yet."""
    due_at: int = 0
    """The end of its legal clock as it was said."""
    ends_at: int = NEVER
    """As its row says: the earlier of the platform's day and the law's, ms."""
    said: tuple[int, ...] = ()
    """Source time of the word that each of ``asked`` comes from; () of an older version, which knew the newest's."""


class Choice(msgspec.Struct, array_like=True, gc=False):
    """What the customer chose about pieces that were short (R039). ``state``: open, done, or late: not kept in time."""

    choice: str
    pieces: int
    until: int = 0
    instead: str = ""
    state: str = "open"


class More(msgspec.Struct, array_like=True, gc=False):
    """What most orders never have: kept apart so that an ordinary order stays small."""

    told: list[Told] = []
    """Order states by the platform's own word."""
    unknown: list[str] = []
    """Words nobody knows, as "system:status"."""
    held: str | None = None
    approved: bool = False
    completed: bool = False
    cancelled: bool = False
    insured: bool = False
    claims: dict[str, int] = {}
    """Freight insurance paid out, by claim."""
    refunds: dict[str, Refund] = {}
    parcels: dict[str, Parcel] = {}
    cases: dict[str, Case] = {}
    amounts: list[int] = []
    """Every amount that was told, where they differ."""
    short: list[Alloc] = []
    """What was not there when it was wanted: (SKU, "", pieces)."""
    presale: bool = False
    lines_differ: bool = False
    feedback: bool = False
    """Whether it is to be asked for once the time has come (R130)."""
    feedback_state: str = ""
    """due, sending, asked, noted or declined; "" not yet."""
    delivered_at: int = 0
    returned: dict[str, int] = {}
    """Pieces that refunds brought back to the shelf, by SKU: never more than the order took."""
    choices: dict[str, Choice] = {}
    """What the customer chose about a SKU that is short (R039)."""


class Order(msgspec.Struct, array_like=True, gc=False):
    """An order as remembered. ``allocs``: pieces it holds; once ``taken`` they left the stock."""

    state: str
    amount: int
    user: str
    via: str
    currency: str
    lines: tuple[Line, ...]
    created_at: int
    paid_at: int = 0
    closed_at: int = 0
    refunded: int = 0
    held: list[str] = []
    """Of an older version: SKUs held in the main warehouse; ``lift`` turns them into ``allocs``."""
    refunds: list[str] = []
    """Of an older version: ids of refunds whose sum is ``refunded``."""
    allocs: list[Alloc] = []
    taken: bool = False
    created: bool = False
    place: tuple[int, int, int] = (9, 0, 0)
    """Where ``amount`` comes from: (0 creation, 1 payment; source time or 2^62; amount). The least wins."""
    placed_at: int = 0
    """Source time of the order, ms UTC; room time where the source tells none."""
    region: str = ""
    address: bool | None = None
    checked: str = ""
    """auto, hand or wrong (R129); "" not yet."""
    reminded: str = ""
    """due, sending, sent, pointless, moot or declined (R059); "" not yet."""
    faults: list[str] = []
    base: int = 0
    """Refunds of an older version, told as a sum."""
    more: More | None = None
    tried: bool = False
    """Whether a hold was tried: once, however often the order is told."""
    paid: bool = False
    """Whether it was counted as paid."""
    payment: bool = False
    """Whether a payment was told; by its state alone it may be paid without."""
    shape: int = 0
    """2: made by this version; less: an older one, which ``lift`` has not seen yet."""

    def rest(self) -> More:
        """The rare facts, made when first needed."""
        if self.more is None:
            self.more = More()
        return self.more


SHAPE = 2
"""That of an order which this version makes."""


def lift(order: Order) -> None:
    """Bring an order of an older version into today's shape."""
    if order.shape >= SHAPE:
        return
    before, order.shape = order.shape, SHAPE
    if before == 1:
        _lift_returned(order)
        return
    if order.place[0] == 9:
        order.created = True
        order.place = (0 if order.state in ("unpaid", "cancelled") else 1, NEVER, order.amount)
        order.taken = order.paid = order.payment = bool(order.paid_at)
        order.tried = True
        order.placed_at = order.created_at
        if order.state == "cancelled":
            order.rest().cancelled = True
    if order.held:
        wanted = {line.sku: line.quantity for line in order.lines}
        order.allocs = [(sku, "main", wanted[sku]) for sku in order.held if sku in wanted]
        order.held = []
    elif order.taken:
        order.allocs = [(line.sku, "main", line.quantity) for line in order.lines]
    if order.refunds:
        order.base = order.refunded
        for refund in order.refunds:
            order.rest().refunds[refund] = Refund(0)
        order.refunds = []


def _lift_returned(order: Order) -> None:
    """Refunds brought pieces back at once, uncounted: what came back already does not come a second time."""
    more = order.more
    taken: dict[str, int] = {}
    for sku, _, count in order.allocs if order.taken else ():
        taken[sku] = taken.get(sku, 0) + count
    own = {line.sku for line in order.lines}
    for refund in more.refunds.values() if more is not None else ():
        if refund.restock and refund.quantity > 0:
            # Of a bundle its parts came back; how many went into one is not known here.
            parts = [refund.sku] if refund.sku in taken else [sku for sku in taken if sku not in own]
            for sku in parts:
                count = refund.quantity if sku == refund.sku else taken[sku]
                order.rest().returned[sku] = min(taken[sku], order.rest().returned.get(sku, 0) + count)


def merge_words(order: Order, event: OrderCreated | OrderPaid) -> None:
    """Take in who bought what for how much. The creation's words count before the payment's, the earliest first."""
    place = (0 if isinstance(event, OrderCreated) else 1, event.at or NEVER, event.amount)
    if order.place[0] == 9:
        order.amount, order.place, order.currency = event.amount, place, event.currency
    elif event.amount != order.amount or (order.more is not None and order.more.amounts):
        more = order.rest()
        more.amounts = sorted({*more.amounts, order.amount, event.amount})
    if order.lines and event.lines and order.lines != event.lines and _pieces(order.lines) != _pieces(event.lines):
        order.rest().lines_differ = True
    if place < order.place:
        order.amount, order.place, order.currency = event.amount, place, event.currency
        order.lines = event.lines or order.lines
    elif not order.lines:
        order.lines = event.lines
    # Of two that differ the greater: the same whoever was told first.
    order.user = max(order.user, event.user)
    order.via = max(order.via, event.via)
    order.region = max(order.region, event.region)
    if event.address is not None:
        order.address = event.address if order.address is None else order.address and event.address


def _pieces(lines: Sequence[Line]) -> list[tuple[str, int]]:
    return sorted((line.sku, line.quantity) for line in lines)


def merge_told(known: list[Told], told: Told) -> bool:
    """Add one word about a state; False when it was known."""
    if told in known:
        return False
    known.append(told)
    known.sort()
    return True


def merge_refund(more: More, name: str, event: OrderRefunded) -> bool:
    """Add a refund; True when it is new. The same id with another amount: the earliest, then the smaller, counts."""
    new = Refund(
        event.amount, event.at, event.sku, event.quantity, event.restock, event.shipped, event.reason, event.case
    )
    known = more.refunds.get(name)
    if known is None:
        more.refunds[name] = new
        return True
    if (new.at or NEVER, new.amount) < (known.at or NEVER, known.amount):
        more.refunds[name] = new
    return False


def merge_parcel(more: More, event: ParcelShipped, now: int) -> Parcel:
    """Add a parcel, or what is now known of it."""
    parcel = more.parcels.setdefault(event.parcel, Parcel())
    parcel.carrier = max(parcel.carrier, event.carrier)
    parcel.tracking = max(parcel.tracking, event.tracking)
    if event.lines:
        parcel.lines = max(parcel.lines, event.lines, key=msgspec.json.encode) if parcel.lines else event.lines
    parcel.part = parcel.part or event.part
    if not parcel.sent:
        parcel.sent, parcel.sent_at, parcel.moved_at = True, now, max(now, parcel.moved_at)
    return parcel


def merge_case(more: More, event: AfterSaleTold, state: str, kind: str, now: int) -> Case:
    """Add one word about a case."""
    case = more.cases.setdefault(event.case, Case(opened_at=now))
    merge_told(case.told, (event.at, state, ""))
    asked = (
        event.at, kind, event.amount, event.sku, event.quantity, event.reason, event.proof, event.deadline,
        event.parcel,
    )  # fmt: skip
    # Each of them by its own newest word: what a word leaves out stays as it was said before.
    times = list(case.said or (case.asked[0],) * len(_NOTHING))
    kept = list(case.asked)
    for place, new in enumerate(asked):
        first = kept[place] == _NOTHING[place]
        if new != _NOTHING[place] and (first or (event.at, new) > (times[place], kept[place])):
            kept[place], times[place] = new, event.at
    case.asked, case.said = tuple(kept), tuple(times)  # type: ignore[assignment]  # the kinds stay as they are
    return case


def comes_back(more: More, name: str, tracking: str = "") -> bool:
    """Whether a parcel is one of an after-sale case: it brings goods back, or what is sent again."""
    return any(case.asked[8] in (name, tracking or name) for case in more.cases.values())


_CHAIN = ("unpaid", "paid_hold", "to_ship", "part_shipped", "to_collect", "in_transit", "delivered", "completed")
_STEPS = ("created", "held", "paid", "part_shipped", "shipped", "collected", "signed", "completed")
_SEQUENCE = (
    "created", "paid", "cancelled", "held", "part_shipped", "shipped", "collected", "signed", "exchange", "completed",
    "refunded",
)  # fmt: skip


class Reckoned(msgspec.Struct, frozen=True):
    """What an order's facts come to. ``faults`` as "kind|what|have|got"."""

    state: str
    refunded: int
    paid: bool
    """Paid by any word: stock must be taken."""
    faults: tuple[str, ...]
    delivered_at: int = 0
    """When the buyer had the first parcel, ms; 0 not yet."""


def plain(order: Order) -> bool:
    """Whether nothing but a creation and a payment is known of it."""
    return order.more is None


def reckon(order: Order) -> Reckoned:
    """The state of an order by the table of legal moves, from what is known of it."""
    more = order.more
    if more is None:
        state = "to_ship" if order.payment else "unpaid" if order.created else "unknown"
        return Reckoned(state, 0, order.payment, ())
    faults: list[str] = []
    events = _events(order, more, faults)
    refunded = order.base + _given_back(more)
    known = order.created or order.payment or bool(more.told)
    if more.refunds and known and refunded >= order.amount:
        events.add("refunded")
    state = ORDER.start
    waiting = []
    for event in _SEQUENCE:
        if event not in events or (event == "part_shipped" and "shipped" in events):
            continue
        reached = ORDER.step(state, event)
        if reached is None:
            waiting.append(f"refused|{event}|{state}|")
        else:
            state = reached
    faults += [item for item in waiting if not item.startswith("refused|refunded|unknown")]
    _sums(order, more, refunded, known, faults)
    return Reckoned(state, refunded, "paid" in events, tuple(sorted(set(faults))), _first_delivered(more))


def _first_delivered(more: More) -> int:
    """By the least time told; where none was told, when it was heard of. What comes back says nothing of it."""
    came = [
        (at, parcel.moved_at)
        for name, parcel in more.parcels.items()
        for at, state, _ in parcel.told
        if state == "delivered" and not comes_back(more, name, parcel.tracking)
    ]
    told = min((at for at, _ in came if at), default=0)
    if told or not came:
        return told
    timed = {at for parcel in more.parcels.values() for at, _, _ in parcel.told}
    kept = more.delivered_at if more.delivered_at not in timed else 0
    return kept or min(heard for _, heard in came)


def _given_back(more: More) -> int:
    """What refunds come to: a file and the platform tell of the same money, so the greater of their sums counts."""
    filed = sum(refund.amount for name, refund in more.refunds.items() if name.startswith(FILE_REFUND))
    return max(filed, sum(refund.amount for refund in more.refunds.values()) - filed)


def _events(order: Order, more: More, faults: list[str]) -> set[str]:
    events: set[str] = set()
    if order.created:
        events.add("created")
    if order.payment:
        events.add("paid")
    if more.cancelled:
        events.add("cancelled")
    ranks = [_CHAIN.index(state) for _, state, _ in more.told if state in _CHAIN]
    furthest = max(ranks, default=-1)
    if more.completed:
        events |= {"shipped", "collected", "signed", "completed"}
    if furthest >= 0:
        events.add("created")
        if furthest >= 1:
            events.add("paid")
        events |= {step for place, step in enumerate(_STEPS) if 3 <= place <= furthest}
    said = {state for _, state, _ in more.told}
    if "closed_refunded" in said:
        events |= {"created", "paid", "refunded"}
    if said & {CLOSED, "cancelled"}:
        events.add("created")
        events.add("refunded" if CLOSED in said and ("paid" in events or more.refunds) else "cancelled")
    if "exchanging" in said:
        events |= {"created", "paid"}
        if max(more.told)[1] == "exchanging":
            events.add("exchange")
            events.discard("completed")
    if more.parcels:
        _parcels(order, more, events)
    stopped = (more.held is not None or furthest == 1 or more.presale) and not more.approved and furthest < 2
    if stopped and not events & {"part_shipped", "shipped"}:
        events.add("held")
    if "paid" in events and not order.payment:
        faults.append("mismatch|payment||told by its state alone")
    _backwards(more, faults)
    return events


def _parcels(order: Order, more: More, events: set[str]) -> None:
    sent = [parcel for parcel in more.parcels.values() if parcel.sent]
    if not sent:
        return
    states = [PARCEL.settle(parcel.told)[0] for parcel in sent]
    events.add("shipped" if _whole(order, sent) else "part_shipped")
    if "shipped" in events:
        if all(PARCEL.states[state].rank >= PARCEL.states["in_transit"].rank for state in states):
            events.add("collected")
        if all(state == "delivered" for state in states):
            events.add("signed")


def _whole(order: Order, parcels: Sequence[Parcel]) -> bool:
    if any(not parcel.lines and not parcel.part for parcel in parcels):
        return True
    if not order.lines or any(not parcel.lines for parcel in parcels):
        return False
    left: dict[str, int] = {}
    for line in order.lines:
        left[line.sku] = left.get(line.sku, 0) + line.quantity
    for parcel in parcels:
        for line in parcel.lines:
            left[line.sku] = left.get(line.sku, 0) - line.quantity
    for sku, choice in done_exchanges(order):
        # Whether the platform names what was bought or what is sent instead: either makes the order whole.
        sent = min(choice.pieces, left.get(sku, 0), -left.get(choice.instead, 0))
        if sent > 0:
            left[sku] -= sent
            left[choice.instead] += sent
    return all(count <= 0 for count in left.values())


def sent_whole(order: Order) -> int:
    """When the parcel was sent with which all of the order was, ms; 0 not yet, as far as parcels tell."""
    parcels = order.more.parcels if order.more is not None else {}
    sent = [one for name, one in parcels.items() if one.sent and not comes_back(order.rest(), name, one.tracking)]
    sent.sort(key=lambda one: one.sent_at)
    return next((sent[place].sent_at for place in range(len(sent)) if _whole(order, sent[: place + 1])), 0)


def _backwards(more: More, faults: list[str]) -> None:
    timed = [(at, state) for at, state, _ in more.told if at and state in _CHAIN]
    for at, state in timed:
        ahead = [other for when, other in timed if when < at and _CHAIN.index(other) > _CHAIN.index(state)]
        if ahead:
            faults.append(f"refused|{state}|{max(ahead, key=_CHAIN.index)}|")


def _sums(order: Order, more: More, refunded: int, known: bool, faults: list[str]) -> None:
    faults += [f"mismatch|amount|{order.amount}|{other}" for other in more.amounts if other != order.amount]
    if more.lines_differ:
        faults.append("mismatch|lines||")
    if not known:
        told = "refund" if more.refunds else "parcel" if more.parcels else "state"
        faults.append(f"mismatch|order||{told}")
    elif more.refunds and refunded > order.amount:
        faults.append(f"mismatch|refunded|{order.amount}|{refunded}")
    said = {state for _, state, _ in more.told}
    if "closed_refunded" in said and refunded < order.amount:
        faults.append(f"mismatch|refunds|{order.amount}|{refunded}")
    faults += [f"unknown|{word}||" for word in more.unknown]
    for name, parcel in more.parcels.items():
        state, refused = PARCEL.settle(parcel.told)
        faults += [f"refused|{told}|{have}|parcel:{name}" for told, _, have in (r.partition("<") for r in refused)]
        if PARCEL.states[state].trouble:
            faults.append(f"parcel|{name}||{state}")
        if not parcel.sent and not comes_back(more, name, parcel.tracking):
            faults.append(f"refused|parcel|unknown|parcel:{name}")
    for name, case in more.cases.items():
        _, refused = CASE.settle(case.told)
        faults += [f"refused|{told}|{have}|case:{name}" for told, _, have in (r.partition("<") for r in refused)]
    faults += [f"short|{sku}||{count}" for sku, count in still_short(order, more, refunded)]


def still_short(order: Order, more: More, refunded: int) -> list[tuple[str, int]]:
    """(SKU, pieces) that are owed to the customer: what was given back in money is owed no more."""
    if not more.short or (more.refunds and refunded >= order.amount):
        return []
    # A file and the platform tell of the same pieces, as they do of the same money: the greater counts.
    filed: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for name, refund in more.refunds.items():
        if refund.sku and not refund.restock:
            (filed if name.startswith(FILE_REFUND) else told)[refund.sku] += refund.quantity
    back = filed | told
    return [(sku, count - back[sku]) for sku, _, count in more.short if back[sku] < count]


_MOVES = frozenset({"part_shipped", "to_collect", "in_transit"})
_TRAVELS = frozenset({"to_collect", "in_transit", "problem"})


def still_since(order: Order) -> int:
    """When the parcel moved that has stood still longest on its way to the buyer, ms; 0 none is on its way."""
    if order.more is None or order.state not in _MOVES:
        return 0
    sent = [parcel for parcel in order.more.parcels.values() if parcel.sent]
    return min((one.moved_at for one in sent if PARCEL.settle(one.told)[0] in _TRAVELS), default=0)


def done_exchanges(order: Order) -> list[tuple[str, Choice]]:
    """(SKU that was bought, the choice) of what was sent instead of it (R039)."""
    choices = order.more.choices if order.more is not None else {}
    return [(sku, made) for sku, made in choices.items() if made.choice == "exchange" and made.state == "done"]
