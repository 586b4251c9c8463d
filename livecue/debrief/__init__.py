"""After: the debrief of a show (F05, F06), its improvement list (F07), as data, page and workbook."""

from livecue.debrief.body import DebriefBody, readings_of
from livecue.debrief.decider import Debrief, DebriefPicture
from livecue.debrief.presets import PRESETS, SETTINGS, Preset
from livecue.debrief.tables import DebriefRow, find_debrief, list_debriefs
from livecue.debrief.words import figure

__all__ = [
    "PRESETS",
    "SETTINGS",
    "Debrief",
    "DebriefBody",
    "DebriefPicture",
    "DebriefRow",
    "Preset",
    "figure",
    "find_debrief",
    "list_debriefs",
    "readings_of",
]
