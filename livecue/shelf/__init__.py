"""During: what is listed, shown, priced, offered and drawn; checked before it leaves, planned along the rundown."""

from livecue.shelf.check import LIVE_ACTIONS, Facts, Verdict, inverse, judge, live_action
from livecue.shelf.decider import PlannedStep, Shelf, ShelfPicture
from livecue.shelf.presets import SHELF_PRESETS, ShelfPreset, preset_at

__all__ = [
    "LIVE_ACTIONS",
    "SHELF_PRESETS",
    "Facts",
    "PlannedStep",
    "Shelf",
    "ShelfPicture",
    "ShelfPreset",
    "Verdict",
    "inverse",
    "judge",
    "live_action",
    "preset_at",
]
