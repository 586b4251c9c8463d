"""What the service desk remembers of a room: who waits, who serves, what may go out by itself. Immutable."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from livecue.desk.products import Lineup
from livecue.desk.service.hours import ALWAYS, Spans, is_open
from livecue.events import ProductCard
from livecue.flow import RoomInfo
from livecue.kit import stable_id

MOST_OPEN = 5_000
"""Conversations open at a time; beyond it the oldest that waits for nobody is closed, and comments are not opened."""
MOST_COMMENTS = 300
"""Comments of the room held in memory, the oldest first, and beside them those a person has in hand.

What comes beyond stands in line as a row (state ``queued``): found, paged, answered and closed like the others, counted
in ``Kept.queue``, and taken into memory, the oldest first, as soon as there is room. None is lost."""
SHOWN = 60
"""Conversations in the live picture: who waits longest. The inbox reads the rows."""
VIEWED_MS = 30_000
"""Somebody looks at a conversation until so long after they last said so."""


class Agent(msgspec.Struct, frozen=True):
    """A person who serves; ``on_duty`` while they hold the role of customer service in this room."""

    state: str = "ready"
    most: int = 8
    skills: tuple[str, ...] = ()
    on_duty: bool = False
    since: int = 0


class Pending(msgspec.Struct, frozen=True):
    """An answer that goes out by itself at ``due_at`` unless something changes; ``basis`` is what it was made of."""

    reply: str
    text: str
    due_at: int
    facts: tuple[str, ...]
    basis: str
    key: str
    """The message that it answers."""
    made_by: str = ""


class Thinking(msgspec.Struct, frozen=True):
    """A question the language model was asked: which message, about what, with which facts in which version."""

    key: str
    text: str
    topic: str
    label: str
    product: str
    facts: dict[str, int]
    at: int


class Sending(msgspec.Struct, frozen=True):
    """An answer on its way to the platform."""

    conversation: str
    person: str
    at: int
    key: str = ""
    """The message up to which it answers."""
    mark: str = ""
    """What it says (``mark_of``): the same thing is not sent twice by mistake, and its echo is known as ours."""
    state: str = ""
    """uncertain or dead: a person must decide; "" on its way."""


class Conversation(msgspec.Struct, frozen=True):
    """One customer who wants something. ``since`` is when the oldest unanswered message came, 0 when none waits."""

    conversation: str
    channel: str
    opened_at: int
    user: str = ""
    name: str = ""
    show: str = ""
    label: str = ""
    topic: str = ""
    product: str = ""
    order: str = ""
    agent: str = ""
    taken: bool = False
    """A person took it, or was given it by one: it is not given to somebody else by rule."""
    human_at: int = 0
    """When it came to people; 0 while the platform's robot has it."""
    since: int = 0
    waits: int = 0
    newest: str = ""
    key: str = ""
    """The newest message of the customer."""
    text: str = ""
    last_at: int = 0
    replied_at: int = 0
    replied_by: str = ""
    """Who answered last: a person, "auto", or "" for nobody."""
    step: int = 0
    """How far it went up the ladder for this wait."""
    by_hand: bool = False
    """Nothing goes out by itself any more: a person answered or was asked for."""
    said: tuple[str, ...] = ()
    """Answers that went out by themselves, so that none goes twice."""
    ours: tuple[tuple[str, int], ...] = ()
    """(what we said lately as ``mark_of``, when): the platform may tell it again, without our id."""
    pending: Pending | None = None
    deadline: int = 0
    """Until when the platform wants a case acted upon, ms; 0 not told."""
    viewers: dict[str, int] = {}
    typing: dict[str, int] = {}


class Kept(msgspec.Struct, frozen=True):
    """Everything of a room that outlives the process."""

    open: dict[str, Conversation] = {}
    agents: dict[str, Agent] = {}
    levels: dict[str, tuple[str, int]] = {}
    """Topic to (level, delay in ms)."""
    sending: dict[str, Sending] = {}
    """Our reply ids that the platform has not confirmed."""
    actions: dict[str, str] = {}
    """Outbox id to reply."""
    show: str = ""
    pinned: str = ""
    products: tuple[ProductCard, ...] = ()
    listed: dict[str, int] = {}
    handled: dict[str, int] = {}
    """Agent to the mean ms they need for one conversation, to foresee who will wait too long."""
    thinking: dict[str, Thinking] = {}
    """Conversation to what the language model was asked about it."""
    queue: dict[int, int] = {}
    """Second of room time to the comments that came in it and stand in line as rows."""
    hours: dict[str, Spans] = {}
    """"" to the business hours of the desk, a person to their shifts; whoever is missing serves always."""
    next_at: int = 0
    """Before this room time a tick has nothing to do."""
    outreach: dict[str, int] = {}
    """Messages about orders that go by themselves (R059, R130): our reply id to when."""


def mark_of(text: str, product: str) -> str:
    """What an answer says, however the platform spaces it."""
    return stable_id("said", " ".join(text.split()), product)


def comments_of(open_now: Mapping[str, Conversation]) -> int:
    """How many conversations are one comment in the room each."""
    return sum(1 for item in open_now.values() if item.channel == "comment")


def in_shift(hours: dict[str, Spans], zone: str, person: str, now: int) -> bool:
    """Whether a person serves at a moment, by their shifts; who has none serves whenever they are on duty."""
    return is_open(hours.get(person, ALWAYS), zone, now)


@dataclass(frozen=True, slots=True)
class ServiceState:
    """What is kept of a room, and the lineup made ready from it."""

    room: RoomInfo
    kept: Kept
    lineup: Lineup


class WaitingView(msgspec.Struct, frozen=True):
    """A conversation in the live picture. ``due_at``: when the team's clock runs out; ``will_be_late``: foreseen.

    Whoever watches the room gets it, so nothing of what a customer wrote and not who they are.
    """

    conversation: str
    channel: str
    topic: str
    product: str
    agent: str
    since: int
    due_at: int
    step: int
    will_be_late: bool
    pending: int
    """When an answer goes out by itself; 0 when none does."""
    platform_due: int = 0
    """Until when the platform wants an answer of a person (M78); 0 when it does not count this wait."""
    will_miss: bool = False
    """Foreseen: the platform's time will have run out."""
    answer_at: int = 0
    """When it will be answered at the pace of whoever has it; 0 when nobody serves who could."""


class AgentView(msgspec.Struct, frozen=True):
    """A person who serves, and how much they have."""

    person: str
    state: str
    on_duty: bool
    open: int
    """Conversations and cases; comments have a bound of their own."""
    waiting: int
    most: int
    comments: int = 0
    late: int = 0
    """Of those that wait, how many are late by the team's clock already."""
    will_be_late: int = 0
    """How many in time yet will be answered too late by the team's clock, at this person's pace and in their shift."""
    will_miss: int = 0
    """The same by the platform's clock."""
    shift: str = ""
    """The shift they are in now, as "09:00-12:00"; "" outside all, or without any."""
    shift_ends: int = 0
    """When it ends; 0 without one."""


class ShiftView(msgspec.Struct, frozen=True):
    """Everybody of one shift together; ``shift`` "" are those without one, "-" what nobody has yet."""

    shift: str
    people: int
    waiting: int
    late: int
    will_be_late: int
    will_miss: int


class ServicePicture(msgspec.Struct, frozen=True):
    """The service desk for the screens. ``version`` rises with every change of a conversation."""

    waiting: list[WaitingView]
    agents: list[AgentView]
    open: int
    unanswered: int
    unassigned: int
    late: int
    oldest_wait_ms: int
    changed_at: int
    queued: int = 0
    """Comments in line behind those in memory; they count in ``open``, ``unanswered`` and ``late`` too."""
    shifts: list[ShiftView] = []
    """What is foreseen, by shift: all agents of it together, and what has no agent."""
    levels: dict[str, tuple[str, int]] = {}
    """How far answers go by themselves: topic to level and wait in ms, where somebody set one."""
