"""What a person says about an order: confirmed, reminded, asked, an exception dealt with."""

from livecue.events import CommandAsked, FaultSettled, FeedbackNoted, OrderConfirmed, OrderReminded, OutreachMoved
from livecue.flow import RoomInfo, Unit
from livecue.sales import tables
from livecue.sales.keeping import Keeper
from livecue.sales.order import Order

_MOST_TEXT = 2_000


def apply(
    event: CommandAsked, number: str, order: Order, keeper: Keeper, room: RoomInfo, unit: Unit
) -> tuple[str, str] | None:
    """Keep it; (code, why) of a refusal, with nothing changed."""
    if isinstance(event, OrderConfirmed):
        if not event.ok and not event.note.strip():
            return "say_why", "say what is wrong: name, quantity or address"
        order.checked = "hand" if event.ok else f"look:{event.note.strip()[:100]}"
    elif isinstance(event, OrderReminded):
        if order.reminded != "due":
            return "not_to_remind", "this order is paid, closed, was reminded before, or has no true stock to name"
        order.reminded = "sent" if event.sent else "declined"
    elif isinstance(event, FeedbackNoted):
        if order.state not in ("delivered", "completed", "closed_refunded"):
            return "not_delivered", "the goods have not come yet"
        if not 0 <= event.score <= 5 or len(event.text) > _MOST_TEXT or not (event.score or event.text.strip()):
            return "bad_feedback", "give a score of 1 to 5, or a text of at most 2,000 characters"
        keeper.put(tables.SAVE_FEEDBACK, number, event.score, event.text.strip(), unit.now, event.by)
        keeper.feedback(number, order, "noted")
    elif isinstance(event, FaultSettled):
        problem = settle(event, room, unit)
        if problem is not None:
            return problem
    keeper.save(number, order)
    return None


def settle(event: FaultSettled, room: RoomInfo, unit: Unit) -> tuple[str, str] | None:
    """Close an exception, of an order or (with the number "") of the stock; (code, why) of a refusal."""
    if not event.note.strip():
        return "say_how", "say how it was dealt with"
    values = (unit.now, event.by, event.note.strip()[:_MOST_TEXT], room.room, event.order, event.fault)
    if not unit.ask(tables.SETTLE_FAULT, values):
        return "no_fault", "this exception is settled already, or later words took it back"
    return None


_REMINDED = {"sending": "sending", "sent": "sent", "failed": "due", "moot": "moot", "declined": "declined"}
_ASKED = {"sending": "sending", "sent": "asked", "failed": "due", "declined": "declined"}


def written_to(order: Order, event: OutreachMoved) -> bool:
    """What the desk did about the reminder or the question of an order; False when it changes nothing here."""
    if event.about == "feedback":
        known, new = (order.more.feedback_state if order.more else ""), _ASKED.get(event.state, "")
        if not new or known not in ("due", "sending") or known == new:
            return False
        order.rest().feedback_state = new
        return True
    new = _REMINDED.get(event.state, "")
    if not new or order.reminded not in ("due", "sending") or order.reminded == new:
        return False
    # It did not leave, and meanwhile nobody is owed it any more.
    order.reminded = "moot" if new == "due" and order.state != "unpaid" else new
    return True
