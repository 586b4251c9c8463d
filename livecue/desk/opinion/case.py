"""A case of public opinion as a state machine: which move is legal where, and what each needs. Pure.

suspected: figures point to it, nobody decided. open: a person set its level. paused: the live stands still (level 4).
after_care: over on air, tasks run. closed and dismissed are ends.
"""

import hashlib

import msgspec

from livecue.desk.opinion.presets import OpinionPreset

MOVES: dict[tuple[str, str], str] = {
    ("", "noticed"): "suspected",
    ("", "decided"): "open",
    ("suspected", "noticed"): "suspected",
    ("suspected", "asked"): "suspected",
    ("suspected", "decided"): "open",
    ("suspected", "dismissed"): "dismissed",
    ("open", "noticed"): "open",
    ("open", "decided"): "open",
    ("open", "step"): "open",
    ("open", "statement"): "open",
    ("open", "approved"): "open",
    ("open", "paused"): "paused",
    ("open", "after_care"): "after_care",
    ("paused", "noticed"): "paused",
    ("paused", "decided"): "paused",
    ("paused", "step"): "paused",
    ("paused", "statement"): "paused",
    ("paused", "approved"): "paused",
    ("paused", "resumed"): "open",
    ("paused", "after_care"): "after_care",
    ("after_care", "noticed"): "after_care",
    ("after_care", "decided"): "open",
    ("after_care", "step"): "after_care",
    ("after_care", "statement"): "after_care",
    ("after_care", "approved"): "after_care",
    ("after_care", "closed"): "closed",
}
"""Every legal move: (state, what) to the next state. Whatever is not here is refused and changes nothing."""
ENDS = frozenset({"closed", "dismissed"})
STATES = ("suspected", "open", "paused", "after_care", "closed", "dismissed")


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """A step that was taken or waived."""

    by: str
    when: int
    note: str = ""
    waived: bool = False


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who set which level, when and why."""

    level: int
    by: str
    when: int
    why: str = ""


class Statement(msgspec.Struct, frozen=True, omit_defaults=True):
    """F30: facts, measures, contact; ``approved`` person to moment. ``digest`` is that of the text."""

    facts: str
    measures: str
    contact: str
    by: str
    when: int
    digest: str
    approved: dict[str, int] = {}


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """Evidence: what was counted and fingerprinted."""

    since: int
    until: int
    comments: int
    digest: str
    first: int = 0
    last: int = 0


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    """One case. ``suggested`` is the level the figures point to, ``level`` the one a person set (0 none)."""

    case: str
    show: str = ""
    state: str = ""
    suggested: int = 0
    level: int = 0
    highest: int = 0
    topic: str = ""
    product: str = ""
    since: int = 0
    people: int = 0
    """People who said it, at most at one time; -1 where viewers are masked."""
    comments: int = 0
    share: float = -1.0
    signs: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    steps: dict[str, Done] = {}
    statement: Statement | None = None
    evidence: Kept | None = None
    paused_at: int = 0
    resumed_at: int = 0
    ended_at: int = 0
    why: str = ""
    asked_at: int = 0
    """When somebody was last asked to decide."""
    asked: tuple[str, ...] = ()
    """Whom the clock told that nobody decides, in order: roles of the levels above."""

    @property
    def ended(self) -> bool:
        """Whether nothing more can be done about it."""
        return self.state in ENDS


def legal(case: Case | None, what: str) -> str | None:
    """The state after the move, None where it is not legal."""
    return MOVES.get((case.state if case is not None else "", what))


def digest_of(facts: str, measures: str, contact: str) -> str:
    """What approvals are bound to."""
    return hashlib.sha256("\x1f".join((facts, measures, contact)).encode()).hexdigest()[:32]


def lacking(case: Case, preset: OpinionPreset, care: bool) -> list[str]:
    """Steps of the highest level the case had that were neither taken nor waived."""
    return [step.id for step in preset.steps(case.highest, care) if step.id not in case.steps]


def approved(statement: Statement | None, wanted: int) -> bool:
    """Whether enough persons other than its writer agreed to this very text."""
    return statement is not None and len(statement.approved.keys() - {statement.by}) >= wanted
