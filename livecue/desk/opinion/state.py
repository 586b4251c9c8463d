"""What is remembered of public opinion in a room, and the picture it gives."""

import msgspec

from livecue.desk.opinion.case import ENDS, Case, approved, lacking
from livecue.desk.opinion.presets import OpinionPreset
from livecue.desk.opinion.signs import Heard, Signs
from livecue.flow import RoomInfo

MOST_COMPLAINTS = 600
MOST_CASES = 20


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that outlives the process. ``sum`` is the fingerprint of the show's comments so far, as hex."""

    show: str = ""
    started_at: int = 0
    first_batch: int = 0
    said: int = 0
    sum: str = ""
    complaints: tuple[Heard, ...] = ()
    counts: dict[int, int] = {}
    slot: int = 0
    cases: dict[str, Case] = {}
    stage: str = "startup"


class OpinionState(msgspec.Struct, frozen=True):
    """The room and what is kept of it."""

    room: RoomInfo
    kept: State


class StepView(msgspec.Struct, frozen=True):
    """A step for the screens: ``state`` open, done or waived."""

    step: str
    role: str
    zh: str
    en: str
    care: bool
    state: str
    by: str = ""
    when: int = 0
    note: str = ""


class CaseView(msgspec.Struct, frozen=True):
    """An open case for the screens."""

    case: Case
    who: tuple[str, ...]
    """Roles that decide the level in question."""
    steps: list[StepView]
    approvals: int
    """How many persons besides its writer must approve the statement."""
    approved: bool
    lacking: list[str]
    """What stands against after-care, or (in after-care) against closing."""


class OpinionPicture(msgspec.Struct, frozen=True):
    """Open cases, the newest last; what the figures say now."""

    cases: list[CaseView]
    level: int
    share: float
    """Claims among the comments of five minutes; -1 unknown."""


def view_of(case: Case, preset: OpinionPreset, stage: str) -> CaseView:
    """A case with what it asks for."""
    level = case.level or case.suggested
    wanted = preset.approvals.get(stage, 2)
    steps = []
    for step in preset.step:
        if step.first > max(level, case.highest):
            continue
        done = case.steps.get(step.id)
        state = "open" if done is None else "waived" if done.waived else "done"
        steps.append(
            StepView(
                step.id, step.role, step.zh, step.en, step.care, state, done.by if done else "",
                done.when if done else 0, done.note if done else "",
            )
        )  # fmt: skip
    return CaseView(
        case,
        preset.who.get(str(level), ()),
        steps,
        wanted,
        approved(case.statement, wanted),
        lacking(case, preset, case.state == "after_care"),
    )


def picture_of(kept: State, signs: Signs, preset: OpinionPreset) -> OpinionPicture:
    """What the screens show."""
    return OpinionPicture(
        [view_of(case, preset, kept.stage) for case in kept.cases.values() if case.state not in ENDS],
        signs.level,
        signs.share,
    )
