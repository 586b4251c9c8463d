"""The rarer words about an order, and what follows from a change of its exceptions."""

from collections.abc import Callable

import msgspec

from livecue.events import (
    AfterSaleChanged,
    AfterSaleTold,
    Event,
    FreightInsured,
    OrderApproved,
    OrderCompleted,
    OrderHeld,
    OrderMismatched,
    OrderRefunded,
    OrderTold,
    ParcelMoved,
    ParcelShipped,
    ParcelTroubled,
    StatusUnknown,
    StockAdjusted,
    TaskAdded,
    TransitionRefused,
)
from livecue.flow import RoomInfo, Unit
from livecue.kit import stable_id
from livecue.sales import tables
from livecue.sales.keeping import Keeper
from livecue.sales.machine import CASE, PARCEL
from livecue.sales.mapping import case_state, case_type, order_state, parcel_state
from livecue.sales.order import Order, Parcel, merge_case, merge_parcel, merge_refund, merge_told
from livecue.sales.stock import Rules

_TASKS = {
    "unknown": (
        "平台状态“{0}”不认识，请人工核对订单 {1}",
        "Nobody knows the platform's state “{0}”: look at order {1}",
    ),
    "parcel": (
        "订单 {1} 的包裹 {0} 异常，请联系快递与买家",
        "Parcel {0} of order {1} is in trouble: ask carrier and buyer",
    ),
    "short": (
        "订单 {1} 缺货（{0}）：联系买家换货、等货或退款（R039）",
        "Order {1} is short of {0}: offer exchange, waiting or a refund (R039)",
    ),
}


def add_refund(order: Order, number: str, name: str, event: OrderRefunded, keeper: Keeper, unit: Unit) -> bool:
    """Take in a refund; True when it is new."""
    more = order.rest()
    new = merge_refund(more, name, event)
    kept = more.refunds[name]
    keeper.put(
        tables.SAVE_REFUND, number, name, kept.amount, kept.quantity, kept.sku, kept.reason, int(kept.shipped), unit.now
    )
    return new


def add(order: Order, number: str, event: Event, keeper: Keeper, room: RoomInfo, unit: Unit) -> None:
    """Take in any other word about the order."""
    more = order.rest()
    if isinstance(event, OrderTold):
        state = order_state(event.system, event.status)
        if state is None:
            _unknown(order, number, event.system, event.status, "", unit)
        elif state != "unknown":
            merge_told(more.told, (event.at, state, ""))
    elif isinstance(event, OrderHeld):
        more.held = max(more.held or "", event.reason)
    elif isinstance(event, OrderApproved):
        more.approved = True
    elif isinstance(event, OrderCompleted):
        more.completed = True
    elif isinstance(event, FreightInsured):
        more.insured = True
        if event.claim:
            more.claims[event.claim] = max(event.amount, more.claims.get(event.claim, 0))
    elif isinstance(event, ParcelShipped):
        _save_parcel(number, event.parcel, merge_parcel(more, event, unit.now), keeper)
    elif isinstance(event, ParcelMoved):
        _parcel_moved(order, number, event, keeper, unit)
    elif isinstance(event, AfterSaleTold):
        _case_told(order, number, event, keeper, unit)
    order.placed_at = order.placed_at or event.at or unit.now
    del room


def _unknown(order: Order, number: str, system: str, status: str, about: str, unit: Unit) -> None:
    more = order.rest()
    word = f"{system}:{status}" + (f" {about}" if about else "")
    if word not in more.unknown:
        more.unknown = sorted([*more.unknown, word])
        unit.announce(StatusUnknown(order=number, system=system, status=status, about=about))


def _parcel_moved(order: Order, number: str, event: ParcelMoved, keeper: Keeper, unit: Unit) -> None:
    state = parcel_state(event.system, event.status)
    if state is None:
        _unknown(order, number, event.system, event.status, f"parcel:{event.parcel}", unit)
        return
    more = order.rest()
    parcel = more.parcels.setdefault(event.parcel, Parcel())
    if merge_told(parcel.told, (event.at, state, "")):
        parcel.moved_at = unit.now
    _save_parcel(number, event.parcel, parcel, keeper)


def _save_parcel(number: str, name: str, parcel: Parcel, keeper: Keeper) -> None:
    state, _ = PARCEL.settle(parcel.told)
    lines = msgspec.json.encode(parcel.lines).decode()
    keeper.put(
        tables.SAVE_PARCEL, number, name, parcel.carrier, parcel.tracking, state, parcel.sent_at, parcel.moved_at, lines
    )


def _case_told(order: Order, number: str, event: AfterSaleTold, keeper: Keeper, unit: Unit) -> None:
    state = case_state(event.system, event.status)
    kind = case_type(event.system, event.type)
    if event.type and not kind:
        _unknown(order, number, event.system, event.type, f"type of case:{event.case}", unit)
    if state is None:
        _unknown(order, number, event.system, event.status, f"case:{event.case}", unit)
        return
    case = merge_case(order.rest(), event, state, kind, unit.now)
    before, case.state = case.state, CASE.settle(case.told)[0]
    _, kind, amount, sku, quantity, reason, proof, deadline, parcel = case.asked
    keeper.put(
        tables.SAVE_CASE, number, event.case, kind, case.state, amount, sku, quantity, reason, proof, deadline, parcel,
        case.opened_at, unit.now,
    )  # fmt: skip
    if before != case.state:
        unit.announce(
            AfterSaleChanged(
                order=number, case=event.case, type=kind, state=case.state, before=before, amount=amount,
                deadline=deadline, sku=sku, reason=reason, user=order.user,
            )
        )  # fmt: skip


def open_cases(order: Order) -> int:
    """How many of its cases have not ended."""
    if order.more is None:
        return 0
    return sum(not CASE.states[case.state].ends for case in order.more.cases.values() if case.state)


def faults_differ(order: Order, number: str, found: tuple[str, ...], keeper: Keeper, room: RoomInfo, unit: Unit) -> int:
    """Write and tell new exceptions, take back those that later words resolved; returns how many are mismatches."""
    mismatches = 0
    for gone in set(order.faults) - set(found):
        keeper.say(tables.DROP_FAULT, room.room, number, fault_id(gone))
    for fault in found:
        if fault in order.faults:
            continue
        kind, what, have, got = fault.split("|", 3)
        keeper.put(tables.SAVE_FAULT, number, fault_id(fault), kind, what, have, got, unit.now)
        if kind == "mismatch":
            mismatches += 1
            unit.announce(OrderMismatched(order=number, field=what, have=have, got=got))
        elif kind == "refused":
            unit.announce(TransitionRefused(order=number, state=have, told=what, about=got))
        elif kind == "parcel":
            parcel = order.rest().parcels[what]
            unit.announce(ParcelTroubled(order=number, parcel=what, state=got, tracking=parcel.tracking))
        if kind in _TASKS:
            _task(kind, what, number, room, unit)
    return mismatches


def fault_id(fault: str) -> str:
    """The id of an exception: the same however often it is noticed."""
    return stable_id("fault", fault)[:20]


def _task(kind: str, what: str, number: str, room: RoomInfo, unit: Unit) -> None:
    chinese, english = _TASKS[kind]
    text = (chinese if room.language == "zh" else english).format(what, number)
    # One task for a SKU that is short or a word nobody knows, not one an order.
    task = stable_id("sales", room.room, kind, what, number if kind == "parcel" else "")
    unit.announce(TaskAdded(task=task, title=text, role="cs", cause="R039" if kind == "short" else ""))


def stock_refused(event: StockAdjusted, keeper: Keeper, unit: Unit) -> None:
    """A change from outside that would go below zero, or of a SKU nobody opened, is listed, not done."""
    fault = f"stock|{event.sku}|{event.warehouse}|{event.delta}"
    keeper.put(tables.SAVE_FAULT, "", fault_id(fault), "stock", event.sku, event.warehouse, str(event.delta), unit.now)
    unit.announce(OrderMismatched(order=f"stock:{event.sku}", field="stock", have="", got=str(event.delta)))


def check(order: Order, watched: dict[str, str], known: Callable[[str], bool], most: int) -> str:
    """R129: name, quantity, address. "auto": all are right; "look:...": one is not; "": one of them is unknown."""
    wrong = []
    if not order.lines or any(line.sku not in watched and not known(line.sku) for line in order.lines):
        wrong.append("name")
    if any(not 0 < line.quantity <= most for line in order.lines):
        wrong.append("quantity")
    if order.address is False:
        wrong.append("address")
    if wrong:
        return "look:" + ",".join(wrong)
    return "auto" if order.address else ""


_LOOKED_AT = frozenset({"name", "quantity", "address"})


def checked_by_itself(checked: str) -> bool:
    """Whether no person decided about it yet."""
    return checked in ("", "auto") or _LOOKED_AT.issuperset(checked.removeprefix("look:").split(","))


def truly_there(order: Order, stock: dict[str, tuple[str, int, int]], rules: Rules) -> tuple[str, int] | None:
    """(SKU, pieces) that may be named to the buyer of an unpaid order; None when one of its parts is not there.

    Pieces that the order itself holds are there for it.
    """
    held: dict[str, int] = {}
    for sku, _, count in order.allocs:
        held[sku] = held.get(sku, 0) + count
    wanted: dict[str, tuple[str, int]] = {}
    for line in order.lines:
        for sku, count in rules.parts(line.sku, line.quantity):
            # Two lines, or two bundles, may want the same pieces: they must be there for both.
            of, before = wanted.get(sku, (line.sku, 0))
            wanted[sku] = (of, before + count)
    fewest: tuple[str, int] | None = None
    for sku, (of, count) in wanted.items():
        if sku not in stock:
            return None
        _, on_hand, reserved = stock[sku]
        free = on_hand - reserved + held.get(sku, 0)
        if free < count:
            return None
        if fewest is None or free < fewest[1]:
            fewest = (of, free)
    return fewest
