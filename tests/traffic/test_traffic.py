"""The traffic emergency: what the figures say, and legal moves in any order and any repeats."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecue.events import (
    CommandApplied,
    CommandRefused,
    Event,
    TaskAdded,
    TaskClosed,
    TrafficMoved,
    TrafficPlanSet,
    TrafficReported,
    TrafficStepAsked,
    TrafficVerified,
    ViewerEntered,
    WakeGroup,
)
from livecue.integrations.simulator import Simulation, TrafficDrop, plain_show
from livecue.metrics import Reading, StaticReadings
from livecue.shows import Shows
from livecue.traffic import (
    ENDS,
    MOVES,
    RELAPSED,
    STATES,
    STEP_MOVES,
    TRAFFIC_PRESETS,
    Traffic,
    list_emergencies,
    list_reports,
    look,
    paid_advice,
    steps_for,
)
from tests.folding import ROOM, TestUnit

PRESET = TRAFFIC_PRESETS[-1]
GROUP = WakeGroup(group="vip", title="老客", people=300, consent=True, text="今晚直播，回复T退订")
HOUR = 3_600_000
START = 1_790_000_000_000


def test_the_table_of_moves_is_whole() -> None:
    assert {state for state, _ in MOVES} | set(MOVES.values()) == {*STATES, ""}
    assert not [move for move in MOVES if move[0] in ENDS]
    reachable = {""}
    for _ in STATES:
        reachable |= {to for (state, _), to in MOVES.items() if state in reachable}
    assert reachable == {*STATES, ""}


@pytest.mark.parametrize(
    ("minutes", "slots", "broken", "share", "why"),
    [
        ([20.0] * 15 + [10.0] * 5, {}, "", 0.5, ""),
        ([20.0] * 15 + [17.0] * 5, {}, "", 0.85, ""),
        ([20.0] * 15 + [10.0] * 5, {5: 50.0}, "", 1.0, ""),
        ([20.0] * 15 + [10.0] * 5, {5: 29.0}, "", 0.5, ""),
        ([1.0] * 20, {}, "", -1.0, "small_sample"),
        ([20.0] * 4, {}, "", -1.0, "too_early"),
        ([20.0] * 19 + [None], {}, "", -1.0, "stale"),
        ([20.0] * 15 + [0.0] * 5, {}, "feed_gone", -1.0, "feed_gone"),
    ],
)  # fmt: skip
def test_the_figures_against_the_baseline(
    minutes: list[float | None], slots: dict[int, float], broken: str, share: float, why: str
) -> None:
    seen = look(minutes, 30 * 60_000, slots, broken, PRESET)
    assert (round(seen.share, 4), seen.why) == (share, why)
    assert look(minutes, 5 * 60_000, slots, broken, PRESET).why in ("too_early", broken)


def test_steps_keep_to_the_rules() -> None:
    groups = (
        GROUP, WakeGroup(group="a", text="来", consent=True), WakeGroup(group="b", text="来 回复T退订"),
    )  # fmt: skip
    made = {
        step.id: step
        for step in steps_for("douyin", groups, ("douyin", "kuaishou", "tiktok"), {"vip": 1}, "raise", 2, PRESET)
    }
    assert "divert:douyin" not in made, "one is there already"
    assert (made["divert:kuaishou"].bar, made["divert:tiktok"].bar) == ("", "simulcast")
    assert [made[f"wake:{name}"].bar for name in ("vip", "a", "b")] == ["too_often", "no_way_out", "no_consent"]
    there = {step.id: step for step in steps_for("tiktok", (), ("douyin",), {}, "hold", 2, PRESET)}
    assert (there["divert:douyin"].bar, there["paid"].bar) == ("simulcast", "paid_hold")


def test_a_figure_nobody_knows_advises_nothing() -> None:
    assert paid_advice(None, 2.0, 100, PRESET) == "unknown"
    assert paid_advice(9.0, 0.0, 100, PRESET) == "unknown"
    assert paid_advice(9.0, 2.0, 0, PRESET) == "no_budget"
    assert paid_advice(2.1, 2.0, 100, PRESET) == "hold"
    assert paid_advice(2.2, 2.0, 100, PRESET) == "raise"


class Room:
    """The decider over an in-memory database; ``pour`` lets minutes pass with so many entries each."""

    def __init__(self, path: Path) -> None:
        self.unit = TestUnit(path)
        self.decider, self.count = Traffic(), 0
        self.state: Any = self.decider.open(ROOM, None)
        self.unit.now = self.unit.now // 60_000 * 60_000
        empty = Shows(ROOM, None).picture(1)
        self.shows = msgspec.structs.replace(empty, show="s", status="on_air", started_at=self.unit.now)
        self.minutes: list[float | None] = []
        self.roi: float | None = 5.0

    def tell(self, *events: Event) -> list[Event]:
        before = len(self.unit.announced)
        self.unit.number += 1
        readings = StaticReadings(
            [Reading(metric="M52", window="15m", value=self.roi)] if self.roi is not None else [], {"M03": self.minutes}
        )
        pictures = {"shows": self.shows, "metrics": readings}
        self.state = self.decider.decide(self.state, events, pictures, self.unit)
        self.state = self.decider.open(ROOM, self.decider.dump(self.state))
        return self.unit.announced[before:]

    def pour(self, *entries: float | None) -> None:
        for one in entries:
            self.minutes.append(one)
            self.tell(self.unit.tick(60_000))

    def ask(self, event: Any, by: str = "ops") -> str:
        self.count += 1
        said = self.tell(msgspec.structs.replace(event, command=f"k{self.count}", by=by))
        refused = [item.code for item in said if isinstance(item, CommandRefused)]
        assert len(refused) + sum(isinstance(item, CommandApplied) for item in said) == 1
        return refused[0] if refused else ""

    def end(self) -> None:
        self.shows = msgspec.structs.replace(self.shows, status="ended")
        self.tell(self.unit.tick())

    @property
    def emergency(self) -> Any:
        return self.state.kept.emergencies[-1]

    def said(self, kind: type[Any]) -> Sequence[Any]:
        return self.unit.said(kind)


def test_from_the_first_sign_to_the_report(tmp_path: Path) -> None:
    room = Room(tmp_path / "a.db")
    assert room.ask(TrafficPlanSet(groups=(GROUP, GROUP))) == "groups_twice"
    assert room.ask(TrafficPlanSet(places=("moon",))) == "unknown_place"
    assert room.ask(TrafficPlanSet(groups=(GROUP,), places=("kuaishou",), extra_budget=50_000, break_even=2.0)) == ""
    room.pour(*[20.0] * 22)
    assert room.state.kept.emergencies == ()
    room.pour(*[5.0] * 3)
    first = room.emergency
    assert (first.state, first.base) == ("warned", "this_show")
    name = first.emergency
    assert room.ask(TrafficStepAsked(emergency=name, step="interact", move="begin")) == "verify_first"
    assert room.ask(TrafficVerified(emergency=name, cause="mood")) == "no_cause"
    assert room.ask(TrafficVerified(emergency=name, cause="push", note="推荐流少了")) == ""
    assert room.ask(TrafficStepAsked(emergency=name, step="divert:kuaishou", move="begin")) == ""
    assert room.ask(TrafficStepAsked(emergency=name, step="divert:kuaishou", move="begin")) == "not_now", "once"
    assert room.ask(TrafficStepAsked(emergency=name, step="wake:vip", move="begin")) == ""
    assert not [task for task in room.said(TaskAdded) if "老客" in task.title], "nobody is written to before two agreed"
    assert room.ask(TrafficStepAsked(emergency=name, step="wake:vip", move="confirm")) == "second_person"
    assert room.ask(TrafficStepAsked(emergency=name, step="wake:vip", move="confirm"), by="lead") == ""
    (task,) = [task for task in room.said(TaskAdded) if "老客" in task.title]
    room.tell(TaskClosed(task=task.task, by="ops"))
    assert {step.id: step.state for step in room.emergency.steps}["wake:vip"] == "done"
    room.pour(*[20.0] * 12)
    assert room.emergency.state == "recovered"
    assert room.emergency.lowest < 0.85
    room.end()
    (report,) = room.said(TrafficReported)
    assert report.swing == -9.0 and report.base == "this_show", "without like shows the swing is unknown"
    told = [item.what for item in room.said(TrafficMoved)]
    assert told[0] == "noticed" and told[-1] == "held" and "step" in told
    assert [row.emergencies for row in list_reports(room.unit, ROOM.room)] == [1]  # type: ignore[arg-type]
    assert [row.state for row in list_emergencies(room.unit, ROOM.room)] == ["recovered"]  # type: ignore[arg-type]
    kept = list_emergencies(room.unit, ROOM.room)[0].moves  # type: ignore[arg-type]
    assert [move.what for move in kept if move.what != "task"] == told, "the page tells the same course"
    assert [move.when for move in kept] == sorted(move.when for move in kept)
    woken = [(move.move, move.by) for move in kept if move.step == "wake:vip"]
    assert woken == [("begin", "ops"), ("confirm", "lead"), ("done", "ops")]


def test_nothing_is_begun_before_the_cause_is_named_also_after_a_rise_and_a_relapse(tmp_path: Path) -> None:
    room = Room(tmp_path / "a.db")
    room.pour(*[20.0] * 22, *[4.0] * 3)
    name = room.emergency.emergency
    begin = TrafficStepAsked(emergency=name, step="interact", move="begin")
    while room.emergency.state == "warned":
        room.pour(20.0)
    assert room.emergency.state == "recovering"
    assert room.ask(begin) == "verify_first"
    while room.emergency.state == "recovering":
        room.pour(2.0)
    assert room.emergency.state == "warned", "nobody has looked at it yet"
    assert room.ask(begin) == "verify_first"
    assert room.ask(TrafficVerified(emergency=name, cause="push")) == ""
    while room.emergency.state == "verified":
        room.pour(20.0)
    while room.emergency.state == "recovering":
        room.pour(1.0)
    assert room.emergency.state == "verified", "no step was begun"
    assert room.ask(begin) == "" and room.emergency.state == "acting"
    assert [move.what for move in room.emergency.moves].count("fallen") == 2


def test_like_shows_give_the_baseline_and_the_swing(tmp_path: Path) -> None:
    room = Room(tmp_path / "a.db")
    began = room.unit.now
    for number in range(3):
        past = began - (number + 1) * 24 * HOUR
        room.unit.write(
            "INSERT INTO metered_shows (org, brand, room, show, title, began_at, ended_at, currency)"
            " VALUES (?,?,?,?,?,?,?,?)",
            ("o", "b", "r1", f"p{number}", "", past, past + HOUR, "CNY"),
        )
        for minute in range(40):
            room.unit.write(
                "INSERT INTO minute_readings (org, brand, room, show, minute, metric, scope, value, sample)"
                " VALUES (?,?,?,?,?,?,?,?,?)",
                ("o", "b", "r1", f"p{number}", past + minute * 60_000, "M03", "room", 20.0, 20),
            )
    room.pour(*[20.0] * 20)
    assert room.state.kept.look.base == "like_shows" and room.state.kept.shows == 3
    room.pour(*[16.0] * 6)
    assert room.emergency.base == "like_shows", "a slow fall is seen against like shows, not against itself"
    room.end()
    (report,) = room.said(TrafficReported)
    assert -0.15 < report.swing < 0 and report.within and report.emergencies == 1
    assert room.emergency.state == "ended"


def test_a_gone_feed_is_no_fall(tmp_path: Path) -> None:
    room = Room(tmp_path / "a.db")
    room.pour(*[20.0] * 20)
    room.shows = msgspec.structs.replace(room.shows, feeds={"interaction": "gone"})
    room.pour(*[0.0] * 6)
    assert room.state.kept.emergencies == () and room.state.kept.look.why == "feed_gone"


def test_a_bend_under_the_line_for_one_minute_is_none(tmp_path: Path) -> None:
    room = Room(tmp_path / "a.db")
    room.pour(*[20.0] * 20, 3.0, 37.0, *[20.0] * 6)
    assert room.state.kept.emergencies == ()


_acts = st.sampled_from(
    [
        ("pour", 20.0), ("pour", 20.0), ("pour", 4.0), ("pour", 4.0), ("pour", None),
        TrafficVerified(emergency="*", cause="push"), TrafficVerified(emergency="*", real=False, note="x"),
        *(
            TrafficStepAsked(emergency="*", step=step, move=move)
            for step in ("interact", "wake:vip", "divert:kuaishou", "none")
            for move in ("begin", "confirm", "done", "drop", "jump")
        ),
        TrafficStepAsked(emergency="no such", step="interact", move="begin"),
    ]
)  # fmt: skip


@given(st.lists(st.tuples(_acts, st.sampled_from(["a", "b"])), max_size=30))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_repeats_keep_to_the_tables(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[Any, str]]
) -> None:
    room = Room(tmp_path_factory.mktemp("t") / "a.db")
    room.ask(TrafficPlanSet(groups=(GROUP,), places=("kuaishou",), extra_budget=1, break_even=1.0))
    room.pour(*[20.0] * 20, *[4.0] * 3)
    for act, by in acts:
        before = {item.emergency: item for item in room.state.kept.emergencies}
        refused = ""
        if isinstance(act, tuple):
            room.pour(act[1])
        else:
            name = next(iter(before)) if act.emergency == "*" else act.emergency
            refused = room.ask(msgspec.structs.replace(act, emergency=name), by)
        after = {item.emergency: item for item in room.state.kept.emergencies}
        assert sum(item.state not in ENDS for item in after.values()) <= 1
        for name, item in after.items():
            old = before.get(name)
            state = old.state if old else ""
            moves = {(f, t) for (f, _), t in MOVES.items()} | {("recovering", to) for to in RELAPSED}
            assert item.state == state or (state, item.state) in moves
            assert not (refused and old != item), "what is refused changes nothing"
            for was, step in zip(old.steps if old else item.steps, item.steps, strict=True):
                assert was.state == step.state or (was.state, step.state) in {
                    (f, t) for (f, _), t in STEP_MOVES.items()
                }
                assert was.state == step.state or item.verified_by, "nothing is begun before somebody named the cause"
                assert not (step.kind == "wake" and step.state == "doing" and step.by == step.confirmed_by)
    woken = [task for task in room.said(TaskAdded) if "老客" in task.title]
    assert len(woken) <= 1, "a group is woken once"


def test_the_planted_drop_of_the_simulator_is_noticed_and_its_end_too(tmp_path: Path) -> None:
    """A rehearsal's drop: pushed arrivals stop for ten minutes."""
    plain = plain_show(4, START, 3_600)
    fields = {name: getattr(plain, name) for name in plain.__struct_fields__}
    drop = TrafficDrop(at_s=1_080, duration_s=600, factor=0.01)
    simulation = Simulation(type(plain)(**{**fields, "incidents": (drop,)}))
    counts: dict[int, int] = {}
    for event in simulation.step(START + 2_400_000):
        if isinstance(event, ViewerEntered):
            minute = (event.at - START) // 60_000
            counts[minute] = counts.get(minute, 0) + 1
    room = Room(tmp_path / "a.db")
    states: list[str] = []
    for minute in range(40):
        room.pour(float(counts.get(minute, 0)))
        states.append(room.emergency.state if room.state.kept.emergencies else "")
        if states[-1] == "warned":
            room.ask(TrafficVerified(emergency=room.emergency.emergency, cause="push"))
    assert not any(states[:18]), "nothing before it was planted"
    assert any(states[18:25]), "noticed within seven minutes"
    assert len(room.state.kept.emergencies) == 1 and states[-1] == "recovered"
