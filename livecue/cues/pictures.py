"""What the screens see of the cues."""

import msgspec

from livecue.cues.cue import Cue
from livecue.cues.presets import Preset
from livecue.cues.scene import Facts
from livecue.cues.state import Counts, CuesState, Kept


class CueView(msgspec.Struct, frozen=True, kw_only=True):
    """A cue as the screens show it; times are room ms, 0 is not (yet).

    ``say_zh`` and ``say_en`` are what the person reads, with {names} of its facts.
    """

    cue: str
    rule: str
    role: str
    person: str
    subject: str
    state: str
    priority: int
    interrupting: bool
    channel: str
    raised_at: int
    delivered_at: int
    seen_at: int
    answered_at: int
    answered_by: str
    expires_at: int
    judge_at: int
    facts: Facts
    say_zh: str
    say_en: str
    reason: str
    verdict: str
    effect: float | None
    low: float | None
    high: float | None
    metric: str
    method: str
    why: str
    merged: int
    escalated_from: str
    escalated_to: str


class SuspendedView(msgspec.Struct, frozen=True):
    """A rule that cannot tell."""

    rule: str
    metric: str
    why: str
    subject: str = ""


class CuesPicture(msgspec.Struct, frozen=True):
    """Open cues by importance, then the others, newest first; rules that cannot tell; counts of the show."""

    cues: list[CueView]
    suspended: list[SuspendedView]
    counts: Counts
    low_stock: float = 0.0
    """Under so many pieces R030 asks for more in this room: the screens draw them as low."""


_MOST = 40


def picture_of(state: CuesState) -> CuesPicture:
    """The picture of the state."""
    kept = state.kept
    rows = [*kept.cues.values(), *kept.judged]
    opened = sorted((cue for cue in rows if cue.open), key=lambda cue: (-cue.priority, cue.raised_at, cue.cue))
    ended = sorted((cue for cue in rows if not cue.open), key=lambda cue: (-cue.ended_at, cue.cue))
    return CuesPicture(
        cues=[_view(cue, state.rules.of(cue.rule)) for cue in [*opened, *ended[:_MOST]]],
        suspended=_suspended(kept),
        counts=kept.counts,
        low_stock=state.rules.of("R030").value("below"),
    )


def _suspended(kept: Kept) -> list[SuspendedView]:
    items = sorted(kept.suspended.values(), key=lambda item: (item.rule, item.subject))
    return [SuspendedView(item.rule, item.metric, item.why, item.subject) for item in items]


def _view(cue: Cue, preset: Preset) -> CueView:
    return CueView(
        cue=cue.cue,
        rule=cue.rule,
        role=cue.role,
        person=cue.person,
        subject=cue.subject,
        state=cue.state,
        priority=cue.priority,
        interrupting=cue.interrupting,
        channel=cue.channel,
        raised_at=cue.raised_at,
        delivered_at=cue.delivered_at,
        seen_at=cue.seen_at,
        answered_at=cue.ended_at if cue.state in ("done", "dismissed") else 0,
        answered_by=cue.answered_by,
        expires_at=cue.expires_at,
        judge_at=cue.judge_at,
        facts=cue.facts,
        say_zh=preset.say.zh,
        say_en=preset.say.en,
        reason=cue.reason,
        verdict=cue.verdict,
        effect=cue.effect,
        low=cue.low,
        high=cue.high,
        metric=cue.metric,
        method=cue.method,
        why=cue.why,
        merged=cue.merged,
        escalated_from=cue.escalated_from,
        escalated_to=cue.escalated_to,
    )
