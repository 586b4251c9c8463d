"""The ledger: every live text is checked once, what was found is announced and kept as evidence."""

import zlib
from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec

from livecue.compliance import tables
from livecue.compliance.engine import Engine
from livecue.compliance.engines import engine_of, force_day, shipped_version
from livecue.compliance.facts import NO_FACTS, Facts
from livecue.compliance.hits import RANK, SILENT, WARN, Hit
from livecue.compliance.known import Known
from livecue.compliance.packs import Door
from livecue.compliance.review import Review
from livecue.compliance.reviewing import ASKED, PLANS, Reviews
from livecue.compliance.words import OwnWords, word_problem
from livecue.errors import BadInput
from livecue.events import (
    CommandApplied,
    CommandAsked,
    CommandRefused,
    CommentPosted,
    Event,
    LineupChanged,
    OwnWordSet,
    ProductCard,
    ProductPinned,
    ProductUnpinned,
    RundownChanged,
    SegmentPlan,
    SegmentStarted,
    ShowCancelled,
    ShowEnded,
    ShowPlanned,
    SpeechHeard,
    StockChanged,
    TextFlagged,
)
from livecue.flow import Asked, RoomInfo, Unit, answered, await_answer
from livecue.kit import stable_id
from livecue.store import Reader

SHOWN = 20
_MOST_A_TEXT = 8
"""So many hits of one text are announced and kept; a script that has more must be rewritten anyway."""
_KEPT_CHARS = 400
_MOST_CHECKED = 2_000
_REPEAT_MS = 60_000
_REPEATS = 3
_REPEAT_CHARS = 4
_MOST_SAID = 2_048
SPAM_BASIS = "网络直播营销管理办法（试行） 第十八条"
"""What hiding the same text again and again rests on."""


class FlagView(msgspec.Struct, frozen=True):
    """One finding for the screens: ``entry`` is the class (A1, E ...), ``rule`` the entry's id in its pack."""

    where: str
    subject: str
    word: str
    severity: str
    entry: str
    rule: str
    basis: str
    advice: str
    text: str
    view: str
    when: int
    advice_en: str = ""


class CompliancePicture(msgspec.Struct, frozen=True):
    """The version of the rules in force and the newest findings, oldest first."""

    version: str
    flags: list[FlagView]


class _State(msgspec.Struct):
    known: Known = msgspec.field(default_factory=Known)
    flags: list[FlagView] = []
    checked: dict[str, int] = {}
    """Text of a plan (show/segment, show/product) to a sum over it and its facts: the same is not checked twice."""
    said: dict[int, tuple[int, int]] = {}
    """Sum over person and comment to (room time of the first, how often since): for repeated text."""
    said_before: dict[int, tuple[int, int]] = {}
    """The generation before: ``said`` becomes it when a minute is over or it is full."""
    said_since: int = 0
    words: OwnWords = msgspec.field(default_factory=OwnWords)
    reviews: dict[str, Review] = {}
    asked: Asked = {}


class _Text(msgspec.Struct, frozen=True):
    door: Door
    subject: str
    text: str
    who: str = ""
    at: int = 0
    facts: Facts = NO_FACTS
    category: str = ""


class Compliance:
    """Remembers what was flagged. Viewers are held to abuse, spam and illegal content only: they may praise and
    complain as they like; whatever the team says or writes is advertising (compliance 1.1, Art. 35)."""

    name: ClassVar[str] = "compliance"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            CommentPosted,
            SpeechHeard,
            ShowPlanned,
            RundownChanged,
            LineupChanged,
            SegmentStarted,
            ProductPinned,
            ProductUnpinned,
            StockChanged,
            OwnWordSet,
            ShowCancelled,
            ShowEnded,
            CommandApplied,
            CommandRefused,
            *ASKED,
        }
    )

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        try:
            self._state = msgspec.msgpack.decode(blob, type=_State) if blob else _State()
        except msgspec.DecodeError as error:
            raise BadInput(f"compliance: {error}") from error
        # A room with a pack nobody ships is told so when it is opened, not at its first comment.
        self._day = force_day(room.time_zone, 0)
        self._engine = engine_of(room, 0, self._state.words.in_force())

    @property
    def _reviews(self) -> Reviews:
        return Reviews(self._room, self._state.reviews)

    def _review(self, event: CommandAsked | None, unit: Unit) -> None:
        """What a plan that stands does to the review of its texts."""
        if event is not None:
            self._reviews.plan(event, self._state.known, self._engine_at(unit.now), unit)

    def _engine_at(self, now: int) -> Engine:
        """The rules in force at room time ``now``, with the house's own words."""
        day = force_day(self._room.time_zone, now)
        if day != self._day:
            self._day, self._engine = day, engine_of(self._room, now, self._state.words.in_force())
        return self._engine

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        engine = self._engine_at(unit.now)
        comments = [e.text for e in events if type(e) is CommentPosted and not e.by_host]
        then = unit.recorded
        found = iter(
            engine.check(comments, self._room.category, door="comment") if then is None else map(_silent, comments)
        )
        rows: list[tuple[object, ...]] = []
        for event in events:
            if type(event) is CommentPosted and not event.by_host:
                hits = next(found)
                if event.user and len(event.text) >= _REPEAT_CHARS and self._repeats(event, unit.now):
                    hits = [*hits, _repeated(event.text)]
                if hits:
                    text = _Text("comment", event.key, event.text, event.user, event.at, category=self._room.category)
                    rows += self._flag(engine, text, hits, unit, most=1)
            elif type(event) is OwnWordSet:
                self._set_word(event, unit)
            elif isinstance(event, CommandApplied | CommandRefused):
                self._review(answered(self._state.asked, event), unit)
            elif isinstance(event, ASKED):
                self._reviews.ask(event, self._state.known, engine, unit)
            else:
                for text in self._texts(event, unit.now):
                    hits = engine.check([text.text], text.category, text.facts, text.door)[0]
                    rows += self._flag(engine, text, hits, unit, most=_MOST_A_TEXT)
                if isinstance(event, ShowPlanned | RundownChanged):
                    rows += self._missing(engine, event, unit)
                if isinstance(event, PLANS):
                    self._review(await_answer(self._state.asked, event), unit)
        if then is not None:
            self._state.flags += [_view(event) for event in then if isinstance(event, TextFlagged)]
        if rows:
            unit.write_many(tables.SAVE_FLAG, rows)
        del self._state.flags[:-SHOWN]

    def rules(self, room: RoomInfo) -> str:
        """The version of the shipped packs and character tables."""
        return shipped_version(room.packs, room.platform)

    def picture(self, now: int) -> CompliancePicture:
        return CompliancePicture(self._engine_at(now).version, list(self._state.flags))

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self._state)

    def _set_word(self, event: OwnWordSet, unit: Unit) -> None:
        """From the next text on it counts. Making the engine takes half a second: the door has made it already."""
        problem = word_problem(event, self._state.words)
        if problem is not None:
            code, why = problem
            unit.announce(CommandRefused(command=event.command, code=code, why=why))
            return
        self._state.words.set(event)
        self._engine = engine_of(self._room, unit.now, self._state.words.in_force())
        self._reviews.recheck(self._state.known, self._engine, unit)
        room = self._room
        unit.write(
            tables.SAVE_WORD,
            (
                *(room.org, room.brand, room.room, unit.number, event.command or event.key, unit.now, event.by),
                *(event.scope, event.word, event.severity, event.reason, event.advice, event.reword),
                *(",".join(event.doors), int(event.removed), event.undoes),
            ),
        )
        unit.announce(CommandApplied(command=event.command))

    def _texts(self, event: Event, now: int) -> list[_Text]:
        """What an event holds to be checked; takes over what it tells of the goods."""
        known = self._state.known
        if isinstance(event, SpeechHeard):
            product = known.on_air()
            return [self._text("speech", event.key, event.text, event.speaker, event.at, product, now)]
        if isinstance(event, CommentPosted):
            return [self._text("reply", event.key, event.text, event.user, event.at, known.on_air(), now)]
        if isinstance(event, ShowPlanned):
            known.learn(event.products)
            known.plan(event.segments)
            title = self._text("title", event.show, event.title, event.by, event.at, "", now)
            return [
                *self._changed([(f"{event.show}/", title)]),
                *self._cards(event.show, event.products, event.by, event.at, now),
                *self._scripts(event.show, event.segments, event.by, event.at, now),
            ]
        if isinstance(event, RundownChanged):
            known.plan(event.segments)
            return self._scripts(event.show, event.segments, event.by, event.at, now)
        if isinstance(event, LineupChanged):
            known.learn(event.products)
            return self._cards(event.show, event.products, event.by, event.at, now)
        if isinstance(event, ProductPinned):
            known.pinned = event.product
        elif isinstance(event, ProductUnpinned):
            known.pinned = "" if known.pinned == event.product else known.pinned
        elif isinstance(event, SegmentStarted):
            known.segment = event.segment
        elif isinstance(event, StockChanged):
            known.restock(event.product, f"{event.warehouse}/{event.sku}", event.on_hand - event.reserved, now)
        return []

    def _text(self, door: Door, subject: str, text: str, who: str, at: int, product: str, now: int) -> _Text:
        known = self._state.known
        category = known.category(product, self._room.category)
        return _Text(door, subject, text, who, at, known.facts(product, now), category)

    def _scripts(self, show: str, segments: tuple[SegmentPlan, ...], by: str, at: int, now: int) -> list[_Text]:
        return self._changed(
            (f"{show}/{s.segment}", self._text("script", s.segment, s.talk_track, by, at, s.product, now))
            for s in segments
            if s.talk_track
        )

    def _cards(self, show: str, products: tuple[ProductCard, ...], by: str, at: int, now: int) -> list[_Text]:
        return self._changed(
            (
                f"{show}/{card.product}/card",
                self._text(
                    "title", card.product, "；".join((card.name, *card.selling_points)), by, at, card.product, now
                ),
            )
            for card in products
        )

    def _changed(self, texts: Iterable[tuple[str, _Text]]) -> list[_Text]:
        """The texts that are not the same as when they were last checked. Stock is left out of the sum: it moves."""
        checked, left = self._state.checked, []
        for place, text in texts:
            facts = text.facts
            papers = (*sorted(facts.papers), "", *sorted(facts.labels), facts.lowest_7d, text.category)
            digest = zlib.crc32(repr((text.text, papers)).encode("utf-8", "surrogatepass"))
            if checked.get(place) != digest:
                checked.pop(place, None)
                checked[place] = digest
                left.append(text)
        while len(checked) > _MOST_CHECKED:
            del checked[next(iter(checked))]
        return left

    def _missing(self, engine: Engine, event: ShowPlanned | RundownChanged, unit: Unit) -> list[tuple[object, ...]]:
        """What the whole script must say and does not, told once per version of the script."""
        category = self._room.category
        script = "\n".join(segment.talk_track for segment in event.segments if segment.talk_track)
        if not script or not category:
            return []
        labels = {label for s in event.segments for label in self._state.known.facts(s.product, unit.now).labels}
        text = _Text("script", event.show, script, event.by, event.at, Facts(labels=frozenset(labels)), category)
        if not self._changed([(f"{event.show}//duties", text)]):
            return []
        return self._flag(engine, text, engine.missing(script, category, text.facts), unit, most=_MOST_A_TEXT)

    def _flag(
        self, engine: Engine, text: _Text, hits: Sequence[Hit], unit: Unit, most: int
    ) -> list[tuple[object, ...]]:
        """Announce the gravest ``most`` hits and keep all of them, up to a bound, as evidence.

        What was judged under other rules is not judged again: the record says what was found.
        """
        if unit.recorded is not None:
            return []
        told = sorted((hit for hit in hits if hit.severity != SILENT), key=lambda hit: -RANK[hit.severity])
        room, version, at = self._room, engine.version, text.at or unit.now
        rows: list[tuple[object, ...]] = []
        for number, hit in enumerate(told[:_MOST_A_TEXT]):
            start = max(0, hit.start - _KEPT_CHARS // 2) if len(text.text) > _KEPT_CHARS else 0
            kept = text.text[start : start + _KEPT_CHARS]
            advice = hit.advice if room.language.startswith("zh") else hit.advice_en
            flag = stable_id(
                room.room,
                text.door,
                text.subject,
                at,
                zlib.crc32(text.text.encode("utf-8", "replace")),
                hit.start,
                hit.entry,
            )
            rows.append(
                (
                    *(room.org, room.brand, room.room, flag, at, text.door, text.subject, text.who, kept, hit.word),
                    *(hit.start - start, hit.end - start, hit.cls, hit.entry, hit.severity, hit.view, hit.basis),
                    *(advice, text.category, version),
                )
            )
            if number < most:
                event = TextFlagged(
                    where=text.door,
                    subject=text.subject,
                    word=hit.word,
                    severity=hit.severity,
                    entry=hit.cls,
                    basis=hit.basis,
                    advice=advice,
                    text=kept,
                    version=version,
                    rule=hit.entry,
                    view=hit.view,
                    when=unit.now,
                    advice_en=hit.advice_en,
                )
                unit.announce(event)
                self._state.flags.append(_view(event))
        return rows

    def _repeats(self, event: CommentPosted, now: int) -> bool:
        """Whether one person now says the same for the third time within a minute; told once."""
        state = self._state
        if now - state.said_since >= _REPEAT_MS or len(state.said) >= _MOST_SAID:
            state.said_before, state.said, state.said_since = state.said, {}, now
        key = zlib.crc32(f"{event.user}\n{event.text}".encode("utf-8", "surrogatepass"))
        before = state.said.get(key) or state.said_before.get(key)
        if before is None or now - before[0] >= _REPEAT_MS:
            state.said[key] = (now, 1)
            return False
        first, times = before
        state.said[key] = (first, times + 1)
        return times + 1 == _REPEATS


def _silent(text: str) -> list[Hit]:
    return []


def _repeated(text: str) -> Hit:
    return Hit(
        start=0,
        end=len(text),
        word=text[:20],
        entry="R.repeated",
        cls="R",
        severity=WARN,
        basis=SPAM_BASIS,
        advice="同一人重复刷屏，可按“垃圾信息”理由隐藏。",
        advice_en="The same text again and again by one person: may be hidden for spam.",
        view="plain",
    )


def _view(event: TextFlagged) -> FlagView:
    return FlagView(
        where=event.where,
        subject=event.subject,
        word=event.word,
        severity=event.severity,
        entry=event.entry,
        rule=event.rule,
        basis=event.basis,
        advice=event.advice,
        text=event.text,
        view=event.view,
        when=event.when,
        advice_en=event.advice_en,
    )


class FlagRow(msgspec.Struct, frozen=True):
    """One row of evidence: who said what, where and when (ms), which entry of which version it hit.

    ``first`` and ``past`` are the place of the word in ``text``, which is an excerpt when the whole is long.
    """

    flag: str
    at: int
    where: str
    subject: str
    who: str
    text: str
    word: str
    first: int
    past: int
    cls: str
    entry: str
    severity: str
    view: str
    basis: str
    advice: str
    category: str
    version: str


def list_flags(db: Reader, org: str, brand: str, room: str, before: int, limit: int) -> list[FlagRow]:
    """Evidence of a room older than ``before`` (ms), newest first."""
    return [FlagRow(*row) for row in db.rows(tables.LIST_FLAGS, (org, brand, room, before, limit))]


def flags_between(db: Reader, room: str, since: int, until: int) -> list[FlagRow]:
    """Evidence of a room within [since, until) ms, oldest first."""
    return [FlagRow(*row) for row in db.rows(tables.SHOW_FLAGS, (room, since, until))]
