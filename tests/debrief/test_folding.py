"""The same debrief however the stream was cut, over restarts, and whatever comes late."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from livecue import events as ev
from livecue.debrief import DAYS_AFTER, Debrief, DebriefBody, DebriefState, readings_of
from livecue.errors import BadInput
from livecue.events import DebriefWritten, Event, ImprovementProposed, ShowEnded, ShowStarted
from livecue.flow import Unit
from tests.debrief.show import ROOM, SHOW, House, Step, at, cue, cut, played, ticked, value


def rows(house: House) -> list[Any]:
    """Everything a debrief leaves behind."""
    return [
        house.reader.rows("SELECT * FROM debriefs ORDER BY show"),
        house.reader.rows("SELECT * FROM improvements ORDER BY improvement"),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_cut_anywhere_it_is_the_same(seed: int, ran: tuple[House, list[Event]], tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(*cut(ticked(played(), 930), seed))
    assert rows(house) == rows(ran[0])
    house.close()


def test_a_restart_in_the_middle_changes_nothing(
    ran: tuple[House, list[Event]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = House(tmp_path / "house.db")
    batches = cut(ticked(played(), 930), 9)
    dice = random.Random(3)
    stops = sorted(dice.sample(range(1, len(batches)), 4))
    for start, end in zip([0, *stops], [*stops, len(batches)], strict=True):
        house.feed(*batches[start:end])
        house.pump.stop()
        # Without a snapshot the room is folded again from its journal, with one it goes on from there.
        if end % 2:
            house.forget_snapshots()
        house.open()
    assert rows(house) == rows(ran[0])
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]
    house.close()


def test_what_it_owes_it_writes_later_the_same(ran: tuple[House, list[Event]], tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    batches = cut(ticked(played(), 930), 5)
    house.feed(*batches[:3])
    house.broken = True
    house.feed(*batches[3:])
    assert house.reader.rows("SELECT decider FROM owed") == [("debrief",)]
    assert house.reader.rows("SELECT COUNT(*) FROM debriefs") == [(0,)]
    house.broken = False
    house.clock.advance(600_000)
    house.feed(ticked([], 935, since=935))
    assert house.reader.rows("SELECT decider FROM owed") == []
    assert rows(house)[0] == rows(ran[0])[0]
    house.feed(ticked([], 940, since=940))
    kept = "SELECT improvement, title, role, person, state FROM improvements ORDER BY improvement"
    assert house.reader.rows(kept) == ran[0].reader.rows(kept) != []
    house.close()


def test_a_damaged_snapshot_is_refused() -> None:
    with pytest.raises(BadInput, match="r1"):
        Debrief().open(ROOM, b"\x00nonsense")


def test_it_is_not_written_before_the_grace_is_over(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    said = house.feed(ticked(played(), 904))
    assert not [event for event in said if isinstance(event, DebriefWritten)]
    assert house.reader.rows("SELECT COUNT(*) FROM debriefs") == [(0,)]
    late = ev.OrderPaid(order="tea-late", amount=3000, user="u51", via="feed")
    house.feed([msgspec.structs.replace(late, key="late")], ticked([], 930, since=905))
    assert house.debrief().measured_at == at(905)
    house.close()


def test_a_cue_judged_later_revises_it_and_takes_nothing_back(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    open_cues = [step for n in range(3) for step in cue(f"late{n}", "R013", "host", 600 + n, "done", "", None)[:2]]
    house.feed(ticked(played() + open_cues, 930))
    before = house.debrief()
    line = next(line for line in before.cue_rules if line.rule == "R013")
    assert (line.followed, line.verdicts) == (3, {"open": 3})
    judged: list[Step] = [
        (1200.0, ev.CueJudged(cue=f"late{n}", rule="R013", verdict="no_effect", effect=0.0, low=-0.1, high=0.1))
        for n in range(3)
    ]
    said = house.feed(ticked(judged, 1300, since=935))
    after = house.debrief()
    line = next(line for line in after.cue_rules if line.rule == "R013")
    assert line.verdicts == {"no_effect": 3} and line.effect == 0.0
    assert (after.written_at, after.measured_at) == (before.written_at, before.measured_at)
    assert after.revised_at == at(1205)
    assert readings_of(after) == readings_of(before)
    added = after.improvements[len(before.improvements) :]
    assert after.improvements[: len(before.improvements)] == before.improvements
    assert [(item.code, item.rule) for item in added] == [("cue_no_effect", "R013")]
    assert [event.improvement for event in said if isinstance(event, ImprovementProposed)] == [added[0].improvement]
    assert not [event for event in said if isinstance(event, DebriefWritten)]
    house.close()


def test_refunds_of_the_days_after_move_the_net_alone(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(ticked(played(), 930))
    refund = ev.OrderRefunded(order="basket-0", amount=5000, refund="re-2", shipped=True)
    house.feed(ticked([(5000.0, refund)], 5200, since=4000))
    body = house.debrief()
    assert value(body.net, "M42") == 120_850 - 5000
    assert body.net_at > at(5000) and value(body.money, "M41") == 121_840
    house.close()


def test_the_next_show_may_start_at_once(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(ticked(played(), 900.25))
    follow: list[Step] = [
        (902.0, ShowStarted(command="start-2", show="show-2", title="加场")),
        (980.0, ShowEnded(command="end-2", show="show-2")),
    ]
    house.feed(ticked(follow, 1000, since=901))
    first, second = house.debrief(), house.debrief("show-2")
    # The figures of the first tick after the end stand: at the grace the board is the next show's.
    assert (first.measured_at, value(first.money, "M41")) == (at(900.25), 121_840)
    assert (second.title, second.segments, second.goals, second.starts_at) == ("加场", [], [], 0)
    assert value(second.money, "M41") == 0
    assert not second.cues and not second.incidents
    house.close()


def test_a_show_that_follows_within_one_tick_leaves_figures_unknown(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(ticked(played()[:-1], 890))
    house.feed(
        [
            ShowEnded(key="e1", command="e1", show=SHOW),
            ShowStarted(key="e2", command="e2", show="show-2", title="加场"),
        ]
    )
    house.feed(ticked([], 900, since=890.25))
    first = house.debrief()
    # But for those that the rows of its orders tell.
    night = [reading for reading in readings_of(first) if reading.metric not in DAYS_AFTER]
    assert {reading.why for reading in night} == {"next_show"}
    assert first.cue_sums.given == 10 and first.questions[0].count == 8
    house.close()


def test_an_empty_show_and_one_without_a_plan(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    empty: list[Step] = [(0, ShowStarted(command="s", show="empty")), (60, ShowEnded(command="e", show="empty"))]
    house.feed(ticked(empty, 90))
    body = house.debrief("empty")
    assert (body.segments, body.products, body.sources, body.goals, body.improvements) == ([], [], [], [], [])
    assert {reading.why for reading in body.money} <= {"no_source", "zero_denominator", ""}
    assert all(reading.value is None for reading in body.money if reading.metric != "M09")
    house.close()

    house = House(tmp_path / "unplanned.db")
    house.feed(ticked(played(planned=False), 930))
    body = house.debrief()
    assert (body.starts_at, body.segments, body.hosts) == (0, [], [])
    assert value(body.money, "M41") == 121_840
    assert {(line.product, line.planned) for line in body.products} == {
        ("basket", False),
        ("soap", False),
        ("tea", False),
    }
    house.close()


def test_masked_people_make_people_unknown(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(ticked(played(masked=True), 930))
    body = house.debrief()
    whys = {reading.metric: reading.why for reading in readings_of(body) if reading.scope == "room"}
    for metric in ("M02", "M04", "M10", "M26", "M31", "M33", "M35", "M41.buyers", "M45", "M46"):
        assert whys[metric] == "masked_users", metric
    assert (value(body.traffic, "M03"), value(body.money, "M41"), value(body.money, "M44")) == (400, 121_840, 304_600)
    goal = next(line for line in body.goals if line.metric == "M04")
    assert (goal.attained, goal.actual.why) == (None, "masked_users")
    assert "goal_missed:M04" not in {f"{item.code}:{item.subject}" for item in body.problems}
    house.close()


class Forgetful(Debrief):
    """Goes through its snapshot before every decision."""

    def decide(
        self, state: DebriefState, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit
    ) -> DebriefState:
        return super().decide(self.open(ROOM, self.dump(state)), events, pictures, unit)


def test_old_state_and_events_are_a_fresh_state(ran: tuple[House, list[Event]], tmp_path: Path) -> None:
    house = House(tmp_path / "house.db", Forgetful())
    house.feed(ticked(played(), 930))
    assert rows(house) == rows(ran[0])
    house.close()


def test_those_who_are_not_asked_cannot_be_told(body: DebriefBody) -> None:
    """A report names no viewer: neither ids nor numbers of people are in it."""
    text = msgspec.json.encode(body).decode()
    assert "13812345678" not in text and '"u300"' not in text
