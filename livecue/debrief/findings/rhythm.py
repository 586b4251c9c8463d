"""Rules about the rundown: what ran too long, what did not run, what took most."""

from livecue.debrief.body import DebriefBody, SegmentLine
from livecue.debrief.findings.found import Found, titled, value_of
from livecue.debrief.presets import Preset
from livecue.debrief.words import amount, length, listed
from livecue.reference import Words


def overrun(body: DebriefBody, preset: Preset) -> list[Found]:
    """A segment ran too long, and later ones were cut short or did not run (R123)."""
    found = []
    over_ms, squeezed_ms = preset.value("over_s") * 1000, preset.value("squeezed_s") * 1000
    for place, line in enumerate(body.segments):
        drift = line.length_drift_ms
        if drift is None or drift < over_ms:
            continue
        planned = line.planned_end - line.planned_start
        squeezed = [later for later in body.segments[place + 1 :] if _lost(later) >= squeezed_ms]
        if squeezed:
            values: dict[str, str | int | Words] = {
                "title": titled(body, line),
                "length": length(planned + drift),
                "planned": length(planned),
                "over": length(drift),
                "squeezed": listed(titled(body, later) for later in squeezed),
            }
            found.append(Found(values, line.segment, drift))
    return found


def not_run(body: DebriefBody, preset: Preset) -> list[Found]:
    """Planned segments that never began (R123)."""
    lacking = [line for line in body.segments if not line.started_at]
    if len(lacking) < preset.value("segments") or len(lacking) == len(body.segments):
        # Where none ran the team kept no rundown: that says nothing about its lengths.
        return []
    titles = listed(titled(body, line) for line in lacking)
    return [Found({"total": len(body.segments), "count": len(lacking), "titles": titles})]


def best_segment(body: DebriefBody, preset: Preset) -> list[Found]:
    """The segment that took most per minute (R019)."""
    rates = []
    for line in body.segments:
        spent, gmv, orders = (value_of(line.figures, metric) for metric in ("M09", "M41", "M41.orders"))
        if spent and gmv and orders is not None and orders >= preset.value("orders"):
            rates.append((gmv / spent * 60, gmv, line))
    if len(rates) < preset.value("segments"):
        return []
    rate, gmv, line = max(rates, key=lambda item: (item[0], item[2].segment))
    per_minute = amount(rate, body.currency)
    values: dict[str, str | int | Words] = {
        "title": titled(body, line),
        "rate": Words(f"{per_minute}/分钟", f"{per_minute} per minute"),
        "gmv": amount(gmv, body.currency),
    }
    return [Found(values, line.segment)]


def _lost(line: SegmentLine) -> float:
    """Milliseconds by which a segment was shorter than planned; all of it when it did not run."""
    if not line.started_at:
        return line.planned_end - line.planned_start
    return -(line.length_drift_ms or 0)
