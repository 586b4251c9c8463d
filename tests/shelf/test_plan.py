"""A step goes with its segment; what lost its segment waits for a person; nothing is taken twice."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from livecue.events import PinProduct, ShelfPlanSet, ShelfStep
from livecue.shelf import PlannedStep, fate
from livecue.shelf.plan import problem_of, renewed
from livecue.shows import SegmentState, Shows, ShowsPicture
from tests.folding import ROOM

BASE = Shows(ROOM, None).picture(1_000)
STEP = ShelfStep(step="1", segment="s1", action=PinProduct(product="p"), offset_s=60)


def segment(name: str, started: int = 0, ended: int = 0) -> SegmentState:
    return SegmentState(name, "pitch", "", "p", "", 0, 0, started, ended, 0, 0, 0, 0, "")


def picture(running: str, *segments: SegmentState) -> ShowsPicture:
    return msgspec.structs.replace(BASE, show="x", status="on_air", segment=running, segments=list(segments))


def test_it_waits_for_its_segment_however_late_that_begins() -> None:
    assert fate(PlannedStep(STEP), picture("s0", segment("s0", 1_000), segment("s1")), 10**9, 120) == ("wait", "")
    running = picture("s1", segment("s1", 5_000_000))
    assert fate(PlannedStep(STEP), running, 5_059_999, 120) == ("wait", "")
    assert fate(PlannedStep(STEP), running, 5_060_000, 120) == ("take", "")
    assert fate(PlannedStep(STEP), running, 5_060_000 + 120_001, 120) == ("missed", "late")


def test_what_lost_its_segment_is_held_for_a_person() -> None:
    left = picture("s2", segment("s1", 1_000, 30_000), segment("s2", 30_000))
    assert fate(PlannedStep(STEP), left, 30_000, 120) == ("held", "segment_over")
    assert fate(PlannedStep(STEP), left, 70_000, 120) == ("held", "segment_over")
    gone = picture("s2", segment("s2", 30_000))
    assert fate(PlannedStep(STEP), gone, 70_000, 120) == ("held", "no_segment")
    # It was due before the segment ended: the tick that finds out comes a moment later.
    just = picture("s2", segment("s1", 1_000, 61_100), segment("s2", 61_100))
    assert fate(PlannedStep(STEP), just, 61_250, 120) == ("take", "")


@given(st.lists(st.sampled_from(["waiting", "held", "done", "missed", "skipped"]), min_size=1, max_size=8), st.data())
def test_a_new_plan_takes_nothing_back_and_nothing_twice(states: list[str], data: st.DataObject) -> None:
    old = [PlannedStep(msgspec.structs.replace(STEP, step=str(place)), state) for place, state in enumerate(states)]
    kept = data.draw(st.lists(st.sampled_from([item.step for item in old]), unique_by=lambda step: step.step))
    new = renewed(old, kept)
    assert len({item.step.step for item in new}) == len(new)
    for item in old:
        if item.state in ("done", "missed", "skipped"):
            assert item in new, "what was decided stays"
    for item in new:
        before = next(one for one in old if one.step.step == item.step.step)
        assert item.state == ("waiting" if before.state in ("waiting", "held") else before.state)


def test_what_is_wrong_with_a_plan_is_said() -> None:
    def plan(*steps: ShelfStep, version: int = 0) -> ShelfPlanSet:
        return ShelfPlanSet(show="x", steps=steps, version=version)

    def code(event: ShelfPlanSet, stands: int = 1) -> str:
        found = problem_of(event, ["s1"], stands)
        return found[0] if found else ""

    assert code(plan(STEP)) == ""
    assert code(plan(STEP, version=2)) == "" and code(plan(STEP, version=1)) == "changed_meanwhile"
    assert code(plan(STEP, STEP)) == "twice"
    assert code(plan(msgspec.structs.replace(STEP, segment="?"))) == "no_segment"
    assert code(plan(msgspec.structs.replace(STEP, offset_s=-1))) == "bad_time"
    assert code(plan(*(msgspec.structs.replace(STEP, step=str(n)) for n in range(201)))) == "plan_long"
