"""Traffic emergency (流量应急): detect against the baseline, verify, divert and wake within the rules, report."""

from livecue.traffic.decider import Traffic, TrafficPicture
from livecue.traffic.machine import (
    ENDS,
    MOVES,
    RELAPSED,
    STATES,
    STEP_MOVES,
    Emergency,
    Look,
    Move,
    Step,
    legal,
    look,
    paid_advice,
    steps_for,
)
from livecue.traffic.presets import TRAFFIC_PRESETS, Place, TrafficPreset, preset_at
from livecue.traffic.reading import ReportRow, list_emergencies, list_reports

__all__ = [
    "ENDS",
    "MOVES",
    "RELAPSED",
    "STATES",
    "STEP_MOVES",
    "TRAFFIC_PRESETS",
    "Emergency",
    "Look",
    "Move",
    "Place",
    "ReportRow",
    "Step",
    "Traffic",
    "TrafficPicture",
    "TrafficPreset",
    "legal",
    "list_emergencies",
    "list_reports",
    "look",
    "paid_advice",
    "preset_at",
    "steps_for",
]
