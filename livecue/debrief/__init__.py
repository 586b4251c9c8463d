"""After: the debrief of a show (F05, F06), its improvement list (F07), as data, page and workbook."""

from livecue.debrief.body import DebriefBody, readings_of
from livecue.debrief.decider import Debrief, DebriefPicture, DebriefState
from livecue.debrief.later import DAYS_AFTER
from livecue.debrief.presets import PRESETS, SETTINGS, Preset
from livecue.debrief.tables import DebriefRow, find_debrief, list_debriefs
from livecue.debrief.view import MEDIA_TYPE, page_of, workbook_of
from livecue.debrief.words import figure

__all__ = [
    "DAYS_AFTER",
    "MEDIA_TYPE",
    "PRESETS",
    "SETTINGS",
    "Debrief",
    "DebriefBody",
    "DebriefPicture",
    "DebriefRow",
    "DebriefState",
    "Preset",
    "figure",
    "find_debrief",
    "list_debriefs",
    "page_of",
    "readings_of",
    "workbook_of",
]
