"""What to do (imperative) and what became of it. An action leaves only through the outbox."""

import msgspec

from livecue.events.base import Event


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag=True):
    """Something to do in the outside world. ``by`` is the person who asked, "" is a rule."""

    by: str = ""
    ref: str = ""
    """The asker's own id of it, unique in the room: who asks by it knows the outbox row before it is written."""
    wait_ms: int = 0
    """Room time between asking and sending, in which it can be called off."""
    second: bool = False
    """Whether a second person must agree before it is sent."""
    before: dict[str, int | str] = {}
    """What it changes, as it stood when it was asked for: what undoing goes back to."""
    undoes: str = ""
    """Id of the action this one takes back."""


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
    sku: str = ""


class SetStock(Action, frozen=True, kw_only=True):
    """Offer ``quantity`` pieces of a SKU on the platform; never more than are really free."""

    product: str
    sku: str
    quantity: int


class StartOffer(Action, frozen=True, kw_only=True):
    """Start a coupon or a full reduction: ``off`` minor units less, from ``threshold`` on, ``quantity`` times."""

    offer: str
    title: str
    kind_of: str = "coupon"
    """coupon or full_reduction."""
    product: str = ""
    off: int = 0
    threshold: int = 0
    quantity: int = 0
    duration_s: int = 0


class EndOffer(Action, frozen=True, kw_only=True):
    """End an offer before its time."""

    offer: str


class ReplyToComment(Action, frozen=True, kw_only=True):
    """Answer a comment publicly."""

    comment: str
    text: str


class HideComment(Action, frozen=True, kw_only=True):
    """Hide a comment; ``reason`` is abuse, spam, illegal, privacy or fraud (compliance 4.3)."""

    comment: str
    reason: str


class ShowComment(Action, frozen=True, kw_only=True):
    """Show a hidden comment again."""

    comment: str


class MuteViewer(Action, frozen=True, kw_only=True):
    """Keep a viewer from commenting for ``duration_s`` seconds (禁言); ``reason`` as for ``HideComment``."""

    user: str
    reason: str
    duration_s: int = 600


class UnmuteViewer(Action, frozen=True, kw_only=True):
    """Let a muted viewer comment again."""

    user: str


class PinComment(Action, frozen=True, kw_only=True):
    """Put a comment on top of the room (置顶): what stands there is advertising like anything the team says."""

    comment: str


class UnpinComment(Action, frozen=True, kw_only=True):
    """Take the comment on top away."""

    comment: str


class PauseStream(Action, frozen=True, kw_only=True):
    """Pause the live at once (R064). ``reason`` is for our own record."""

    reason: str = ""


class ResumeStream(Action, frozen=True, kw_only=True):
    """Let a paused live go on."""


class SendMessage(Action, frozen=True, kw_only=True):
    """Answer a customer in private. ``reply`` comes back with ``MessageSent`` where the platform tells it."""

    conversation: str
    text: str
    reply: str = ""
    automatic: bool = False
    """No person pressed: the platform is told so where it asks for it, and the text says it."""
    product: str = ""
    """Send the card of this product, with ``text`` or without."""


class AskModel(Action, frozen=True, kw_only=True):
    """Ask the language model for an answer made of these facts; it comes back as ``ModelAnswered``."""

    conversation: str
    message: str
    """The customer's message that is to be answered."""
    text: str
    """What it asks, long numbers masked: data for the model, never an instruction."""
    facts: dict[str, str] = {}
    """Fact to its text: all that may be said."""
    language: str = "zh"


class StartDraw(Action, frozen=True, kw_only=True):
    """Start a prize draw (lucky bag) by published rules: they are part of it and stay as they are until it ends."""

    draw: str
    title: str = ""
    prize: str = ""
    prizes: int = 0
    value: int = 0
    """Of one prize, minor units."""
    method: str = ""
    word: str = ""
    duration_s: int = 0
    claim_days: int = 0
    """How long after the draw a prize can be claimed."""
    segment: str = ""
    """The segment whose planned draw it is: what was signed stays. "" is a draw that nobody planned."""


class EndDraw(Action, frozen=True, kw_only=True):
    """End a draw before its time."""

    draw: str


class ActionAsked(Event, frozen=True, kw_only=True):
    """A person asks for an action in this room; the owner turns it into the outbox row."""

    action: (
        PinProduct
        | UnpinProduct
        | ListProduct
        | DelistProduct
        | ChangePrice
        | SetStock
        | StartOffer
        | EndOffer
        | ReplyToComment
        | HideComment
        | StartDraw
        | EndDraw
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
    """A person decided about an action that has not left: ``decision`` is retry, drop or happened where it is held,
    dead or uncertain; approve (by a second person) where it waits for one; cancel while it waits or was not sent."""

    action: str
    decision: str
    command: str = ""
    by: str = ""
