"""What customers write to us in private, and what the service desk does about it."""

from typing import Annotated, ClassVar

import msgspec

from livecue.events.base import Event, Id, Millis, Text
from livecue.events.show import CommandAsked

Short = Annotated[str, msgspec.Meta(max_length=500)]


# What a platform, a companion or a file tells.


class MessageReceived(Event, frozen=True, kw_only=True):
    """A customer wrote in private (私信, 客服消息). ``key`` is the platform's id of the message."""

    conversation: Id
    text: Text
    user: str = ""
    name: str = ""
    order: str = ""
    """The order that the message is about, where the platform says so."""
    product: str = ""
    to_robot: bool = False
    """The platform's own robot has the conversation: the clock of people does not run yet."""


class MessageSent(Event, frozen=True, kw_only=True):
    """An answer of ours stands on the platform, wherever it was typed."""

    conversation: Id
    text: Text = ""
    by: str = "person"
    """person, robot (the platform's own) or welcome (a greeting, never counted as an answer)."""
    reply: str = ""
    """Our id of the reply; "" when it was typed on the platform."""
    product: str = ""
    """The product whose card was sent; "" is a text."""


class ConversationHandedOver(Event, frozen=True, kw_only=True):
    """The platform's robot gave the conversation to people (转人工): from now on their clock runs."""

    conversation: Id


class ConversationRated(Event, frozen=True, kw_only=True):
    """The customer rated the service, 1 to 5 (M82)."""

    conversation: Id
    score: Annotated[int, msgspec.Meta(ge=1, le=5)]


class ConversationEnded(Event, frozen=True, kw_only=True):
    """The platform closed the conversation."""

    conversation: Id


# What people do in a room.


class AgentSet(CommandAsked, frozen=True, kw_only=True):
    """How a person serves in this room: ``state`` ready, busy (no new conversations) or off."""

    person: Id
    state: str = "ready"
    most: Annotated[int, msgspec.Meta(ge=1, le=100)] = 8
    """Conversations at a time."""
    skills: tuple[Short, ...] = ()
    """Topics and product categories; none is everything."""


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """A span of the week by the room's wall clock: on each of ``days``, from ``start`` to ``end``.

    Several spans a day are a split shift. ``end`` may lie beyond midnight: 1560 is 02:00 of the next day.
    """

    days: Annotated[tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...], msgspec.Meta(min_length=1, max_length=7)]
    """1 is Monday, 7 Sunday."""
    start: Annotated[int, msgspec.Meta(ge=0, lt=1440)]
    """Minutes after midnight."""
    end: Annotated[int, msgspec.Meta(gt=0, le=2880)]
    """Minutes after the same midnight."""


class ServiceHoursSet(CommandAsked, frozen=True, kw_only=True):
    """When customers are served here (``person`` ""), or when a person serves; no spans: always."""

    person: str = ""
    spans: Annotated[tuple[Hours, ...], msgspec.Meta(max_length=21)] = ()


class AutoReplySet(CommandAsked, frozen=True, kw_only=True):
    """How far answers to a topic go by themselves: ``level`` off, suggest, delayed or send."""

    topic: Short
    level: str
    delay_s: Annotated[int, msgspec.Meta(ge=3, le=600)] = 10
    """How long a person may stop a delayed answer."""


class ConversationAssigned(CommandAsked, frozen=True, kw_only=True):
    """Taken, or handed over to ``person`` with a note; "" puts it back into the queue."""

    conversation: Id
    person: str = ""
    note: Short = ""


class ConversationViewed(CommandAsked, frozen=True, kw_only=True):
    """Somebody looks at a conversation, or types: the others are warned."""

    audited: ClassVar[bool] = False
    conversation: Id
    typing: bool = False
    left: bool = False


class ConversationNoted(CommandAsked, frozen=True, kw_only=True):
    """An internal note; customers never see it."""

    conversation: Id
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class ReplyAsked(CommandAsked, frozen=True, kw_only=True):
    """A person answers. ``last`` is the newest customer message they saw; refused when a colleague answered since."""

    conversation: Id
    reply: Id
    text: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    last: str = ""
    suggestion: str = ""
    """The suggestion it was made from, to count how often those are taken as they are."""
    template: str = ""
    product: str = ""
    """Send the card of this product; the platform shows its price and picture as they are."""


class ReplyStopped(CommandAsked, frozen=True, kw_only=True):
    """A person stops an answer that would go out by itself."""

    conversation: Id
    reply: Id


class ConversationClosed(CommandAsked, frozen=True, kw_only=True):
    """A person is done with it; ``outcome`` solved, passed_on, no_answer or spam."""

    conversation: Id
    outcome: str = "solved"
    note: Short = ""


class OutreachAsked(CommandAsked, frozen=True, kw_only=True):
    """A person sends what was prepared about an order: the one reminder (R059) or the one question (R130).

    ``conversation`` is the one it was prepared for; an unchanged ``text`` is made anew with the figures of now.
    """

    order: Id
    about: Annotated[str, msgspec.Meta(pattern="^(remind|feedback)$")]
    conversation: str = ""
    text: Annotated[str, msgspec.Meta(max_length=2000)] = ""


# What people keep in the office.


class TemplateSaved(CommandAsked, frozen=True, kw_only=True):
    """A ready answer; ``{product}``, ``{stock}``, ``{order}`` and the like are filled in when it is used."""

    template: Id
    org: str
    brand: str
    title: Short
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    topic: Short = ""
    hotkey: Annotated[str, msgspec.Meta(max_length=20)] = ""


class TemplateRemoved(CommandAsked, frozen=True, kw_only=True):
    """The template is not offered any more."""

    template: Id
    org: str
    brand: str


class FactSaved(CommandAsked, frozen=True, kw_only=True):
    """Something we know and may tell customers, with where it comes from."""

    fact: Id
    org: str
    brand: str
    question: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    answer: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    topic: Short = "other"
    product: str = ""
    """The product it is about; "" holds for all."""
    source: Short = ""
    """Handbook, test report, answer of a colleague ...: shown beside every suggestion."""
    until: Millis = 0
    """Not to be told any more from then on; 0 is no end."""


class FactRemoved(CommandAsked, frozen=True, kw_only=True):
    """The fact does not hold any more."""

    fact: Id
    org: str
    brand: str


# What the desk says of its own accord.


class ConversationOpened(Event, frozen=True, kw_only=True):
    """Somebody wants something of us; ``channel`` message, comment or case."""

    conversation: str
    channel: str
    user: str = ""
    label: str = ""
    topic: str = ""
    product: str = ""
    agent: str = ""
    when: int = 0


class ReplySuggested(Event, frozen=True, kw_only=True):
    """An answer made of facts alone. It goes out by itself at ``due_at`` (room ms) unless it is 0."""

    conversation: str
    reply: str
    text: str
    facts: tuple[str, ...] = ()
    topic: str = ""
    due_at: int = 0
    when: int = 0
    made_by: str = ""
    """model where a language model worded it; "" is a fact as it stands."""


class ModelAnswered(Event, frozen=True, kw_only=True):
    """What the language model made of the facts it was given, or ``why`` it made nothing."""

    conversation: Id
    message: Id
    text: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    facts: tuple[str, ...] = ()
    """The facts it says it used."""
    why: str = ""


class ReplyDropped(Event, frozen=True, kw_only=True):
    """An answer that was to go out by itself did not, and why."""

    conversation: str
    reply: str
    why: str
    when: int = 0


class AnswerLate(Event, frozen=True, kw_only=True):
    """A customer waits too long (domain 10.4): ``step`` 1 the agent, 2 the lead, 3 operations."""

    conversation: str
    step: int
    waited_ms: int
    agent: str = ""
    when: int = 0


class OutreachMoved(Event, frozen=True, kw_only=True):
    """What is written to a buyer of our own accord about an order (R059, R130) is now in ``state``, each once.

    prepared (a person sends it), waiting (it goes by itself at ``due_at``), sending, sent, failed, uncertain, moot
    (paid meanwhile, or no true stock), declined (the customer wants no such messages).
    """

    order: Id
    about: str
    """remind or feedback."""
    state: str
    why: str = ""
    conversation: str = ""
    by: str = ""
    due_at: Millis = 0
    when: int = 0
