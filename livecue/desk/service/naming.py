"""What conversations are called that no platform names, and which conversation an event is about."""

from livecue.events import AfterSaleChanged, Event, QuestionAnswered

COMMENT = "c:"
"""Opens the id of a conversation that is one comment in the room."""
CASE_OF = "a:"
"""Opens the id of a conversation that is an after-sale case: order/case."""


def case_name(order: str, case: str) -> str:
    """The conversation of an after-sale case."""
    return f"{CASE_OF}{order}/{case}"


def conversation_of(event: Event) -> str:
    """The conversation that ``event`` is about; "" when it names none."""
    if isinstance(event, QuestionAnswered):
        return COMMENT + event.comment
    if isinstance(event, AfterSaleChanged):
        return case_name(event.order, event.case)
    return str(getattr(event, "conversation", ""))
