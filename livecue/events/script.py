"""What the team says of a script before the show; the handbook of a product. They travel in the stream ``house``."""

import msgspec

from livecue.events.show import CommandAsked


class ScriptCommented(CommandAsked, frozen=True, kw_only=True):
    """Somebody remarks on a script (F02), or on one segment of it, or answers a remark."""

    org: str
    brand: str
    room: str
    show: str
    comment: str
    text: str
    segment: str = ""
    """"" is the script as a whole."""
    reply_to: str = ""


class ScriptCommentClosed(CommandAsked, frozen=True, kw_only=True):
    """A remark is dealt with, or opened again."""

    org: str
    brand: str
    show: str
    comment: str
    reopened: bool = False


class ScriptReviewed(CommandAsked, frozen=True, kw_only=True):
    """A script is handed in, approved or returned: exactly the text whose ``digest`` this is.

    An edit afterwards makes it a draft again. Whoever handed it in does not approve it, unless nobody else may.
    """

    org: str
    brand: str
    room: str
    show: str
    review: str
    state: str
    """in_review, approved or returned."""
    digest: str
    version: int = 0
    """Of the plan that was looked at."""
    note: str = ""
    """Why it is returned; needed then."""
    alone: bool = False
    """Nobody else in the room holds the permission approve: kept and shown as self-approved."""


class ScriptRehearsed(CommandAsked, frozen=True, kw_only=True):
    """A rehearsal of a script begins (R075): the show ``rehearsal`` of the room ``rehearsal_room`` runs this text."""

    org: str
    brand: str
    room: str
    show: str
    rehearsal: str
    rehearsal_room: str
    digest: str
    version: int = 0
    person: str = ""
    """Who asked for it."""


class Claim(msgspec.Struct, frozen=True, omit_defaults=True):
    """A core advantage and what proves it."""

    text: str
    evidence: str = ""
    """Number of the report, the paper or the page."""
    evidence_date: str = ""
    """Its day, as 2026-11-22."""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question that buyers ask, and what is said."""

    question: str
    answer: str = ""


class HandbookSaved(CommandAsked, frozen=True, kw_only=True):
    """The selling-point handbook (F04) of a product, whole."""

    org: str
    brand: str
    product: str
    advantages: tuple[Claim, ...] = ()
    answers: tuple[Answer, ...] = ()
    forbidden: tuple[str, ...] = ()
    """What must not be said of it."""
    scenes: tuple[str, ...] = ()
    """Scenes of use, in words for the talk."""
    demonstration: str = ""
    version: int = 0
    """That of the handbook it was made from, plus one; 0 does not look."""


class HotLineDecided(CommandAsked, frozen=True, kw_only=True):
    """What a person made of a question that is asked often (R062): a line of the handbook, a remark on the script of
    a show, or nothing, with the reason."""

    org: str
    brand: str
    line: str
    """Id of the decision."""
    product: str
    topic: str
    decision: str
    """handbook, script or refused."""
    question: str = ""
    answer: str = ""
    """What is said to it; for a script the text of the remark."""
    room: str = ""
    show: str = ""
    segment: str = ""
    """The segment whose script is remarked on."""
    reason: str = ""
    """Why not; needed then."""
    asked: int = 0
    """How often it was asked between ``since`` and ``until`` (ms), of ``asked_all`` questions."""
    asked_all: int = 0
    since: int = 0
    until: int = 0
    version: int = 0
    """That of the handbook it was made from, plus one; 0 does not look."""
    advantages: tuple[Claim, ...] = ()
    """With what a first handbook begins, where nobody has written one."""


class NegativeReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is answered to an unfavourable comment of one kind (F19)."""

    trigger: str
    """When: what such a comment complains of."""
    text: str
    """The answer; it reaches viewers."""
    ask: str = ""
    """How the order number and a description of the problem are asked for."""
    escalate: str = ""
    """The role that takes it up when this does not settle it; "" nobody."""


class ReplySetSaved(CommandAsked, frozen=True, kw_only=True):
    """The replies to unfavourable comments of a brand (F19), whole."""

    org: str
    brand: str
    replies: tuple[NegativeReply, ...] = ()
    version: int = 0
    """That of the set it was made from, plus one; 0 does not look."""
