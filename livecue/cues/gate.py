"""From signals to cues: merges twins, keeps cool-downs and gaps, and decides who hears what now and what must wait."""

from collections.abc import Iterable, Sequence

import msgspec

from livecue.cues import cue as life
from livecue.cues.cue import Cue
from livecue.cues.presets import Preset
from livecue.cues.route import ON_STAGE, Recipient, recipient
from livecue.cues.scene import Calm, Facts, Finding, Scene, Signal, Suspended
from livecue.cues.state import Fired, key_of
from livecue.cues.turn import Turn
from livecue.kit import stable_id


def settle(turn: Turn, scene: Scene, asked: Sequence[tuple[str, Preset, list[Finding]]]) -> None:
    """Bring the findings of the rules that were asked this tick into the state; signals by importance."""
    signals: list[tuple[Signal, Preset]] = []
    for rule, preset, findings in asked:
        _remember_calm(turn, rule, findings)
        signals.extend((item, preset) for item in findings if isinstance(item, Signal))
    # The sort is stable: with equal priority the order of the rules decides.
    for signal, preset in sorted(signals, key=lambda pair: -pair[1].priority):
        _offer(turn, scene, signal, preset)


def _remember_calm(turn: Turn, rule: str, findings: Iterable[Finding]) -> None:
    present = set()
    for item in findings:
        key = key_of(rule, item.subject)
        present.add(key)
        if isinstance(item, Signal):
            continue
        turn.let_go(key)
        fired = turn.fired(key)
        if fired is not None and not fired.clear and isinstance(item, Calm) and item.recovered:
            turn.set_fired(key, msgspec.structs.replace(fired, clear=True))
    _forget_gone(turn, rule, present)


def _forget_gone(turn: Turn, rule: str, present: set[str]) -> None:
    # A subject the rule no longer speaks of (the pitch moved on, the offer ended) counts as recovered.
    prefix = key_of(rule, "")
    kept = turn.kept
    for key, fired in kept.fired.items():
        if key not in present and not fired.clear and key.startswith(prefix):
            turn.set_fired(key, msgspec.structs.replace(fired, clear=True))
    for key in kept.held:
        if key not in present and key.startswith(prefix):
            turn.let_go(key)


def _offer(turn: Turn, scene: Scene, signal: Signal, preset: Preset) -> None:
    key = key_of(signal.rule, signal.subject)
    fired = turn.fired(key)
    if fired is not None and not fired.clear and signal.mark <= fired.mark:
        return
    twins = [cue for cue in turn.open_cues() if cue.rule == signal.rule and cue.subject == signal.subject]
    if twins:
        for twin in twins:
            turn.merge(twin, signal.facts, signal.mark)
        turn.set_fired(key, Fired(fired.at if fired else turn.now, False, signal.mark))
        turn.let_go(key)
        return
    if fired is not None and turn.now - fired.at < preset.value("cooldown_s") * 1000:
        turn.hold(signal.rule, signal.subject, "cool_down", signal.facts)
        return
    cover = _covered(turn, preset)
    if cover:
        turn.hold(signal.rule, signal.subject, f"covered_by:{cover}", signal.facts)
        return
    _raise(turn, scene, signal, preset, key)


def _covered(turn: Turn, preset: Preset) -> str:
    """The rule that has just said the same with more meaning, within its cool-down."""
    for rule in preset.covered_by:
        prefix, since = key_of(rule, ""), turn.now - turn.rules.of(rule).value("cooldown_s") * 1000
        if any(key.startswith(prefix) and fired.at > since for key, fired in turn.kept.fired.items()):
            return rule
    return ""


def _raise(turn: Turn, scene: Scene, signal: Signal, preset: Preset, key: str) -> None:
    roles = signal.roles or preset.roles
    interrupting = preset.interrupting and not signal.quiet
    busy = {cue.holder for cue in turn.open_cues() if cue.interrupting}
    first = recipient(roles[0], turn.kept.duty, busy)
    if interrupting:
        why = in_the_way(turn, first, preset)
        if why:
            turn.hold(signal.rule, signal.subject, why, signal.facts)
            return
        _make_room(turn, first)
    turn.let_go(key)
    turn.set_fired(key, Fired(turn.now, False, signal.mark))
    new_cue(turn, scene, preset, first, signal, interrupting)
    told = {first.holder}
    for role in roles[1:]:
        other = recipient(role, turn.kept.duty, busy)
        if other.holder in told:
            continue
        told.add(other.holder)
        # The first one decides about waiting; the others hear of it now, without interrupting where they are busy.
        free = not in_the_way(turn, other, preset)
        if interrupting and free:
            _make_room(turn, other)
        new_cue(turn, scene, preset, other, signal, interrupting and free)


def in_the_way(turn: Turn, to: Recipient, preset: Preset, waits: bool = False) -> str:
    """Why this person cannot be interrupted now: "" when they can. Who ``waits`` takes nobody's place."""
    urgent = preset.urgent and not waits
    for cue in turn.open_cues():
        if cue.interrupting and cue.holder == to.holder and not (urgent and preset.priority > cue.priority):
            return "busy"
    if to.role in ON_STAGE and not urgent:
        last = turn.interrupted_at(to.holder)
        if last and turn.now - last < turn.rules.limits.host_gap_s * 1000:
            return "host_gap"
    return ""


def _make_room(turn: Turn, to: Recipient) -> None:
    """End the less important cue that holds this person's attention; its rule may come back after its cool-down."""
    for cue in turn.open_cues():
        if cue.interrupting and cue.holder == to.holder:
            turn.expire(cue, "superseded")
            key = key_of(cue.rule, cue.subject)
            fired = turn.fired(key)
            if fired is not None:
                turn.set_fired(key, msgspec.structs.replace(fired, clear=True))


def new_cue(
    turn: Turn,
    scene: Scene,
    preset: Preset,
    to: Recipient,
    signal: Signal,
    interrupting: bool,
    origin: Cue | None = None,
    step: int = 0,
) -> None:
    """Raise and deliver a cue; ``origin`` is the one it follows after ``step`` escalations."""
    now = turn.now
    facts: Facts = {name: value for name, value in signal.facts.items() if name != "meant_for"}
    if to.meant_for != to.role or not to.person:
        # Said, so that nobody wonders why floor control reads the host's cue.
        facts["meant_for"] = to.meant_for
    wait = "expiry_next_s" if step and "expiry_next_s" in preset.values else "expiry_s"
    judge_s = int(preset.value("judge_s"))
    cue = Cue(
        cue=stable_id(turn.room.room, signal.rule, signal.subject, to.meant_for, now),
        rule=signal.rule,
        role=to.role,
        person=to.person,
        subject=signal.subject,
        priority=preset.priority,
        interrupting=interrupting,
        facts=facts,
        show=turn.kept.show,
        raised_at=now,
        expires_at=now + int(preset.value(wait) * 1000),
        judge_at=life.judge_moment(now, judge_s),
        judge=preset.judge if signal.measured else "none",
        judge_s=judge_s,
        metric=preset.judge_metric if signal.measured else "",
        over=preset.judge_over if signal.measured else "",
        mark=signal.mark,
        step=step,
        escalated_from=origin.cue if origin else "",
    )
    turn.raise_cue(cue, to.channel, on_stage=to.role in ON_STAGE)


def note_suspensions(turn: Turn, asked: Sequence[tuple[str, Preset, list[Finding]]]) -> None:
    """Keep which rules cannot tell, and why; those asked now are renewed, the others stay."""
    renewed = {rule for rule, _, _ in asked}
    suspended = {key: item for key, item in turn.kept.suspended.items() if item.rule not in renewed}
    for rule, _, findings in asked:
        suspended.update({key_of(rule, item.subject): item for item in findings if isinstance(item, Suspended)})
    if suspended != turn.kept.suspended:
        turn.set(suspended=suspended)
