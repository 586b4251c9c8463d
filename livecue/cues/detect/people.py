"""Traffic, interaction and the worth of a viewer: rules about the room as a whole."""

from itertools import pairwise

from livecue.cues.detect.bounds import below, measured, median, usual_span
from livecue.cues.presets import Preset
from livecue.cues.scene import SMALL, Calm, Facts, Finding, Scene, Signal, Suspended, unknown


def r001(scene: Scene, preset: Preset) -> list[Finding]:
    """Value per viewer low: over the rolling window; the cumulative figure stands in the facts."""
    metric = preset.metrics[0]
    whole = scene.readings.reading(metric, "show")
    extra: Facts = {} if whole.value is None else {f"{metric}.show": whole.value}
    return [below(scene, preset, scene.readings.reading(metric, preset.window), extra=extra)]


def r007(scene: Scene, preset: Preset) -> list[Finding]:
    """Entries of the last minutes fallen to ``drop`` of the mean of as long spans before."""
    metric, last, spans = preset.metrics[0], int(preset.value("last_min")), int(preset.value("spans"))
    whole = last * (1 + spans)
    minutes = scene.readings.minutes_of(metric, whole)
    gap = _gap(scene, preset, metric, minutes, whole)
    if gap is not None:
        return [gap]
    known = [value for value in minutes if value is not None]
    before, latest = sum(known[:-last]) / spans, sum(known[-last:])
    if before < preset.value("sample"):
        return [Calm(rule="R007", recovered=False, why=SMALL)]
    share = latest / before
    if share > preset.value("drop"):
        return [Calm(rule="R007", recovered=share >= preset.value("recover"))]
    facts: Facts = {"metric": metric, metric: latest, "before": before, "share": share, "bound": preset.value("drop")}
    return [Signal(rule="R007", facts=facts)]


def r011(scene: Scene, preset: Preset) -> list[Finding]:
    """The last minute's entries far from those of the minutes before, up or down."""
    metric, (span, least) = preset.metrics[0], usual_span(preset)
    minutes = scene.readings.minutes_of(metric, span + 1)
    gap = _gap(scene, preset, metric, minutes, least + 1)
    if gap is not None:
        return [gap]
    *before, latest = [value for value in minutes if value is not None]
    usual = median(before)
    if usual < preset.value("sample"):
        return [Calm(rule="R011", recovered=False, why=SMALL)]
    # 1.4826 makes the median deviation comparable to a standard deviation; counts scatter at least as Poisson does.
    spread = max(1.4826 * median([abs(value - usual) for value in before]), usual**0.5)
    score = (latest - usual) / spread
    if abs(score) < preset.value("z"):
        return [Calm(rule="R011", recovered=abs(score) <= preset.value("recover"))]
    facts: Facts = {"metric": metric, metric: latest, "value": latest, "usual": usual, "z": round(score, 2)}
    facts.update({"bound": preset.value("z"), "direction": "up" if score > 0 else "down"})
    return [Signal(rule="R011", facts=facts, measured=score < 0)]


def r012(scene: Scene, preset: Preset) -> list[Finding]:
    """Online falls minute after minute, and by enough in all."""
    metric, count = preset.metrics[0], int(preset.value("minutes"))
    minutes = scene.readings.minutes_of(metric, count + 1)
    gap = _gap(scene, preset, metric, minutes, count + 1)
    if gap is not None:
        return [gap]
    known = [value for value in minutes if value is not None]
    if known[0] < preset.value("sample"):
        return [Calm(rule="R012", recovered=False, why=SMALL)]
    fall = 1 - known[-1] / known[0]
    falling = all(later < earlier for earlier, later in pairwise(known))
    if not falling or fall < preset.value("fall"):
        return [Calm(rule="R012", recovered=known[-1] >= known[-2] and fall <= preset.value("recover"))]
    facts: Facts = {"metric": metric, metric: known[-1], "before": known[0], "fall": fall, "minutes": count}
    return [Signal(rule="R012", facts={**facts, "bound": preset.value("fall")})]


def r013(scene: Scene, preset: Preset) -> list[Finding]:
    """Interactions per head of the last minutes under a share of what this show is used to."""
    acts, heads = preset.metrics
    last, (span, least) = int(preset.value("last_min")), usual_span(preset)
    minutes, online = (scene.readings.minutes_of(metric, span + last) for metric in (acts, heads))
    gap = _gap(scene, preset, acts, minutes, least + last) or _gap(scene, preset, heads, online, least + last)
    if gap is not None:
        return [gap]
    rates = [
        (act / head, act)
        for act, head in zip(minutes, online, strict=False)
        if act is not None and head is not None and head > 0
    ]
    if len(rates) < least + last:
        return [Suspended(rule="R013", metric=heads, why="zero_denominator")]
    before = rates[:-last]
    usual, latest = median([rate for rate, _ in before]), sum(rate for rate, _ in rates[-last:]) / last
    if usual <= 0 or sum(act for _, act in before) / len(before) < preset.value("sample"):
        return [Calm(rule="R013", recovered=False, why=SMALL)]
    share = latest / usual
    if share >= preset.value("share"):
        return [Calm(rule="R013", recovered=share >= preset.value("recover"))]
    facts: Facts = {"metric": acts, acts: latest, "usual": usual, "share": share, "bound": preset.value("share")}
    return [Signal(rule="R013", facts=facts)]


def r015(scene: Scene, preset: Preset) -> list[Finding]:
    """Few stay in the opening; asked only while the opening can still be changed."""
    started = scene.shows.started_at
    elapsed_s = (scene.now - started) / 1000
    if not started or not preset.value("from_s") <= elapsed_s <= preset.value("until_s"):
        return []
    return [below(scene, preset, scene.readings.reading(preset.metrics[0], preset.window))]


def r122(scene: Scene, preset: Preset) -> list[Finding]:
    """Time for the next draw, in shows that have draws."""
    shows = scene.shows
    planned = any(segment.part == "lucky_bag" for segment in shows.segments)
    since = max(shows.last_draw_at, shows.started_at)
    if not (planned or shows.draws or shows.last_draw_at or preset.value("always")):
        return []
    if not since:
        return [Suspended(rule="R122", metric="show", why="no_show")]
    passed_s = (scene.now - since) / 1000
    if shows.draws or passed_s < preset.value("every_s"):
        return [Calm(rule="R122", recovered=bool(shows.draws) or passed_s <= preset.value("recover"))]
    facts: Facts = {"since_s": int(passed_s), "minutes": int(passed_s // 60), "bound": preset.value("every_s")}
    reading = scene.readings.reading(preset.metrics[0], preset.window)
    return [Signal(rule="R122", facts={**measured(reading), **facts})]


def _gap(scene: Scene, preset: Preset, metric: str, minutes: list[float | None], least: int) -> Finding | None:
    """Why the minutes cannot be used: too few of them yet, or some are unknown."""
    if None in minutes:
        # The present figure knows why the past one is missing.
        reading = scene.readings.reading(metric, preset.window)
        return (
            unknown(preset.rule, reading)
            if reading.value is None
            else Suspended(rule=preset.rule, metric=metric, why="stale")
        )
    if len(minutes) < least:
        reading = scene.readings.reading(metric, preset.window)
        why = reading.why if reading.value is None and reading.why else "too_early"
        return Suspended(rule=preset.rule, metric=metric, why=why)
    return None
