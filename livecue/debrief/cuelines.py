"""Cues of a show as the debrief tells them: by rule with what came of them, and one by one."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from livecue.debrief.body import CueLine, CueSums, RuleLine
from livecue.debrief.notes import CueNote

LEAST_MEASURED = 3
"""Measured cues of a rule below which its effect is not told: too little data."""
_Z90 = 1.645
_MOST_REASONS = 5
_MOST_CUES = 500

Effect = tuple[float, float, float]
"""Effect, low and high end of its 90 % interval."""


def cue_lines(notes: Iterable[CueNote]) -> list[CueLine]:
    """One line a cue, in the order they were raised."""
    ordered = sorted(notes, key=lambda note: (note.raised_at, note.cue))
    return [
        CueLine(
            cue=note.cue,
            rule=note.rule,
            role=note.role,
            person=note.person,
            subject=note.subject,
            raised_at=note.raised_at,
            ended_at=note.ended_at,
            outcome=note.outcome,
            reason=note.reason,
            verdict=note.verdict,
            metric=note.metric,
            effect=note.effect,
            low=note.low,
            high=note.high,
            why=note.why,
        )
        for note in ordered[:_MOST_CUES]
    ]


def rule_lines(notes: Iterable[CueNote]) -> list[RuleLine]:
    """One line a rule, by its id."""
    by_rule: dict[str, list[list[CueNote]]] = {}
    for chain in _chains(notes):
        by_rule.setdefault(chain[0].rule, []).append(chain)
    return [_rule_line(rule, chains) for rule, chains in sorted(by_rule.items())]


def sums(lines: Iterable[RuleLine]) -> CueSums:
    """All rules together."""
    rows = list(lines)
    return CueSums(
        given=sum(line.given for line in rows),
        followed=sum(line.followed for line in rows),
        dismissed=sum(line.dismissed for line in rows),
        unanswered=sum(line.unanswered for line in rows),
        useful=sum(line.verdicts.get("useful", 0) for line in rows),
    )


def pooled(effects: Sequence[Effect]) -> Effect | None:
    """The effect over several cues by random effects (DerSimonian and Laird 1986), with its 90 % interval.

    None below three: how much cues differ among each other cannot be told from two.
    """
    if len(effects) < LEAST_MEASURED:
        return None
    variances = [(max(high - low, 1e-6) / (2 * _Z90)) ** 2 for _, low, high in effects]
    weights = [1 / variance for variance in variances]
    whole = math.fsum(weights)
    mean = math.fsum(weight * effect for weight, (effect, _, _) in zip(weights, effects, strict=True)) / whole
    spread = math.fsum(weight * (effect - mean) ** 2 for weight, (effect, _, _) in zip(weights, effects, strict=True))
    scale = whole - math.fsum(weight**2 for weight in weights) / whole
    between = max(0.0, (spread - (len(effects) - 1)) / scale)
    weights = [1 / (variance + between) for variance in variances]
    whole = math.fsum(weights)
    mean = math.fsum(weight * effect for weight, (effect, _, _) in zip(weights, effects, strict=True)) / whole
    half = _Z90 / math.sqrt(whole)
    return round(mean, 6), round(mean - half, 6), round(mean + half, 6)


def _chains(notes: Iterable[CueNote]) -> list[list[CueNote]]:
    """Cues with those they were escalated to, oldest first: one matter each."""
    ordered = sorted(notes, key=lambda note: (note.raised_at, note.cue))
    chains: dict[str, list[CueNote]] = {}
    first_of: dict[str, str] = {}
    for note in ordered:
        first = first_of[note.cue] = first_of.get(note.origin, note.cue) if note.origin else note.cue
        chains.setdefault(first, []).append(note)
    return list(chains.values())


def _rule_line(rule: str, chains: Sequence[Sequence[CueNote]]) -> RuleLine:
    verdicts: Counter[str] = Counter()
    effects: list[Effect] = []
    reasons: dict[str, None] = {}
    followed = dismissed = unanswered = 0
    for chain in chains:
        outcomes = {note.outcome for note in chain}
        telling = next((note for note in chain if note.outcome == "done"), chain[-1])
        if telling.outcome == "done":
            followed += 1
            if telling.effect is not None and telling.low is not None and telling.high is not None:
                effects.append((telling.effect, telling.low, telling.high))
        elif "dismissed" in outcomes:
            dismissed += 1
        elif any(note.outcome == "expired" and note.reason == "silence" for note in chain):
            unanswered += 1
        reasons.update((note.reason, None) for note in chain if note.outcome == "dismissed" and note.reason)
        verdicts[telling.verdict or "open"] += 1
    effect = pooled(effects)
    return RuleLine(
        rule=rule,
        given=len(chains),
        followed=followed,
        dismissed=dismissed,
        unanswered=unanswered,
        escalated=sum(len(chain) - 1 for chain in chains),
        verdicts=dict(sorted(verdicts.items())),
        metric=next((note.metric for chain in chains for note in chain if note.metric), ""),
        measured=len(effects),
        effect=effect[0] if effect else None,
        low=effect[1] if effect else None,
        high=effect[2] if effect else None,
        reasons=list(reasons)[:_MOST_REASONS],
    )
