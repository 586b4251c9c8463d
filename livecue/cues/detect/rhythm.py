"""Rules about the rundown's clock and our own speed."""

from livecue.cues.detect.bounds import above
from livecue.cues.presets import Preset
from livecue.cues.scene import Calm, Facts, Finding, Scene, Signal, Suspended


def r050(scene: Scene, preset: Preset) -> list[Finding]:
    """The segment is about to switch. A segment shorter than the lead has no such warning."""
    segment = scene.segment()
    if segment is None or not segment.started_at:
        return [no_segment(scene, preset.rule)]
    lead_s = preset.value("left_s")
    if segment.planned_end - segment.planned_start <= lead_s * 1000:
        return []
    left_s = scene.left_ms(segment) / 1000
    if left_s > lead_s or left_s == 0:
        return [Calm(rule=preset.rule, subject=segment.segment, recovered=left_s >= preset.value("recover"))]
    facts: Facts = {"left": round(left_s), "title": segment.title, "bound": lead_s}
    after = _next(scene, segment.segment)
    return [Signal(rule=preset.rule, subject=segment.segment, facts={**facts, **after})]


def r051(scene: Scene, preset: Preset) -> list[Finding]:
    """The segment's time left, once more and quietly."""
    return r050(scene, preset)


def r053(scene: Scene, preset: Preset) -> list[Finding]:
    """The desk lags behind the platform."""
    return [above(scene, preset, scene.readings.reading(preset.metrics[0], preset.window))]


def no_segment(scene: Scene, rule: str) -> Suspended:
    """No segment runs, so nobody knows when it ends: there is no rundown, or nobody has started one of its parts."""
    return Suspended(rule=rule, metric="rundown", why="not_started" if scene.shows.segments else "no_rundown")


def _next(scene: Scene, running: str) -> Facts:
    segments = scene.shows.segments
    for place, segment in enumerate(segments[:-1]):
        if segment.segment == running:
            following = segments[place + 1]
            facts: Facts = {"next": following.title or following.segment, "next_segment": following.segment}
            if following.product:
                facts["next_product"] = following.product
            return facts
    return {"next": "—"}
