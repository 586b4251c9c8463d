"""Alarms before a legal time of after-sales runs out: a task for who answers customers, then one for who leads them."""

import heapq
from datetime import datetime
from zoneinfo import ZoneInfo

from livecue.events import TaskAdded, TaskClosed
from livecue.flow import RoomInfo, Unit
from livecue.kit import stable_id
from livecue.sales import tables
from livecue.sales.clocks import Due, refund_clock
from livecue.sales.keeping import Keeper
from livecue.sales.order import NEVER, Case, Order

OPEN_CASES = "SELECT DISTINCT number FROM after_sales WHERE room = ? AND state NOT IN ({ends}) ORDER BY number"
_BASIS = {
    "parcel": ("退回商品 {0} 已签收", "the returned goods came on {0}"),
    "sent": (
        "买家 {0} 已寄出，收货时间待核验，按寄出日起算",
        "sent back on {0}, when it came is unverified and counted from then",
    ),
    "inspected": ("退回商品最晚 {0} 已验货", "the returned goods were inspected on {0} at the latest"),
}
_TASKS = {
    "alarm": (
        "售后单 {case}（订单 {order}）：{basis}，法定最晚 {last} 退款",
        "Case {case} of order {order}: {basis}; by law the money goes back by {last}",
    ),
    "late": (
        "售后单 {case}（订单 {order}）已过法定退款期限 {last}：{basis}，请马上处理",
        "Case {case} of order {order} is past its legal day {last}: {basis}; act at once",
    ),
}
_ROLES = {"alarm": "cs", "late": "ops"}
Heap = list[tuple[int, str, str]]
"""(room time, order, case): when a clock must be looked at next."""


def watch(order: Order, number: str, heap: Heap, keeper: Keeper, room: RoomInfo, unit: Unit) -> None:
    """Something was told of the order: set the alarms of its cases, and close those whose case is over."""
    more = order.more
    for name, case in more.cases.items() if more is not None else ():
        due = refund_clock(name, case, order, room.time_zone)
        ends_at = _ends_at(case, due)
        if ends_at != case.ends_at:
            case.ends_at = ends_at
            keeper.say(tables.DATE_CASE, ends_at, room.room, number, name)
        if due is None or due.ended:
            _over(case, name, number, room, unit, "dropped" if due is None or due.ended == "disputed" else "done")
            continue
        if case.alarmed in _TASKS and case.due_at and due.due_at != case.due_at:
            # The goods came on another day than was thought: what was said names a wrong one.
            _close(case, name, number, room, unit, "dropped")
            case.alarmed = ""
        at = _next(due, case)
        if at and at != case.alarm_at:
            case.alarm_at = at
            heapq.heappush(heap, (at, number, name))


def _ends_at(case: Case, due: Due | None) -> int:
    law = due.due_at if due is not None and not due.ended else 0
    return min(case.asked[7] or NEVER, law or NEVER)


def _next(due: Due, case: Case) -> int:
    if case.alarmed == "late":
        return 0
    return due.due_at if case.alarmed == "alarm" else due.alarm_at or due.due_at


def ring(order: Order, number: str, name: str, heap: Heap, room: RoomInfo, unit: Unit) -> bool:
    """The time of a case has come: tell who must act; True when its row changed."""
    more = order.more
    case = more.cases.get(name) if more is not None else None
    due = refund_clock(name, case, order, room.time_zone) if case is not None else None
    if case is None or due is None or due.ended:
        return False
    state = due.state(unit.now)
    told = state in _TASKS and state != case.alarmed and case.alarmed != "late"
    if told:
        if state == "late" and case.alarmed != "alarm" and due.alarm_at:
            # Told too late for a warning: who answers customers must act all the same.
            _tell("alarm", due, number, room, unit)
        case.alarmed, case.due_at = state, due.due_at
        _tell(state, due, number, room, unit)
    at = _next(due, case)
    if at > unit.now and at != case.alarm_at:
        case.alarm_at = at
        heapq.heappush(heap, (at, number, name))
    return told


def _task(step: str, case: str, number: str, room: RoomInfo) -> str:
    return stable_id("sales", room.room, "clock", step, number, case)


def _tell(step: str, due: Due, number: str, room: RoomInfo, unit: Unit) -> None:
    chinese, english = _TASKS[step]
    zh = room.language == "zh"
    basis = _BASIS[due.basis][0 if zh else 1].format(_day(due.since, room, zh))
    title = (chinese if zh else english).format(
        case=due.case, order=number, basis=basis, last=_day(due.due_at - 1, room, zh)
    )
    task = _task(step, due.case, number, room)
    unit.announce(TaskAdded(task=task, title=title, role=_ROLES[step], due_at=due.due_at - 1, cause="after_sale"))


def _over(case: Case, name: str, number: str, room: RoomInfo, unit: Unit, outcome: str) -> None:
    if case.alarmed in _TASKS:
        _close(case, name, number, room, unit, outcome)
        case.alarmed = "over"
    case.alarm_at = 0


def _close(case: Case, name: str, number: str, room: RoomInfo, unit: Unit, outcome: str) -> None:
    for step in ("alarm", "late") if case.alarmed == "late" else ("alarm",):
        unit.announce(TaskClosed(task=_task(step, name, number, room), outcome=outcome))


def _day(at: int, room: RoomInfo, zh: bool) -> str:
    day = datetime.fromtimestamp(at / 1000, ZoneInfo(room.time_zone))
    return f"{day.month} 月 {day.day} 日" if zh else day.date().isoformat()
