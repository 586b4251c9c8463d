"""Rules about traffic, interaction and goals."""

from livecue.debrief.body import DebriefBody, UsualLine
from livecue.debrief.findings.found import Found, reading_of, value_of
from livecue.debrief.presets import Preset
from livecue.debrief.words import change, figure, label, metric_name, percent, quantity
from livecue.reference import Words


def strong_source(body: DebriefBody, preset: Preset) -> list[Found]:
    """A traffic source takes much more per view than the show (R023)."""
    return [
        found
        for found, times, _ in _against_show(body, preset.value("views"))
        if times >= preset.value("times") and found.subject not in ("unknown", "other")
    ]


def weak_source(body: DebriefBody, preset: Preset) -> list[Found]:
    """A traffic source that brings many views takes much less per view than the show (R022)."""
    return [
        found
        for found, times, share in _against_show(body, preset.value("views"))
        if times <= preset.value("times") and share >= preset.value("share")
    ]


def _against_show(body: DebriefBody, least_views: float) -> list[tuple[Found, float, float]]:
    whole = reading_of(body.money, "M44")
    if whole is None or not whole.value:
        return []
    rows = []
    for line in body.sources:
        gpm, views = reading_of(line.figures, "M44"), value_of(line.figures, "M03")
        share = value_of(line.figures, "M12")
        if gpm is None or gpm.value is None or share is None or views is None or views < least_views:
            continue
        values: dict[str, str | int | Words] = {
            "via": label("via", line.via),
            # As money: the sentence says that it is per thousand views.
            "gpm": quantity(gpm.value, "money", body.currency),
            "whole": quantity(whole.value, "money", body.currency),
            "share": percent(share),
        }
        rows.append((Found(values, line.via, views), gpm.value / whole.value, share))
    return rows


def traffic_up(body: DebriefBody, preset: Preset) -> list[Found]:
    """More views than the room's earlier shows (R010)."""
    return _swing(body, preset.value("change"), 1)


def traffic_down(body: DebriefBody, preset: Preset) -> list[Found]:
    """Fewer views than the room's earlier shows (R010)."""
    return _swing(body, preset.value("change"), -1)


def _swing(body: DebriefBody, bound: float, sign: int) -> list[Found]:
    line = _usual(body, "M03")
    if line is None or line.usual is None or line.actual.value is None or not line.usual:
        return []
    moved = round(line.actual.value / line.usual - 1, 9)
    if moved * sign < bound:
        return []
    values: dict[str, str | int | Words] = {
        "views": figure(line.actual, body.currency),
        "change": Words(percent(abs(moved)), change(moved)),
    }
    return [Found(values)]


def interaction_down(body: DebriefBody, preset: Preset) -> list[Found]:
    """Less interaction than in the room's earlier shows (R024)."""
    line = _usual(body, "M19")
    if line is None or line.usual is None or line.actual.value is None or not line.usual:
        return []
    moved = round(line.actual.value / line.usual - 1, 9)
    if -moved < preset.value("change"):
        return []
    values: dict[str, str | int | Words] = {
        "rate": figure(line.actual, body.currency),
        "usual": percent(line.usual),
        "change": Words(percent(abs(moved)), change(moved)),
    }
    return [Found(values)]


def goal_reached(body: DebriefBody, preset: Preset) -> list[Found]:
    """A target was reached (M86)."""
    return _goals(body, preset.value("attained"), float("inf"))


def goal_missed(body: DebriefBody, preset: Preset) -> list[Found]:
    """A target was missed by more than a little (M86)."""
    return _goals(body, 0.0, preset.value("attained"))


def _goals(body: DebriefBody, low: float, high: float) -> list[Found]:
    found = []
    for line in body.goals:
        if line.attained is None or not low <= line.attained < high:
            continue
        values: dict[str, str | int | Words] = {
            "metric": metric_name(line.metric),
            "actual": figure(line.actual, body.currency),
            "target": quantity(line.target, line.actual.unit, body.currency),
            "attained": percent(line.attained),
        }
        found.append(Found(values, line.metric, metrics=(line.metric,)))
    return found


def _usual(body: DebriefBody, metric: str) -> UsualLine | None:
    return next((line for line in body.usual if line.actual.metric == metric), None)
