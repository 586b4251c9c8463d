"""Public opinion: the signs of a negative flood (R063) and the flow of a crisis (R064). People decide each level."""

from livecue.desk.opinion.case import MOVES, STATES, Case, approved, digest_of, lacking, legal
from livecue.desk.opinion.decider import Opinion
from livecue.desk.opinion.presets import OPINION_PRESETS, OpinionPreset, Step, preset_at
from livecue.desk.opinion.reading import CaseRow, list_cases, recount
from livecue.desk.opinion.signs import Heard, Signs, heard_of, read
from livecue.desk.opinion.state import CaseView, OpinionPicture

__all__ = [
    "MOVES",
    "OPINION_PRESETS",
    "STATES",
    "Case",
    "CaseRow",
    "CaseView",
    "Heard",
    "Opinion",
    "OpinionPicture",
    "OpinionPreset",
    "Signs",
    "Step",
    "approved",
    "digest_of",
    "heard_of",
    "lacking",
    "legal",
    "list_cases",
    "preset_at",
    "read",
    "recount",
]
