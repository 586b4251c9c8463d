"""``Cues``: watches the room by its rules and carries every cue from signal to judgement."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.cues.cue import ANSWERS
from livecue.cues.detect import DETECTORS, Pace
from livecue.cues.ending import close_show, expire_due, judge_due
from livecue.cues.gate import note_suspensions, settle
from livecue.cues.heard import heard_lately, heard_more, listened
from livecue.cues.past.body import SCENE_SAVED
from livecue.cues.past.noting import Memo, first_memo, more_words, note_scene, words_of
from livecue.cues.pictures import CuesPicture, picture_of
from livecue.cues.presets import PRESETS_VERSION, Preset, checked_threshold
from livecue.cues.scene import Finding, Scene, Suspended
from livecue.cues.state import Counts, CuesState, Duty, Kept, opened
from livecue.cues.tables import THRESHOLD_SAVED
from livecue.cues.turn import Turn
from livecue.errors import BadInput
from livecue.events import (
    ClockTicked,
    CommandApplied,
    CommandRefused,
    CommentJudged,
    CueAnswerGiven,
    DutyLeft,
    DutyTaken,
    Event,
    OpinionMoved,
    OpinionNoticed,
    QuestionAnswered,
    SourceBack,
    SourceGone,
    SpeechHeard,
    StockChanged,
    TextFlagged,
    ThresholdSet,
)
from livecue.flow import TICK_MS, RoomInfo, Unit
from livecue.metrics import Readings
from livecue.reference import Place, Threshold
from livecue.sales import SalesPicture
from livecue.shows import ShowsPicture

_SLOT_MS = 5_000
_TURNS_KEPT = 30
_COUNTED = "3"
"""How what is said is counted: 2 counts questions beyond those held one by one, 3 takes off them by name only."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Kept).decode


class Cues:
    """The decider of cues. Rules, expiries and judgements happen on ``ClockTicked`` only; answers at once."""

    name: ClassVar[str] = "cues"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            ClockTicked,
            CommentJudged,
            CueAnswerGiven,
            DutyLeft,
            DutyTaken,
            OpinionMoved,
            OpinionNoticed,
            QuestionAnswered,
            SourceBack,
            SourceGone,
            SpeechHeard,
            StockChanged,
            TextFlagged,
            ThresholdSet,
        }
    )

    def open(self, room: RoomInfo, blob: bytes | None) -> CuesState:
        """The empty state, or the one of the snapshot; raises ``BadInput`` on a damaged blob."""
        if blob is None:
            return opened(room, Kept())
        try:
            return opened(room, _decode(blob))
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise BadInput(f"snapshot of cues of room {room.room} is damaged: {error}") from error

    def dump(self, state: CuesState) -> bytes:
        """The state as MessagePack."""
        return _encode(state.kept)

    def rules(self, room: RoomInfo) -> str:
        """The shipped presets; a person's settings are events."""
        return f"{PRESETS_VERSION}.{_COUNTED}"

    def picture(self, state: CuesState, now: int) -> CuesPicture:
        """Open cues, the last ended ones, and which rules cannot tell."""
        return picture_of(state)

    def decide(self, state: CuesState, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> CuesState:
        """Fold what was said and answered; on a tick run the rules."""
        turn = Turn(state, unit)
        ticked = False
        said: list[CommentJudged | TextFlagged | QuestionAnswered] = []
        crises: list[OpinionNoticed | OpinionMoved] = []
        for event in events:
            if isinstance(event, ClockTicked):
                ticked = True
            elif isinstance(event, CommentJudged | TextFlagged | QuestionAnswered):
                said.append(event)
            elif isinstance(event, OpinionNoticed | OpinionMoved):
                crises.append(event)
            elif isinstance(event, StockChanged):
                turn.set(stock_moved=True)
            elif isinstance(event, SpeechHeard | SourceGone | SourceBack):
                _watch_speech(turn, event)
            elif isinstance(event, DutyTaken):
                _take_duty(turn, event)
            elif isinstance(event, DutyLeft):
                left = (event.person, event.role)
                turn.set(duty=tuple(item for item in turn.kept.duty if (item.person, item.role) != left))
            elif isinstance(event, CueAnswerGiven):
                _answer(turn, event)
            elif isinstance(event, ThresholdSet):
                _set_threshold(turn, event)
        if crises:
            turn.set(heard=heard_more(turn.kept.heard, crises, turn.now), news=True)
        if said:
            turn.set(heard=heard_more(turn.kept.heard, said, turn.now), news=True)
            if turn.kept.show and (words := words_of(said, turn.now)):
                turn.set(memo=more_words(turn.kept.memo, words))
        if ticked:
            _tick(turn, pictures)
        return turn.end()


def _watch_speech(turn: Turn, event: SpeechHeard | SourceGone | SourceBack) -> None:
    memo, heard = turn.kept.memo, listened(turn.kept.heard, event, turn.now)
    if heard is not turn.kept.heard:
        turn.set(heard=heard)
    if isinstance(event, SpeechHeard) and not memo.spoken:
        turn.set(memo=msgspec.structs.replace(memo, spoken=True))


def _take_duty(turn: Turn, event: DutyTaken) -> None:
    # Whoever came last is asked first.
    others = tuple(d for d in turn.kept.duty if (d.person, d.role) != (event.person, event.role))
    turn.set(duty=(Duty(event.person, event.role, event.name), *others))


def _answer(turn: Turn, event: CueAnswerGiven) -> None:
    refusal = _why_not(turn, event)
    if refusal:
        code, why = refusal
        turn.unit.announce(CommandRefused(command=event.command, code=code, why=why))
        return
    turn.unit.announce(CommandApplied(command=event.command))
    cue = turn.cue(event.cue)
    assert cue is not None
    if cue.state == "delivered" or cue.state == "raised":
        # Who answers has seen it.
        cue = turn.see(cue, event.by)
    if event.answer == "done":
        turn.do(cue, event.by)
    elif event.answer == "dismissed":
        turn.dismiss(cue, event.by, event.reason.strip())


def _why_not(turn: Turn, event: CueAnswerGiven) -> tuple[str, str] | None:
    cue = turn.cue(event.cue)
    if cue is None:
        return "not_found", f"there is no cue {event.cue!r} that can still be answered in this room"
    if event.answer not in ANSWERS:
        return "bad_input", f"answer {event.answer!r} is unknown; it must be one of {', '.join(ANSWERS)}"
    if event.answer == "dismissed" and not event.reason.strip():
        return "bad_input", "say why: a dismissed cue needs a reason"
    if not cue.open:
        return "conflict", f"this cue is {cue.state} already"
    return None


def _set_threshold(turn: Turn, event: ThresholdSet) -> None:
    item = Threshold(
        rule=event.rule,
        values=tuple(sorted(event.values.items())),
        preset=event.preset,
        category=event.category,
        off=event.off,
        valid_from=event.valid_from or turn.now,
        scope=event.scope,  # type: ignore[arg-type]  # checked below
        platform=event.platform,
        reset=event.reset,
        undoes=event.undoes,
        command=event.command,
    )
    room = turn.room
    if item.undoes and not any(known.command == item.undoes for known in turn.kept.thresholds):
        why = "this setting is not known here; reload the page"
        turn.unit.announce(CommandRefused(command=event.command, code="not_found", why=why))
        return
    try:
        checked_threshold(item, Place(platform=room.platform, category=room.category, currency=room.currency))
    except BadInput as error:
        turn.unit.announce(CommandRefused(command=event.command, code=error.code, why=str(error)))
        return
    # Settings between two ticks have one moment: a millisecond apart, the rows keep their order.
    together = sum(turn.now <= known.valid_from < turn.now + TICK_MS for known in turn.kept.thresholds)
    turn.set(thresholds=(*turn.kept.thresholds, item))
    turn.renew_rules()
    turn.unit.announce(CommandApplied(command=event.command))
    turn.unit.write(
        THRESHOLD_SAVED,
        (
            room.org,
            room.brand,
            room.room,
            event.command or f"{turn.unit.number}:{len(turn.kept.thresholds)}",
            item.rule,
            item.category,
            item.preset,
            msgspec.json.encode(dict(item.values)).decode(),
            int(item.off),
            item.valid_from,
            turn.now + together,
            event.by,
            item.scope,
            item.platform,
            int(item.reset),
            item.undoes,
        ),
    )


def _tick(turn: Turn, pictures: Mapping[str, Any]) -> None:
    if turn.now >= turn.rules.until:
        turn.renew_rules()
    shows: ShowsPicture = pictures["shows"]
    sales: SalesPicture = pictures["sales"]
    readings: Readings = pictures["metrics"]
    kept = turn.kept
    active = shows.status == "on_air" or (shows.stream == "live" and shows.status in ("none", "planned"))
    show = shows.show if shows.status == "on_air" else ""
    scene = Scene(now=turn.now, readings=readings, shows=shows, sales=sales, heard=kept.heard)
    if kept.active and not (active and show == kept.show):
        close_show(turn, scene)
    if active != kept.active or show != kept.show:
        if not active:
            turn.set(active=False)
            return
        memo = first_memo(turn.kept.heard, turn.kept.memo.spoken) if show else Memo()
        turn.set(active=True, show=show, counts=Counts(), slot=0, memo=memo)
        scene = msgspec.structs.replace(scene, heard=turn.kept.heard)
    elif not active:
        return
    part = (shows.segment_started_at, shows.pinned_at)
    if part != kept.part:
        turn.set(part=part, turns=(*kept.turns, turn.now)[-_TURNS_KEPT:])
    if kept.cues:
        expire_due(turn, scene)
        judge_due(turn, scene)
    _ask_rules(turn, scene)


def _ask_rules(turn: Turn, scene: Scene) -> None:
    kept = turn.kept
    slot = turn.now // _SLOT_MS
    whole = slot > kept.slot
    if whole:
        lately = heard_lately(kept.heard, turn.now)
        turn.set(slot=slot, heard=lately)
        if lately is not kept.heard:
            scene = msgspec.structs.replace(scene, heard=lately)
    paces: set[Pace] = {"tick"}
    if whole or kept.news or kept.held:
        paces.add("words")
    if whole or kept.stock_moved:
        paces.add("stock")
    if whole and scene.shows.stream != "paused":
        paces.add("metric")
    asked: list[tuple[str, Preset, list[Finding]]] = []
    for detector in DETECTORS:
        if detector.pace in paces:
            preset = turn.rules.of(detector.rule, _category(scene, detector.rule, turn))
            if not preset.off:
                asked.append((detector.rule, preset, _ask(detector.detect, scene, preset, turn.room)))
    settle(turn, scene, asked)
    note_suspensions(turn, asked)
    if whole and turn.kept.show:
        _keep_scene(turn, scene)
    if kept.news or kept.stock_moved:
        turn.set(news=False, stock_moved=False)


def _keep_scene(turn: Turn, scene: Scene) -> None:
    # With it any threshold can be tried on this show later.
    room = turn.room
    memo, body = note_scene(turn.kept.memo, scene)
    turn.set(memo=memo)
    turn.unit.write(SCENE_SAVED, (room.org, room.brand, room.room, turn.kept.show, turn.now, body))


def _ask(detect: Any, scene: Scene, preset: Preset, room: RoomInfo) -> list[Finding]:
    if preset.currency and preset.currency != room.currency:
        # A bound in another money says nothing here: a person sets one of their own.
        return [Suspended(rule=preset.rule, metric=preset.metrics[0], why="other_currency")]
    found: list[Finding] = detect(scene, preset)
    return found


def _category(scene: Scene, rule: str, turn: Turn) -> str:
    """Category of the pitched product, for the rules about it."""
    if turn.rules.of(rule).scope != "product":
        return ""
    card = scene.product(scene.pitched())
    return card.category if card else ""
