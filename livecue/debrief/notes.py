"""What is noted while a show runs, for the debrief: cues, incidents, questions, sold-out goods, who was on duty.

Figures are not noted here: ``metrics`` counts them. What is heard waits in the state until the next tick and is
taken in there at once, so that it makes no difference how the stream was cut.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeAlias

import msgspec

from livecue.events import (
    ActionFailed,
    ActionUncertain,
    CommentJudged,
    CueDismissed,
    CueDone,
    CueExpired,
    CueJudged,
    CueRaised,
    DutyTaken,
    Event,
    ModerationNoted,
    OpinionMoved,
    OrderMismatched,
    QuestionAnswered,
    SourceBack,
    SourceGone,
    SpamNoticed,
    StockShort,
    StreamEnded,
    StreamPaused,
    StreamResumed,
    StreamStuttered,
    TextFlagged,
    TrafficMoved,
    TrafficReported,
)

MOST_INCIDENTS = 300
"""Incidents kept as lines; beyond, they are counted only."""
MOST_TOPICS = 400
MOST_WAITING = 20_000
"""Questions that can still be answered. One that is older than so many others is let go, counted and told: an answer
that comes to it later is not known as one."""
MOST_CUES = 5_000
MOST_TEXTS = 3
_TEXT_LENGTH = 80
_NUMBERS = re.compile(r"\d[\d -]{4,}\d")
"""Telephone, order and parcel numbers: they belong to a person and have no place in a report."""
_SIGNS = re.compile(r"[\W_吗呢啊呀吧嘛哦么了啦的]+")
"""What makes no other question of one: signs, pictures, particles."""
_ANSWERS = ("host", "reply", "private", "auto")
"""Ways of dealing with a question (``QuestionAnswered.how``) that give its asker an answer."""

Word: TypeAlias = (
    ActionFailed
    | ActionUncertain
    | CommentJudged
    | CueDismissed
    | CueDone
    | CueExpired
    | CueJudged
    | CueRaised
    | DutyTaken
    | ModerationNoted
    | OpinionMoved
    | OrderMismatched
    | QuestionAnswered
    | SourceBack
    | SourceGone
    | SpamNoticed
    | StockShort
    | StreamEnded
    | StreamPaused
    | StreamResumed
    | StreamStuttered
    | TextFlagged
    | TrafficMoved
    | TrafficReported
)
LABELS_NOTED = frozenset({"question", "complaint"})
"""Labels of judged comments that are noted, unless the comment is to be hidden."""
WORDS: tuple[type[Event], ...] = Word.__args__
CueWord: TypeAlias = CueDone | CueDismissed | CueExpired | CueJudged


class Heard(msgspec.Struct, frozen=True, array_like=True):
    """An event and the room time (ms) at which it was heard."""

    when: int
    event: Word


class CueNote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cue as far as it is known. ``origin`` is the cue it was escalated from."""

    cue: str
    rule: str
    role: str
    person: str = ""
    subject: str = ""
    origin: str = ""
    raised_at: int = 0
    outcome: str = "open"
    ended_at: int = 0
    reason: str = ""
    verdict: str = ""
    metric: str = ""
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""


class TopicNote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Comments about one topic of one product."""

    topic: str
    product: str
    count: int = 0
    answered: int = 0
    texts: tuple[str, ...] = ()


class IncidentNote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that went wrong; ``until`` 0 is a moment, or not over yet. ``facts`` are for its sentence."""

    kind: str
    when: int
    until: int = 0
    subject: str = ""
    facts: dict[str, str | int] = {}


class Duty(msgspec.Struct, frozen=True):
    """Who held a role during the show, last."""

    person: str
    name: str


class SoldOut(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A product without stock. ``since`` is when it last ran out, 0 when it has stock again."""

    first_at: int
    since: int = 0
    listed_ms: int = 0
    """How long it stood in the cart without stock."""


class Notes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything noted of one show. The dicts are never changed in place."""

    show: str
    title: str = ""
    started_at: int = 0
    cues: dict[str, CueNote] = {}
    incidents: tuple[IncidentNote, ...] = ()
    counts: dict[str, int] = {}
    """Incidents by kind."""
    stuttered_ms: int = 0
    questions: dict[str, TopicNote] = {}
    complaints: dict[str, TopicNote] = {}
    waiting: dict[str, str] = {}
    """Comment of an open question to the key of its topic, oldest first."""
    let_go: int = 0
    """Questions that were let go while nobody had answered them."""
    duty: dict[str, Duty] = {}
    """By role."""
    people: dict[str, str] = {}
    """Names of who was on duty, by person."""
    sold_out: dict[str, SoldOut] = {}
    stock_at: int = 0
    """Room time at which stock was last looked at."""


def wanted(event: Event) -> bool:
    """Whether an event of these kinds, other than a judged comment, tells the debrief anything."""
    if isinstance(event, TextFlagged):
        return event.where == "speech" and event.severity == "block"
    return True


def about_cues(heard: Iterable[Heard], notes: Notes) -> list[Heard]:
    """What was said of cues that are already noted."""
    return [item for item in heard if isinstance(item.event, CueWord) and item.event.cue in notes.cues]


def taken_in(notes: Notes, heard: Sequence[Heard]) -> Notes:
    """The notes after ``heard``, in order; the same object when there is nothing."""
    if not heard:
        return notes
    desk = _Desk(notes)
    for item in heard:
        desk.note(item.when, item.event)
    return desk.end()


class _Desk:
    """A changing copy of the notes: each part is copied once, when it first changes."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._cues: dict[str, CueNote] | None = None
        self._incidents: list[IncidentNote] | None = None
        self._counts: dict[str, int] | None = None
        self._stuttered_ms: int | None = None
        self._topics: dict[str, dict[str, TopicNote]] = {}
        self._waiting: dict[str, str] | None = None
        self._duty: dict[str, Duty] | None = None
        self._people: dict[str, str] | None = None

    def end(self) -> Notes:
        waiting, let_go = self._waiting, self._notes.let_go
        if waiting is not None and len(waiting) > MOST_WAITING:
            let_go += len(waiting) - MOST_WAITING
            for comment in list(islice(waiting, len(waiting) - MOST_WAITING)):
                del waiting[comment]
        changed = {
            "cues": self._cues,
            "stuttered_ms": self._stuttered_ms,
            "incidents": None if self._incidents is None else tuple(self._incidents),
            "counts": self._counts,
            "waiting": self._waiting,
            "duty": self._duty,
            "people": self._people,
            **self._topics,
        }
        known = {name: value for name, value in changed.items() if value is not None}
        return msgspec.structs.replace(self._notes, let_go=let_go, **known)

    def note(self, when: int, event: Word) -> None:
        if isinstance(event, CommentJudged):
            self._judged(event)
        elif isinstance(event, CueRaised):
            self._raised(when, event)
        elif isinstance(event, CueWord):
            self._cue_went_on(when, event)
        elif isinstance(event, QuestionAnswered):
            self._answered(event)
        elif isinstance(event, DutyTaken):
            if self._duty is None or self._people is None:
                self._duty, self._people = dict(self._notes.duty), dict(self._notes.people)
            self._duty[event.role] = Duty(event.person, event.name or event.person)
            self._people[event.person] = event.name or event.person
        elif isinstance(event, ModerationNoted) and event.code != "fair_criticism":
            counts = self._own_counts()
            kind = "moderation_refused" if event.code else "moderated"
            counts[kind] = counts.get(kind, 0) + 1
        elif isinstance(event, SourceBack):
            self._over("source_gone", event.feed, when, event.gap_ms)
        elif isinstance(event, StreamResumed):
            self._over("stream_paused", "", when, 0)
        else:
            self._incident(_incident_of(when, event))

    # Cues.

    def _raised(self, when: int, event: CueRaised) -> None:
        if self._cues is None:
            self._cues = dict(self._notes.cues)
        if len(self._cues) < MOST_CUES:
            self._cues[event.cue] = CueNote(
                cue=event.cue,
                rule=event.rule,
                role=event.role,
                person=event.person,
                subject=event.subject,
                origin=event.escalated_from,
                raised_at=when,
                metric=event.metric,
            )

    def _cue_went_on(self, when: int, event: CueWord) -> None:
        if self._cues is None:
            self._cues = dict(self._notes.cues)
        note = self._cues.get(event.cue)
        if note is None:
            return
        if isinstance(event, CueDone):
            note = msgspec.structs.replace(note, outcome="done", ended_at=when, person=event.person or note.person)
        elif isinstance(event, CueDismissed):
            note = msgspec.structs.replace(
                note, outcome="dismissed", ended_at=when, person=event.person or note.person, reason=event.reason
            )
        elif isinstance(event, CueExpired):
            note = msgspec.structs.replace(note, outcome="expired", ended_at=when, reason=event.why)
        else:
            note = msgspec.structs.replace(
                note,
                verdict=event.verdict,
                metric=event.metric or note.metric,
                effect=event.effect,
                low=event.low,
                high=event.high,
                why=event.why,
            )
        self._cues[event.cue] = note

    # Questions and complaints.

    def _judged(self, event: CommentJudged) -> None:
        part = "questions" if event.label == "question" else "complaints"
        topics = self._topics.get(part)
        if topics is None:
            topics = self._topics[part] = dict(getattr(self._notes, part))
        key = f"{event.topic}\x1f{event.product}"
        note = topics.get(key)
        if note is None:
            if len(topics) >= MOST_TOPICS:
                key = "\x1f"
            note = topics.get(key) or TopicNote(topic=key.partition("\x1f")[0], product=key.partition("\x1f")[2])
        texts = note.texts
        if len(texts) < MOST_TEXTS:
            text = _NUMBERS.sub("***", event.text.strip())[:_TEXT_LENGTH]
            if text and all(_SIGNS.sub("", text) != _SIGNS.sub("", kept) for kept in texts):
                texts = (*texts, text)
        topics[key] = TopicNote(
            topic=note.topic, product=note.product, count=note.count + 1, answered=note.answered, texts=texts
        )
        if part == "questions" and event.comment:
            self._own_waiting()[event.comment] = key

    def _answered(self, event: QuestionAnswered) -> None:
        if event.how not in _ANSWERS:
            return
        key = self._own_waiting().pop(event.comment, None)
        if key is None:
            return
        topics = self._topics.get("questions")
        if topics is None:
            topics = self._topics["questions"] = dict(self._notes.questions)
        note = topics[key]
        topics[key] = msgspec.structs.replace(note, answered=note.answered + 1)

    def _own_waiting(self) -> dict[str, str]:
        if self._waiting is None:
            self._waiting = dict(self._notes.waiting)
        return self._waiting

    # Incidents.

    def _incident(self, note: IncidentNote) -> None:
        if note.kind == "stock_short" and self._known_short(note):
            return
        counts = self._own_counts()
        counts[note.kind] = counts.get(note.kind, 0) + 1
        if note.kind == "stuttered":
            before = self._notes.stuttered_ms if self._stuttered_ms is None else self._stuttered_ms
            self._stuttered_ms = before + int(note.facts["ms"])
        incidents = self._own_incidents()
        last = incidents[-1] if incidents else None
        if note.kind == "stuttered" and last is not None and last.kind == note.kind and note.when - last.until < 60_000:
            # A stream that stutters every second is one line with a sum, not a page of lines.
            facts = {name: int(last.facts[name]) + int(note.facts[name]) for name in ("times", "ms")}
            incidents[-1] = msgspec.structs.replace(last, until=note.when, facts=facts)
        elif len(incidents) < MOST_INCIDENTS:
            incidents.append(note)

    def _known_short(self, note: IncidentNote) -> bool:
        """An order is short when it is created, and again when it is paid."""
        return any(
            known.kind == note.kind and known.subject == note.subject and known.facts["order"] == note.facts["order"]
            for known in self._own_incidents()
        )

    def _over(self, kind: str, subject: str, when: int, gap_ms: int) -> None:
        incidents = self._own_incidents()
        for place in reversed(range(len(incidents))):
            note = incidents[place]
            if note.kind == kind and note.subject == subject and not note.until:
                incidents[place] = msgspec.structs.replace(note, until=when)
                return
        if gap_ms and kind == "source_gone":
            # Gone before the show began, or told by its return only.
            start = max(self._notes.started_at, when - gap_ms)
            self._incident(IncidentNote(kind=kind, when=start, until=when, subject=subject))

    def _own_incidents(self) -> list[IncidentNote]:
        if self._incidents is None:
            self._incidents = list(self._notes.incidents)
        return self._incidents

    def _own_counts(self) -> dict[str, int]:
        if self._counts is None:
            self._counts = dict(self._notes.counts)
        return self._counts


def _incident_of(when: int, event: Event) -> IncidentNote:
    if isinstance(event, SourceGone):
        return IncidentNote(kind="source_gone", when=when, subject=event.feed, facts={"reason": event.reason})
    if isinstance(event, StreamStuttered):
        return IncidentNote(kind="stuttered", when=when, until=when, facts={"times": 1, "ms": event.ms})
    if isinstance(event, TextFlagged):
        facts: dict[str, str | int] = {"word": event.word, "entry": event.entry, "basis": event.basis}
        return IncidentNote(kind="blocked_word", when=when, subject=event.word, facts=facts)
    if isinstance(event, StockShort):
        facts = {"order": event.order, "wanted": event.wanted, "free": event.free}
        return IncidentNote(kind="stock_short", when=when, subject=event.sku, facts=facts)
    if isinstance(event, OrderMismatched):
        facts = {"field": event.field, "have": event.have, "got": event.got}
        return IncidentNote(kind="order_mismatched", when=when, subject=event.order, facts=facts)
    if isinstance(event, ActionFailed):
        return IncidentNote(
            kind="action_failed", when=when, subject=event.action, facts={"why": event.why or event.code}
        )
    if isinstance(event, ActionUncertain):
        return IncidentNote(kind="action_uncertain", when=when, subject=event.action, facts={"why": event.why})
    if isinstance(event, OpinionMoved):
        facts = {"what": event.what, "level": event.level, "by": event.by, "note": event.note, "step": event.step}
        return IncidentNote(kind="opinion", when=when, subject=event.product, facts=facts)
    if isinstance(event, TrafficMoved):
        share = f"{event.share:.0%}" if event.share >= 0 else "–"
        facts = {"what": event.what, "share": share, "by": event.by, "step": event.step, "note": event.note}
        return IncidentNote(kind="traffic", when=when, facts=facts)
    if isinstance(event, TrafficReported):
        swing = f"{event.swing:+.0%}" if event.swing > -1 else "待核验 / unverified"
        lowest = f"{event.lowest:.0%}" if event.lowest >= 0 else "–"
        facts = {"swing": swing, "lowest": lowest, "minutes": event.outside_min, "count": event.emergencies}
        kind = "traffic_report" if event.within or event.swing <= -1 else "traffic_outside"
        return IncidentNote(kind=kind, when=when, facts=facts)
    if isinstance(event, SpamNoticed):
        facts = {"count": event.count, "accounts": len(event.users), "how": event.how}
        return IncidentNote(kind="spam", when=when, facts=facts)
    if isinstance(event, ModerationNoted):
        return IncidentNote(kind="hide_refused", when=when, facts={"by": event.by, "reason": event.reason})
    if isinstance(event, StreamEnded):
        return IncidentNote(kind="stream_ended", when=when, facts={"reason": event.reason})
    return IncidentNote(kind="stream_paused", when=when)
