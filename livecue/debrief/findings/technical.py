"""Rules about stream and sources."""

from livecue.debrief.body import DebriefBody
from livecue.debrief.findings.found import Found
from livecue.debrief.presets import Preset
from livecue.debrief.words import length


def stutter(body: DebriefBody, preset: Preset) -> list[Found]:
    """The stream stuttered (R052, target 0)."""
    times = body.incident_counts.get("stuttered", 0)
    if times < preset.value("times"):
        return []
    return [Found({"times": times, "length": length(body.stuttered_ms)})]


def feed_gone(body: DebriefBody, preset: Preset) -> list[Found]:
    """A source of data was gone for long (R126)."""
    gone: dict[str, list[int]] = {}
    for line in body.incidents:
        if line.kind == "source_gone":
            gone.setdefault(line.subject, []).append((line.until or body.ended_at) - line.when)
    return [
        Found({"feed": feed, "times": len(gaps), "length": length(sum(gaps))}, feed, sum(gaps))
        for feed, gaps in sorted(gone.items())
        if sum(gaps) >= preset.value("gone_s") * 1000
    ]
