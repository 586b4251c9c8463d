"""Whatever happens in a room, and however its stream is cut: the promises about cues hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.events import (
    ClockTicked,
    CommentJudged,
    CueAnswerGiven,
    CueDelivered,
    CueDismissed,
    CueDone,
    CueExpired,
    CueJudged,
    CueRaised,
    DutyLeft,
    DutyTaken,
    Event,
    QuestionAnswered,
    StockChanged,
    TextFlagged,
)
from livecue.sales import StockView
from tests.cues.stage import Stage, of_kind

ENDS = (CueDone, CueDismissed, CueExpired)
EXEMPT = {"R033", "R034", "R050", "R065"}
PEOPLE = [("host-1", "host"), ("lin", "host"), ("wu", "floor"), ("wu", "console"), ("ma", "ops"), ("su", "cs")]


@dataclass(frozen=True)
class Moment:
    """What is set and said before some ticks of room time."""

    value: float | None
    stock: int
    left_s: float
    online: tuple[float, ...]
    words: tuple[Event, ...]
    duty: tuple[Event, ...]
    answer: str
    which: int
    ticks: int


words = st.sampled_from(
    [
        TextFlagged(where="speech", subject="s", word="最有效", severity="block", entry="A1"),
        TextFlagged(where="speech", subject="s", word="原价", severity="warn", entry="P"),
        CommentJudged(comment="q", label="question"),
        CommentJudged(comment="c", label="complaint", topic="t"),
        CommentJudged(comment="a", label="abuse"),
        QuestionAnswered(comment="q"),
        StockChanged(sku="p1-a", product="p1", on_hand=0, reserved=0),
    ]
)
people = st.sampled_from(PEOPLE)
duties = st.one_of(
    people.map(lambda pair: DutyTaken(person=pair[0], role=pair[1])),
    people.map(lambda pair: DutyLeft(person=pair[0], role=pair[1])),
)
moments = st.builds(
    Moment,
    value=st.sampled_from([None, 50, 90, 120]),
    stock=st.sampled_from([0, 40, 60, 500]),
    left_s=st.sampled_from([30, 150, 200, 600]),
    online=st.sampled_from([(200.0, 190.0, 180.0, 170.0), (180.0, 190.0, 195.0, 200.0)]),
    words=st.lists(words, max_size=4).map(tuple),
    duty=st.lists(duties, max_size=2).map(tuple),
    answer=st.sampled_from(["", "seen", "done", "done", "dismissed"]),
    which=st.integers(0, 5),
    ticks=st.integers(1, 40),
)


def play(stage: Stage, script: Sequence[Moment], cut: Any = None) -> Stage:
    """Live through the script; ``cut(stage)`` may do something between any two turns."""
    for number, moment in enumerate(script):
        stage.set("M45", moment.value)
        stage.stock = [StockView(sku="p1-a", product="p1", on_hand=moment.stock, reserved=0, known=True)]
        stage.left_s = moment.left_s
        stage.minutes["M06"] = list(moment.online)
        outside: list[Event] = [*moment.duty, *moment.words]
        cues = stage.picture().cues
        if moment.answer and cues:
            cue = cues[moment.which % len(cues)].cue
            outside.append(CueAnswerGiven(cue=cue, answer=moment.answer, reason="忙", command=f"k{number}", by="x"))
        for piece in cut(outside) if cut else ([outside] if outside else []):
            stage.feed(*piece)
        for _ in range(moment.ticks):
            if cut and cut is not None and getattr(cut, "reopens", False):
                stage.reopen()
            stage.run(2.5, 2.5)
    return stage


@given(st.lists(moments, min_size=1, max_size=12))
@settings(max_examples=40)
def test_promises(script: list[Moment]) -> None:
    stage = play(Stage(duty=["host", "floor"]), script)
    stage.status = "ended"
    stage.run(10)
    holding: dict[str, str] = {}
    holder: dict[str, str] = {}
    interrupted: dict[str, int] = {}
    ends: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    for event in stage.unit.announced:
        if isinstance(event, CueRaised):
            who = event.person or f"role:{event.role}"
            if event.interrupting:
                assert who not in holding, f"{who} has two interrupting cues at once"
                holding[who], holder[event.cue] = event.cue, who
                if event.role in ("host", "cohost") and event.rule not in EXEMPT:
                    assert event.when - interrupted.get(who, 0) >= 90_000
                if event.role in ("host", "cohost"):
                    interrupted[who] = event.when
            assert ends[event.cue] == 0
        elif isinstance(event, ENDS):
            ends[event.cue] += 1
            if event.cue in holder:
                holding.pop(holder.pop(event.cue))
        elif isinstance(event, CueJudged):
            assert ends[event.cue] == 1, "judged after its end"
            judged[event.cue] += 1
    raised = [cue.cue for cue in of_kind(stage.unit.announced, CueRaised)]
    assert len(raised) == len(set(raised))
    assert raised == [cue.cue for cue in of_kind(stage.unit.announced, CueDelivered)]
    assert all(ends[cue] == 1 and judged[cue] == 1 for cue in raised), "each has one end and one judgement"
    assert not stage.state.kept.cues and not holding


class Cut:
    """Cuts what is heard between two ticks at fixed places, and goes on from a snapshot before each tick."""

    def __init__(self, seed: int, reopens: bool) -> None:
        self._seed, self.reopens = seed, reopens

    def __call__(self, events: list[Event]) -> list[list[Event]]:
        pieces: list[list[Event]] = [[]]
        for event in events:
            self._seed = (self._seed * 1_103_515_245 + 12_345) % (1 << 31)
            if self._seed & 0x10000 and pieces[-1]:
                pieces.append([])
            pieces[-1].append(event)
        return [piece for piece in pieces if piece]


@given(st.lists(moments, min_size=1, max_size=8), st.lists(st.integers(0, 1 << 30), min_size=2, max_size=2))
@settings(max_examples=25)
def test_cut_and_restarted_anywhere_it_says_the_same_bytes(script: list[Moment], seeds: list[int]) -> None:
    whole = play(Stage(duty=["host", "floor"]), script)
    for seed, reopens in zip(seeds, (False, True), strict=True):
        cut = play(Stage(duty=["host", "floor"]), script, Cut(seed, reopens))
        assert cut.said() == whole.said()
        assert cut.cues.dump(cut.state) == whole.cues.dump(whole.state)


@given(st.lists(moments, min_size=1, max_size=6))
@settings(max_examples=20)
def test_the_state_is_never_changed_in_place(script: list[Moment]) -> None:
    stage = Stage(duty=["host", "floor"])
    states = []

    def keep(events: list[Event]) -> list[list[Event]]:
        states.append((stage.state, stage.cues.dump(stage.state)))
        return [events] if events else []

    play(stage, script, keep)
    assert all(stage.cues.dump(state) == blob for state, blob in states)


def test_a_tick_without_news_gives_the_same_state_back() -> None:
    stage = Stage()
    stage.run(5)
    before = stage.state
    stage.unit.now += 250
    stage.state = stage.cues.decide(stage.state, [ClockTicked(now=stage.now)], stage.pictures(), stage.unit)
    assert stage.state is before
