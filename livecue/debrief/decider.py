"""``Debrief``: notes what happens while a show runs, and writes its debrief by itself when it is over."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.debrief.body import DebriefBody, ImprovementLine
from livecue.debrief.conclude import concluded
from livecue.debrief.goods import looked
from livecue.debrief.measure import PastShow, measured, remembered, unmeasured
from livecue.debrief.notes import LABELS_NOTED, WORDS, Duty, Heard, Notes, about_cues, taken_in, wanted
from livecue.debrief.presets import SETTINGS
from livecue.debrief.tables import SAVE, debrief_row
from livecue.debrief.words import pick
from livecue.errors import BadInput
from livecue.events import ClockTicked, CommentJudged, DebriefWritten, Event, ImprovementProposed
from livecue.flow import RoomInfo, Unit
from livecue.sales import SalesPicture
from livecue.shows import ShowsPicture
from livecue.team import TeamPicture


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """The show that ended last. ``body`` is a draft until ``written``; then a later judgement may still revise it."""

    notes: Notes
    body: DebriefBody
    written: bool = False


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goes into the snapshot."""

    heard: tuple[Heard, ...] = ()
    """Since the last tick: it is taken in there at once, however the stream was cut."""
    running: Notes | None = None
    closed: Closed | None = None
    past: tuple[PastShow, ...] = ()
    """Earlier shows to compare with, oldest first."""


class DebriefState(msgspec.Struct, frozen=True):
    """The room and what is kept of it."""

    room: RoomInfo
    kept: Kept


class DebriefPicture(msgspec.Struct, frozen=True):
    """The last debrief that was written: of which show, when (room ms, 0 is none), with how many improvements."""

    show: str
    written_at: int
    improvements: int


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Kept).decode


class Debrief:
    """The decider of debriefs. Figures are read and rows written on ``ClockTicked`` only.

    The debrief of a show is drafted at the first tick after its end and written ``grace_s`` of room time later, with
    the figures as they are then; should the next show have begun by then, the draft's figures stand. A cue that is
    judged after that revises what is said of cues and may add improvements; those once proposed are never taken back.
    """

    name: ClassVar[str] = "debrief"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset((ClockTicked, *WORDS))

    def open(self, room: RoomInfo, blob: bytes | None) -> DebriefState:
        """The empty state, or the one of the snapshot; raises ``BadInput`` on a damaged blob."""
        if blob is None:
            return DebriefState(room, Kept())
        try:
            return DebriefState(room, _decode(blob))
        except msgspec.DecodeError as error:
            raise BadInput(f"the snapshot of debrief of room {room.room} is damaged: {error}") from error

    def dump(self, state: DebriefState) -> bytes:
        """The state as MessagePack."""
        return _encode(state.kept)

    def picture(self, state: DebriefState, now: int) -> DebriefPicture:
        """The last debrief, for the screens to point at."""
        closed = state.kept.closed
        if closed is None or not closed.written:
            return DebriefPicture("", 0, 0)
        return DebriefPicture(closed.body.show, closed.body.written_at, len(closed.body.improvements))

    def decide(
        self, state: DebriefState, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit
    ) -> DebriefState:
        """Note what is heard; on a tick take it in, and write when a show has been over long enough."""
        kept, now, ticked = state.kept, unit.now, False
        heard: list[Heard] = []
        for event in events:
            kind = type(event)
            if kind is ClockTicked:
                ticked = True
            elif kind is CommentJudged:
                # By far the most: few of them are questions or complaints.
                if event.label in LABELS_NOTED and not event.hidden:  # type: ignore[attr-defined]
                    heard.append(Heard(now, event))  # type: ignore[arg-type]
            elif wanted(event):
                heard.append(Heard(now, event))  # type: ignore[arg-type]
        if heard:
            kept = msgspec.structs.replace(kept, heard=(*kept.heard, *heard))
        if ticked:
            kept = _Tick(state.room, kept, pictures, unit).over()
        return state if kept is state.kept else DebriefState(state.room, kept)


class _Tick:
    """What one tick makes of what was kept."""

    def __init__(self, room: RoomInfo, kept: Kept, pictures: Mapping[str, Any], unit: Unit) -> None:
        self._room, self._kept, self._pictures, self._unit = room, kept, pictures, unit
        self._now = unit.now
        self._shows: ShowsPicture = pictures["shows"]

    def over(self) -> Kept:
        kept, shows = self._kept, self._shows
        waiting = kept.closed is not None and not kept.closed.written
        if not (kept.heard or kept.running or waiting or shows.status == "on_air"):
            return kept
        closed = self._judged_later(kept.closed)
        running, past = kept.running, kept.past
        if running is not None and (shows.show != running.show or shows.status == "ended"):
            if closed is not None and not closed.written:
                closed, past = self._write(closed, past)
            closed = self._close(running)
            running = None
        if running is None and shows.status == "on_air":
            running = self._begin()
        elif running is not None:
            running = taken_in(running, kept.heard)
        if running is not None:
            sales: SalesPicture = self._pictures["sales"]
            running = looked(running, shows, sales.stock, self._now)
        if closed is not None and not closed.written and self._now - closed.body.ended_at >= SETTINGS.grace_s * 1000:
            closed, past = self._write(closed, past)
        return Kept(heard=(), running=running, closed=closed, past=past)

    # A show begins and ends.

    def _begin(self) -> Notes:
        shows = self._shows
        team: TeamPicture = self._pictures["team"]
        notes = Notes(
            show=shows.show,
            title=shows.title,
            started_at=shows.started_at,
            duty={held.role: Duty(held.person, held.name) for held in team.duty},
            people={held.person: held.name for held in team.duty},
        )
        return taken_in(notes, [item for item in self._kept.heard if item.when >= shows.started_at])

    def _close(self, notes: Notes) -> Closed:
        shows = self._shows
        if shows.show == notes.show:
            ended_at = shows.ended_at
            heard = [item for item in self._kept.heard if item.when <= ended_at]
        else:
            # Another show began before the next tick: what was heard in between may be of either.
            ended_at = shows.started_at or self._now
            heard = about_cues(self._kept.heard, notes)
        notes = taken_in(notes, heard)
        return Closed(notes=notes, body=self._measured(notes, ended_at))

    def _measured(self, notes: Notes, ended_at: int) -> DebriefBody:
        if self._shows.show != notes.show:
            return unmeasured(self._room, notes, ended_at, self._now)
        return measured(self._room, notes, self._pictures, self._kept.past, self._now)

    # The debrief.

    def _write(self, closed: Closed, past: tuple[PastShow, ...]) -> tuple[Closed, tuple[PastShow, ...]]:
        draft, notes = closed.body, closed.notes
        if self._shows.show == notes.show and self._shows.status == "ended":
            draft = self._measured(notes, draft.ended_at)
        body = concluded(draft, notes, self._duty(notes), self._now)
        self._save(body)
        self._propose(body.show, body.improvements)
        self._unit.announce(
            DebriefWritten(
                show=body.show, improvements=tuple(line.improvement for line in body.improvements), when=self._now
            )
        )
        return Closed(notes=notes, body=body, written=True), (*past, remembered(body))[-SETTINGS.past_shows :]

    def _judged_later(self, closed: Closed | None) -> Closed | None:
        """What is said of the ended show's cues; once its debrief is written, that revises it."""
        said = about_cues(self._kept.heard, closed.notes) if closed is not None else []
        if closed is None or not said:
            return closed
        notes = taken_in(closed.notes, said)
        if not closed.written or notes == closed.notes:
            return msgspec.structs.replace(closed, notes=notes)
        body = concluded(closed.body, notes, self._duty(notes), self._now)
        self._save(body)
        self._propose(body.show, body.improvements[len(closed.body.improvements) :])
        return Closed(notes=notes, body=body, written=True)

    def _duty(self, notes: Notes) -> dict[str, Duty]:
        """Who answers for a role: whoever holds it now, else who held it last during the show."""
        team: TeamPicture = self._pictures["team"]
        return {**notes.duty, **{held.role: Duty(held.person, held.name) for held in team.duty}}

    def _save(self, body: DebriefBody) -> None:
        self._unit.write(SAVE, debrief_row(body))

    def _propose(self, show: str, lines: Sequence[ImprovementLine]) -> None:
        language = self._room.language
        self._unit.announce(
            *(
                ImprovementProposed(
                    improvement=line.improvement,
                    title=pick(line.title, language),
                    role=line.role,
                    person=line.person,
                    show=show,
                    rule=line.rule,
                    evidence=pick(line.evidence, language),
                    due_at=line.due_at,
                    title_zh=line.title.zh,
                    title_en=line.title.en,
                    evidence_zh=line.evidence.zh,
                    evidence_en=line.evidence.en,
                )
                for line in lines
            )
        )
