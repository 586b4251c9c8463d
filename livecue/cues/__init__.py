"""During: detectors, the cue and its life, routing to a role, and the judgement whether it helped."""

from livecue.cues.cue import Cue
from livecue.cues.decider import Cues
from livecue.cues.detect import DETECTORS, Detector
from livecue.cues.judge import Judgement, judge, pooled
from livecue.cues.past import Asked, Counted, Fired, PastCounts, PastShow, how_often, past_scenes
from livecue.cues.pictures import CuesPicture, CueView, SuspendedView
from livecue.cues.presets import (
    LIMITS,
    LIMITS_RULE,
    PRESETS,
    VALUE_NAMES,
    InUse,
    Limits,
    Preset,
    in_use,
    limits_in_force,
    named_presets,
    preset_in_force,
)
from livecue.cues.scene import Calm, Finding, Scene, Signal, Suspended
from livecue.cues.state import Counts, CuesState
from livecue.cues.tables import CueRow, RuleCount, ThresholdRow, count_fired, list_cues, list_thresholds, rules_of_cues
from livecue.reference import Place, Threshold, layer_of, standing

__all__ = [
    "DETECTORS",
    "LIMITS",
    "LIMITS_RULE",
    "PRESETS",
    "VALUE_NAMES",
    "Asked",
    "Calm",
    "Counted",
    "Counts",
    "Cue",
    "CueRow",
    "CueView",
    "Cues",
    "CuesPicture",
    "CuesState",
    "Detector",
    "Finding",
    "Fired",
    "InUse",
    "Judgement",
    "Limits",
    "PastCounts",
    "PastShow",
    "Place",
    "Preset",
    "RuleCount",
    "Scene",
    "Signal",
    "Suspended",
    "SuspendedView",
    "Threshold",
    "ThresholdRow",
    "count_fired",
    "how_often",
    "in_use",
    "judge",
    "layer_of",
    "limits_in_force",
    "list_cues",
    "list_thresholds",
    "named_presets",
    "past_scenes",
    "pooled",
    "preset_in_force",
    "rules_of_cues",
    "standing",
]
