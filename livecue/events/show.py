"""What the team plans, does and decides: shows, people on duty, cues, judgements, tasks."""

from typing import ClassVar

from livecue.events.base import Event, ProductCard, SegmentPlan


class ClockTicked(Event, frozen=True, kw_only=True):
    """Room time is now ``now`` ms: the only moment at which detectors, expiries and judgements run."""

    now: int


class CommandAsked(Event, frozen=True, kw_only=True):
    """Mixed into every command of a person: who asked, by which command id, and the version they saw."""

    audited: ClassVar[bool] = True
    """Whether it stands in the audit: looking at something does not."""
    command: str = ""
    by: str = ""
    seen: int = 0


class CommandApplied(Event, frozen=True, kw_only=True):
    """The owner applied a command."""

    command: str


class CommandRefused(Event, frozen=True, kw_only=True):
    """The owner did not apply a command; ``code`` is translated by the screens, ``why`` says what to do."""

    command: str
    code: str
    why: str
    about: dict[str, str] = {}
    """What it clashes with, by name (``title``, ``room`` ...): the screens put it into their words."""


# Planning and running a show.


class ShowPlanned(CommandAsked, frozen=True, kw_only=True):
    """A show with its rundown and lineup, whole.

    ``version`` is that of the plan it was made from, plus one: it is refused when somebody else was faster. 0 does
    not look (programs that own the plan alone): then the newest before the start counts.
    """

    show: str
    title: str
    starts_at: int
    segments: tuple[SegmentPlan, ...] = ()
    products: tuple[ProductCard, ...] = ()
    goals: dict[str, int] = {}
    """Metric id to target: M41 in minor units, M03 in times ..."""
    carried: tuple[str, ...] = ()
    """Improvements of earlier shows that this plan takes up."""
    version: int = 0
    ends_at: int = 0
    """Planned end, ms UTC; 0 is by the rundown. A plan with an end is booked: room, hosts, kit, lights and studio are
    held for it, it is refused where they are taken, and its preparation becomes tasks."""
    theme: str = ""
    """daily, special, cobrand or members (F01)."""
    hosts: tuple[str, ...] = ()
    """Person ids held for the show besides those of the segments."""
    kits: tuple[str, ...] = ()
    lights: tuple[str, ...] = ()
    studio: str = ""
    welfare: str = ""
    """Welfare tactics (F01)."""
    prepares: bool = True
    """Whether the steps of the SOP become tasks."""
    needs_review: bool = False
    """Its texts are reviewed, and in a real room signed before it goes on air (R069). The door says it for plans of
    people; a program that owns its plan may leave it out."""


class ShowCancelled(CommandAsked, frozen=True, kw_only=True):
    """A planned show will not be: what it held is free, its preparation is dropped."""

    show: str
    reason: str = ""


class RundownChanged(CommandAsked, frozen=True, kw_only=True):
    """The rundown of a show was edited; ``version`` rises by one with each edit."""

    show: str
    version: int
    segments: tuple[SegmentPlan, ...] = ()
    ends_at: int = 0
    """Planned end from now on, ms UTC; 0 leaves it."""


class LineupChanged(CommandAsked, frozen=True, kw_only=True):
    """The products of a show were edited; ``version`` as in ``RundownChanged``, 0 does not look and does not count."""

    show: str
    products: tuple[ProductCard, ...] = ()
    version: int = 0


class ShowStarted(CommandAsked, frozen=True, kw_only=True):
    """The team's show begins (status on_air)."""

    show: str
    title: str = ""


class ShowEnded(CommandAsked, frozen=True, kw_only=True):
    """The team's show is over; the debrief is written."""

    show: str
    reason: str = ""


class SegmentStarted(CommandAsked, frozen=True, kw_only=True):
    """The show is now in ``segment``; the one before ends by this."""

    show: str
    segment: str


class DutyTaken(CommandAsked, frozen=True, kw_only=True):
    """A person holds a role (domain section 2) in this room from now on."""

    person: str
    role: str
    name: str = ""


class DutyLeft(CommandAsked, frozen=True, kw_only=True):
    """A person no longer holds the role in this room."""

    person: str
    role: str


class ThresholdSet(CommandAsked, frozen=True, kw_only=True):
    """A rule's preset for this room was edited: ``values`` by name; ``off`` switches the rule off."""

    rule: str
    values: dict[str, float] = {}
    category: str = ""
    off: bool = False
    valid_from: int = 0
    preset: str = ""
    """Name of a shipped preset to take as it is (``seed``, ``calibrated`` ...); "" keeps the one in use."""
    scope: str = "room"
    """For whom it was set: ``all`` rooms of the brand, those of ``platform``, or this ``room``. The closest one wins:
    category, room, platform, all. What is set for many rooms is told to each of them."""
    platform: str = ""
    reset: bool = False
    """Takes back everything set for this scope before."""
    undoes: str = ""
    """Command id of the setting this one takes back."""


# What the judges of text say.


class CommentJudged(Event, frozen=True, kw_only=True):
    """Triage's judgement of one comment, once. ``comment`` is its key.

    Labels: question, intent, complaint, abuse, spam, chat.
    """

    comment: str
    label: str
    text: str = ""
    user: str = ""
    product: str = ""
    topic: str = ""
    confidence: float = 0.0
    hidden: bool = False
    """Hiding is proposed, for ``reason``; a person decides."""
    for_host: bool = False
    when: int = 0
    reason: str = ""
    """Why hiding is proposed: abuse, spam or privacy; "" when it is not. Unfavourable is never a reason."""


class TextFlagged(Event, frozen=True, kw_only=True):
    """Compliance found words that need a look, in ``where`` (comment, speech, script ...), by rule-pack ``version``."""

    where: str
    subject: str
    word: str
    severity: str
    entry: str
    """Class of the entry (A1, E, G ...)."""
    basis: str = ""
    advice: str = ""
    """In the room's language."""
    text: str = ""
    version: str = ""
    rule: str = ""
    """Id of the entry in its pack; the entry's class is ``entry``."""
    view: str = ""
    """How it was written: plain, obfuscated or pinyin."""
    when: int = 0
    advice_en: str = ""


class QuestionAnswered(CommandAsked, frozen=True, kw_only=True):
    """A comment was answered or dealt with; ``how``: host, reply, private, ignored, or auto by the desk itself."""

    comment: str
    how: str = "reply"
    text: str = ""


# The life of a cue (design, section 4).


class CueRaised(Event, frozen=True, kw_only=True):
    """A rule fired and a person shall hear of it. ``facts`` hold every figure that made it fire, with metric ids."""

    cue: str
    rule: str
    role: str
    subject: str = ""
    """What it is about: a product, a segment, a SKU, a comment; "" is the room."""
    person: str = ""
    priority: int = 50
    interrupting: bool = True
    facts: dict[str, float | int | str] = {}
    expires_at: int = 0
    judge_at: int = 0
    metric: str = ""
    when: int = 0
    merged: int = 0
    """How many like signals went into it besides the first."""
    escalated_from: str = ""


class CueMerged(Event, frozen=True, kw_only=True):
    """A twin signal was put into an open cue instead of raising another."""

    cue: str
    facts: dict[str, float | int | str] = {}


class CueDelivered(Event, frozen=True, kw_only=True):
    """The cue stands on a person's screen or in their ear by ``channel``."""

    cue: str
    person: str = ""
    channel: str = "screen"
    when: int = 0


class CueAnswerGiven(CommandAsked, frozen=True, kw_only=True):
    """A person answers a cue: ``answer`` is seen, done or dismissed (then with ``reason``)."""

    cue: str
    answer: str
    reason: str = ""


class CueSeen(Event, frozen=True, kw_only=True):
    """The person saw it (M93, M94)."""

    cue: str
    person: str = ""
    when: int = 0


class CueDone(Event, frozen=True, kw_only=True):
    """The person did it."""

    cue: str
    person: str = ""
    when: int = 0


class CueDismissed(Event, frozen=True, kw_only=True):
    """The person decided against it, with a reason."""

    cue: str
    person: str = ""
    reason: str = ""
    when: int = 0


class CueExpired(Event, frozen=True, kw_only=True):
    """Nobody answered in time; ``escalated_to`` names the role that is asked next, "" when nobody is."""

    cue: str
    escalated_to: str = ""
    when: int = 0
    why: str = ""
    """silence, superseded (a more urgent cue took the person), moot (its cause is gone), left_duty or show_ended."""


class CueJudged(Event, frozen=True, kw_only=True):
    """Whether it helped: ``effect`` is the relative change of ``metric`` against the counterfactual, with its interval.

    ``verdict``: useful, harmful, no_effect, too_little_data, not_followed, or not_measured for a rule that has no
    measure.
    """

    cue: str
    rule: str
    verdict: str
    metric: str = ""
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    after: float | None = None
    expected: float | None = None
    method: str = ""
    why: str = ""
    when: int = 0


class SignalNoticed(Event, frozen=True, kw_only=True):
    """A rule fired but no cue was raised: cool-down, busy person, suspended ... (``why``)."""

    rule: str
    subject: str = ""
    why: str = ""
    facts: dict[str, float | int | str] = {}
    when: int = 0


# What is to be done.


class TaskAdded(CommandAsked, frozen=True, kw_only=True):
    """A task for a person or a role."""

    task: str
    title: str
    role: str = ""
    person: str = ""
    show: str = ""
    due_at: int = 0
    cause: str = ""
    after: tuple[str, ...] = ()
    """Tasks that must be done first; refused when they lead back to this one."""


class TaskClosed(CommandAsked, frozen=True, kw_only=True):
    """A task ended as done or dropped."""

    task: str
    outcome: str = "done"
    note: str = ""
    """In words; ``rehearsed:86`` where a rehearsal scored 86 points ended it."""


class ImprovementProposed(CommandAsked, frozen=True, kw_only=True):
    """An item of the improvement list F07: from the debrief, or by a person.

    ``title`` and ``evidence`` are in the room's language, or as a person wrote them; the debrief adds them in both
    languages (``title_zh``, ``title_en`` ...), which are "" else.
    """

    improvement: str
    title: str
    role: str = ""
    person: str = ""
    show: str = ""
    rule: str = ""
    evidence: str = ""
    due_at: int = 0
    title_zh: str = ""
    title_en: str = ""
    evidence_zh: str = ""
    evidence_en: str = ""


class ImprovementDecided(CommandAsked, frozen=True, kw_only=True):
    """A person accepts, rejects, reassigns or closes an improvement: state accepted, rejected, done, carried."""

    improvement: str
    state: str
    person: str = ""
    show: str = ""
    note: str = ""


class DebriefWritten(Event, frozen=True, kw_only=True):
    """The debrief of a show is ready (F05, F06, F07)."""

    show: str
    improvements: tuple[str, ...] = ()
    when: int = 0
