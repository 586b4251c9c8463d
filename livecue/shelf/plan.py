"""The timed plan: when a step is due by the rundown, and what becomes of it. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

from livecue.events import ShelfPlanSet, ShelfStep
from livecue.shelf.check import LIVE_ACTIONS
from livecue.shows import SegmentState, ShowsPicture

MOST_STEPS = 200
OPEN = ("waiting", "held")
"""States in which a step may still be taken."""


class PlannedStep(msgspec.Struct, frozen=True):
    """A step as it stands: waiting, held (a person says whether), done, missed or skipped, with the reason."""

    step: ShelfStep
    state: str = "waiting"
    why: str = ""
    action: str = ""
    """Id of the outbox action it became."""


def due_of(step: ShelfStep, segment: SegmentState | None) -> int | None:
    """Room ms at which the step is due; None as long as its segment has not begun."""
    if segment is None or not segment.started_at:
        return None
    return segment.started_at + 1000 * step.offset_s


def fate(item: PlannedStep, shows: ShowsPicture, now: int, late_s: int) -> tuple[str, str]:
    """(wait, take, held or missed; the reason). A step goes with its segment, wherever that was moved.

    Held is what lost its segment: it ended or left the rundown before the step was due. A person decides then.
    """
    segment = next((one for one in shows.segments if one.segment == item.step.segment), None)
    if segment is None:
        return "held", "no_segment"
    due = due_of(item.step, segment)
    if due is None:
        return "wait", ""
    over = segment.segment != shows.segment and segment.ended_at > 0
    if over and segment.ended_at < due:
        return "held", "segment_over"
    if now < due:
        return "wait", ""
    return ("missed", "late") if now > due + 1000 * late_s else ("take", "")


def problem_of(event: ShelfPlanSet, segments: Iterable[str], version: int) -> tuple[str, str] | None:
    """What is wrong with a plan over these segments, whose plan stands at ``version``; (code, why)."""
    if event.version and event.version != version + 1:
        return "changed_meanwhile", f"somebody else changed the timed plan (version {version}); look at it and repeat"
    if len(event.steps) > MOST_STEPS:
        return "plan_long", f"at most {MOST_STEPS} steps in one plan"
    known = frozenset(segments)
    ids = [step.step for step in event.steps]
    if len(set(ids)) < len(ids) or not all(ids):
        return "twice", "each step needs an id of its own"
    for step in event.steps:
        if step.segment not in known:
            return "no_segment", "the rundown has no such segment; reload it"
        if not 0 <= step.offset_s <= 24 * 3600:
            return "bad_time", "a step comes 0 seconds to 24 hours after its segment began"
        if not isinstance(step.action, LIVE_ACTIONS):
            return "bad_action", "only actions on shelf, price, stock, offers and draws can be planned"
    return None


def renewed(old: Sequence[PlannedStep], steps: Sequence[ShelfStep]) -> tuple[PlannedStep, ...]:
    """The new plan; what was taken, missed or skipped stays as it was and is never taken twice."""
    past = {item.step.step: item for item in old if item.state not in OPEN}
    kept = tuple(past.get(step.step, PlannedStep(step)) for step in steps)
    named = {step.step for step in steps}
    # What was done does not vanish from the record because somebody took its line away.
    return tuple(item for item in past.values() if item.step.step not in named) + kept
