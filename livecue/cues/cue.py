"""A cue and its life: raised, delivered, seen, then done, dismissed or expired (exactly one of them), then judged."""

from typing import Literal, TypeAlias

import msgspec

from livecue.cues.scene import Facts

State: TypeAlias = Literal["raised", "delivered", "seen", "done", "dismissed", "expired"]

OPEN: frozenset[State] = frozenset({"raised", "delivered", "seen"})
ANSWERS = ("seen", "done", "dismissed")


class Cue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One cue. Times are room ms, 0 is not (yet)."""

    cue: str
    rule: str
    role: str
    person: str
    subject: str
    priority: int
    interrupting: bool
    facts: Facts
    show: str
    raised_at: int
    expires_at: int
    judge_at: int
    judge: Literal["series", "act", "none"]
    judge_s: int
    state: State = "raised"
    metric: str = ""
    over: str = ""
    """The metric whose heads the judged one is divided by; "" is none."""
    mark: int = 0
    """Newest happening that went into it."""
    step: int = 0
    """How often it was escalated before."""
    escalated_from: str = ""
    escalated_to: str = ""
    channel: str = ""
    delivered_at: int = 0
    seen_at: int = 0
    ended_at: int = 0
    answered_by: str = ""
    reason: str = ""
    merged: int = 0
    verdict: str = ""
    judged_at: int = 0
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    after: float | None = None
    expected: float | None = None
    method: str = ""
    why: str = ""

    @property
    def open(self) -> bool:
        """Somebody may still answer it."""
        return self.state in OPEN

    @property
    def holder(self) -> str:
        """Whose attention it takes: the person, or the role's shared screen when nobody is on duty."""
        return self.person or f"role:{self.role}"


def judge_moment(since: int, judge_s: int) -> int:
    """When a cue acted on at ``since`` can be judged: its window begins with the next full minute."""
    # The figures of a minute are there at the 5 s boundary after it.
    return -(-since // 60_000) * 60_000 + judge_s * 1000 + 5_000


def delivered(cue: Cue, channel: str, now: int) -> Cue:
    """It stands on the person's screen."""
    return msgspec.structs.replace(cue, state="delivered", channel=channel, delivered_at=now)


def seen(cue: Cue, by: str, now: int) -> Cue:
    """The person saw it."""
    return msgspec.structs.replace(cue, state="seen", seen_at=now, answered_by=by)


def merged(cue: Cue, facts: Facts, mark: int) -> Cue:
    """A twin went into it: the newest figures count."""
    return msgspec.structs.replace(cue, facts={**cue.facts, **facts}, merged=cue.merged + 1, mark=max(mark, cue.mark))


def done(cue: Cue, by: str, now: int) -> Cue:
    """The person did it: the window of its effect begins here."""
    return msgspec.structs.replace(
        cue,
        state="done",
        seen_at=cue.seen_at or now,
        ended_at=now,
        answered_by=by,
        judge_at=judge_moment(now, cue.judge_s),
    )


def dismissed(cue: Cue, by: str, reason: str, now: int) -> Cue:
    """The person decided against it."""
    return msgspec.structs.replace(
        cue, state="dismissed", seen_at=cue.seen_at or now, ended_at=now, answered_by=by, reason=reason
    )


def expired(cue: Cue, why: str, escalated_to: str, now: int) -> Cue:
    """Nobody answered in time, or there is nothing left to answer."""
    return msgspec.structs.replace(cue, state="expired", ended_at=now, reason=why, escalated_to=escalated_to)
