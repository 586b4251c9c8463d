"""What happens to cues when time passes: expiry and escalation, and the judgement after their window."""

from bisect import bisect

import msgspec

from livecue.cues.cue import Cue
from livecue.cues.gate import in_the_way, new_cue
from livecue.cues.judge import HISTORY, Judgement, Plan, judge
from livecue.cues.past.noting import Memo
from livecue.cues.presets import JUDGING, Preset
from livecue.cues.route import recipient
from livecue.cues.scene import Heard, Scene, Signal
from livecue.cues.state import key_of
from livecue.cues.turn import Turn

_ACT = "condition_ended"
_MINUTE = 60_000


def expire_due(turn: Turn, scene: Scene) -> None:
    """End the cues nobody answered in time, and ask the next role where the cause is still there.

    A cue whose person went off duty is not waited for: whoever holds the role now gets it.
    """
    on_duty = {item.person for item in turn.kept.duty}
    for cue in turn.open_cues():
        left = bool(cue.person) and cue.person not in on_duty
        if cue.expires_at > turn.now and not left:
            continue
        preset = turn.rules.of(cue.rule)
        fired = turn.fired(key_of(cue.rule, cue.subject))
        moot = fired is not None and fired.clear and not cue.mark
        role, step = _next_role(cue, preset, left)
        if moot:
            role = ""
        turn.expire(cue, "moot" if moot else "left_duty" if left else "silence", role)
        if role:
            _escalate(turn, scene, cue, preset, role, step)


def _next_role(cue: Cue, preset: Preset, left: bool) -> tuple[str, int]:
    """Who is asked next, and how often the cue was escalated then."""
    if left:
        return str(cue.facts.get("meant_for", cue.role)), cue.step
    return (preset.escalate[cue.step] if cue.step < len(preset.escalate) else ""), cue.step + 1


def _escalate(turn: Turn, scene: Scene, cue: Cue, preset: Preset, role: str, step: int) -> None:
    open_cues = turn.open_cues()
    busy = {item.holder for item in open_cues if item.interrupting}
    to = recipient(role, turn.kept.duty, busy)
    if any(item.rule == cue.rule and item.subject == cue.subject and item.holder == to.holder for item in open_cues):
        return
    measured = cue.judge == preset.judge
    signal = Signal(rule=cue.rule, subject=cue.subject, facts=cue.facts, mark=cue.mark, measured=measured)
    # What already waited once is not kept back again: where the person is busy, it comes quietly.
    new_cue(
        turn,
        scene,
        preset,
        to,
        signal,
        cue.interrupting and not in_the_way(turn, to, preset, waits=True),
        origin=cue,
        step=step,
    )


def judge_due(turn: Turn, scene: Scene, whole_show: bool = False) -> None:
    """Judge the ended cues whose window is over; all of them when the show is."""
    for cue in turn.cues():
        if cue.open or (cue.judge_at > turn.now and not whole_show):
            continue
        found = _judged(turn, scene, cue)
        if cue.state != "done":
            # Its figures are kept all the same: they show what happens without the cue.
            found = msgspec.structs.replace(found, verdict="not_followed")
        turn.judge(
            msgspec.structs.replace(
                cue,
                verdict=found.verdict,
                judged_at=turn.now,
                effect=found.effect,
                low=found.low,
                high=found.high,
                before=found.before,
                after=found.after,
                expected=found.expected,
                method=found.method,
                why=found.why,
            )
        )


def _judged(turn: Turn, scene: Scene, cue: Cue) -> Judgement:
    if cue.judge == "none":
        return Judgement(verdict="not_measured", why="not_measured", method="none")
    if turn.now < cue.judge_at:
        return Judgement(verdict="too_little_data", why="show_ended", method="none")
    if cue.judge == "act":
        return _act_judged(turn, cue)
    preset = turn.rules.of(cue.rule)
    whole = preset.scope == "room"
    before, after, parts = _series(scene, cue, turn, whole)
    # Of a pitch often just a minute is left; what it says is little, but over many cues it adds up.
    least = JUDGING.least_after if whole else JUDGING.least_after_pitch
    plan = Plan(episode=int(preset.values.get("episode", 0)), least_after=least, walks=preset.judge_walks)
    found = judge(before, after, plan=plan, parts=parts)
    if found.why == "short_window" and not whole:
        found = msgspec.structs.replace(found, why="pitch_ended")
    others = sorted({o.rule for o in turn.cues() if o.cue != cue.cue and _overlaps(o, cue)})
    if others:
        found = msgspec.structs.replace(found, why=" ".join([*found.why.split(), f"also:{','.join(others)}"]))
    return found


def _act_judged(turn: Turn, cue: Cue) -> Judgement:
    fired = turn.fired(key_of(cue.rule, cue.subject))
    ended = fired is None or fired.clear
    return Judgement(verdict="useful" if ended else "no_effect", method=_ACT, why="ended" if ended else "still_there")


def _series(
    scene: Scene, cue: Cue, turn: Turn, whole: bool
) -> tuple[list[float | None], list[float | None], list[int]]:
    """The judged figure per minute before and after the cue was acted on, and the part of the show of each.

    Unless ``whole``, the window ends with the pitch: with the next product other people buy other things.
    """
    acted_at = cue.ended_at if cue.state == "done" else cue.raised_at
    newest = turn.now // _MINUTE - 1
    acted = acted_at // _MINUTE
    first_after = -(-acted_at // _MINUTE)
    span = newest - acted + HISTORY + 1
    minutes = scene.readings.minutes_of(cue.metric, span)
    if cue.over:
        heads = scene.readings.minutes_of(cue.over, span)
        minutes = [
            value / head if value is not None and head else None for value, head in zip(minutes, heads, strict=False)
        ]
    oldest = newest - len(minutes) + 1
    before = minutes[: max(0, acted - oldest)]
    length = cue.judge_s * 1000 // _MINUTE
    turns = turn.kept.turns
    turned = next((moment for moment in turns if moment > acted_at), 0)
    if turned and not whole:
        length = min(length, turned // _MINUTE - first_after)
    after = minutes[max(0, first_after - oldest) :][: max(0, length)]
    starts = [*range(oldest, oldest + len(before)), *range(first_after, first_after + len(after))]
    return before, after, [bisect(turns, start * _MINUTE + _MINUTE // 2) for start in starts]


def _overlaps(other: Cue, cue: Cue) -> bool:
    """Another cue that was done and may have moved the same figure in the same window."""
    if other.state != "done" or other.metric != cue.metric:
        return False
    return other.ended_at < cue.judge_at and cue.ended_at < other.judge_at


def close_show(turn: Turn, scene: Scene) -> None:
    """The show is over: nothing stays open, everything is judged with what is known, the next show starts afresh."""
    for cue in turn.open_cues():
        turn.expire(cue, "show_ended")
    judge_due(turn, scene, whole_show=True)
    heard = Heard(number=turn.kept.heard.number, speech_at=turn.kept.heard.speech_at)
    turn.set(
        fired={}, held={}, interrupted={}, suspended={}, heard=heard, news=False, part=(0, 0), turns=(), memo=Memo()
    )
