"""Moderation of comments, and public opinion: what people decide, what was noticed, what became of it."""

from typing import Annotated

import msgspec

from livecue.events.action import (
    HideComment,
    MuteViewer,
    PinComment,
    ReplyToComment,
    ShowComment,
    UnmuteViewer,
    UnpinComment,
)
from livecue.events.base import Event, Id
from livecue.events.show import CommandAsked

Short = Annotated[str, msgspec.Meta(max_length=500)]
Level = Annotated[int, msgspec.Meta(ge=1, le=4)]

ModerationAction = HideComment | ShowComment | MuteViewer | UnmuteViewer | PinComment | UnpinComment | ReplyToComment


class ModerationAsked(CommandAsked, frozen=True, kw_only=True):
    """A person asks for an action on a comment or its writer; it is checked against the law's line before it leaves."""

    action: ModerationAction
    note: Short = ""
    """Why, in the person's words: needed where a second look is."""
    dry: bool = False
    """Only say what would become of it."""


class ModerationPreviewed(Event, frozen=True, kw_only=True):
    """What would become of it: ``verdict`` free, second (a second look is needed) or refused."""

    command: str
    verdict: str
    problems: dict[str, dict[str, str]] = {}
    warnings: dict[str, dict[str, str]] = {}
    evidence: tuple[str, ...] = ()
    """What speaks for the reason: judged, word, personal, contact, repeated, ring."""
    criticism: bool = False
    """The comment says something unfavourable of goods, service or price."""
    second: bool = False
    wait_s: int = 0


class ModerationNoted(Event, frozen=True, kw_only=True):
    """An action on a comment was asked for; it left, waits for a second person, or was refused (``code``)."""

    act: str
    kind_of: str
    """Kind of the action."""
    verdict: str
    comment: str = ""
    user: str = ""
    reason: str = ""
    note: Short = ""
    by: str = ""
    code: str = ""
    criticism: bool = False
    when: int = 0


class SpamNoticed(Event, frozen=True, kw_only=True):
    """Accounts repeat themselves as no excited viewer does; ``how`` repeated, contact, ring or flood."""

    how: str
    count: int
    users: tuple[str, ...] = ()
    text: str = ""
    when: int = 0


# Public opinion (R063, R064; domain 10.5).


class OpinionNoticed(Event, frozen=True, kw_only=True):
    """Figures point to ``level``: nobody has decided yet. ``share`` of the comments in 5 minutes, -1 unknown."""

    case: str
    level: Level
    topic: str = ""
    product: str = ""
    people: int = 0
    """-1 where viewers are masked."""
    comments: int = 0
    share: float = -1.0
    signs: tuple[str, ...] = ()
    when: int = 0


class OpinionDecided(CommandAsked, frozen=True, kw_only=True):
    """A person whose place it is sets the level of a case, or opens one ("" case) that no figure showed."""

    level: Level
    case: str = ""
    topic: Short = ""
    product: str = ""
    why: Short = ""


class OpinionDismissed(CommandAsked, frozen=True, kw_only=True):
    """A person says that what was noticed is none, and why."""

    case: Id
    why: Short = ""


class OpinionStepTaken(CommandAsked, frozen=True, kw_only=True):
    """A step of the case's level was taken, or is waived with a reason (``waived``)."""

    case: Id
    step: Id
    note: Short = ""
    waived: bool = False


class StatementWritten(CommandAsked, frozen=True, kw_only=True):
    """The draft of the statement (F30), whole; approvals of an earlier text are void."""

    case: Id
    facts: Annotated[str, msgspec.Meta(max_length=2_000)]
    measures: Annotated[str, msgspec.Meta(max_length=2_000)]
    contact: Short = ""


class StatementApproved(CommandAsked, frozen=True, kw_only=True):
    """A person other than the writer agrees to the statement with this ``digest``."""

    case: Id
    digest: Id


class OpinionPauseAsked(CommandAsked, frozen=True, kw_only=True):
    """Pause the live at once for a case of level 4, or let it go on (``resume``)."""

    case: Id
    resume: bool = False
    why: Short = ""


class OpinionAfterCare(CommandAsked, frozen=True, kw_only=True):
    """The case is over on air; what is left to do becomes tasks."""

    case: Id
    note: Short = ""


class OpinionClosed(CommandAsked, frozen=True, kw_only=True):
    """Everything is done: what came of it, and what is learned."""

    case: Id
    outcome: Short = ""


class OpinionMoved(Event, frozen=True, kw_only=True):
    """A case went on: its state, level and who moved it; ``what`` is noticed, asked (nobody decided; ``note`` is
    the role that hears of it now), decided, step, statement, approved, paused, resumed, after_care, closed or
    dismissed."""

    case: str
    what: str
    state: str
    level: int = 0
    by: str = ""
    step: str = ""
    topic: str = ""
    product: str = ""
    note: Short = ""
    when: int = 0


class EvidenceKept(Event, frozen=True, kw_only=True):
    """What was said around a case was counted and fingerprinted; a legal hold keeps it."""

    case: str
    since: int
    until: int
    comments: int
    digest: str
    """SHA-256 of each comment (id, time, text), added up: the order plays no part."""
    first_batch: int = 0
    """First batch of the journal that it covers."""
    last_batch: int = 0
