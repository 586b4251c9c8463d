"""What to do (imperative) and what became of it. An action leaves only through the outbox."""

import msgspec

from livecue.events.base import Event


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag=True):
    """Something to do in the outside world. ``by`` is the person who asked, "" is a rule."""

    by: str = ""
    ref: str = ""
    """The asker's own id of it, unique in the room: who asks by it knows the outbox row before it is written."""


class Performed(msgspec.Struct, frozen=True, kw_only=True):
    """What an integration answers to ``perform``.

    ``outcome``: done, refused (never again), later (try again after ``wait_s``) or unknown (it may have happened).
    """

    outcome: str
    result: str = ""
    why: str = ""
    wait_s: float = 1.0


class PinProduct(Action, frozen=True, kw_only=True):
    """Show the product in the room (弹讲解)."""

    product: str


class UnpinProduct(Action, frozen=True, kw_only=True):
    """Stop showing the product."""

    product: str


class ListProduct(Action, frozen=True, kw_only=True):
    """Put the product into the cart (上架)."""

    product: str
    number: int = 0


class DelistProduct(Action, frozen=True, kw_only=True):
    """Take the product out of the cart (下架), R033."""

    product: str


class ChangePrice(Action, frozen=True, kw_only=True):
    """Sell the product at ``price`` minor units."""

    product: str
    price: int


class ReplyToComment(Action, frozen=True, kw_only=True):
    """Answer a comment publicly."""

    comment: str
    text: str


class HideComment(Action, frozen=True, kw_only=True):
    """Hide a comment; ``reason`` is abuse, spam, illegal, privacy or fraud (compliance 4.3)."""

    comment: str
    reason: str


class SendMessage(Action, frozen=True, kw_only=True):
    """Answer a customer in private. ``reply`` comes back with ``MessageSent`` where the platform tells it."""

    conversation: str
    text: str
    reply: str = ""
    automatic: bool = False
    """No person pressed: the platform is told so where it asks for it, and the text says it."""


class StartDraw(Action, frozen=True, kw_only=True):
    """Start a prize draw."""

    draw: str


class ActionAsked(Event, frozen=True, kw_only=True):
    """A person asks for an action in this room; the owner turns it into the outbox row."""

    action: (
        PinProduct | UnpinProduct | ListProduct | DelistProduct | ChangePrice | ReplyToComment | HideComment | StartDraw
    )
    command: str = ""
    by: str = ""


class ActionDone(Event, frozen=True, kw_only=True):
    """The platform did it. ``result`` is its own id or answer."""

    action: str
    result: str = ""


class ActionFailed(Event, frozen=True, kw_only=True):
    """The platform refused, or retries are used up."""

    action: str
    code: str
    why: str = ""


class ActionUncertain(Event, frozen=True, kw_only=True):
    """Nobody can tell whether it happened: a person must look."""

    action: str
    why: str = ""


class ActionReleased(Event, frozen=True, kw_only=True):
    """A person decided a held, dead or uncertain action: ``decision`` is retry, drop or happened."""

    action: str
    decision: str
    command: str = ""
    by: str = ""
