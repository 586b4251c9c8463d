"""Moderation: what may be done to comments and their writers, by the law's line; spam told from excited crowds."""

from livecue.desk.moderation.check import MODERATION_ACTIONS, Facts, Told, Verdict, judge
from livecue.desk.moderation.crowd import Chorus, Crowd, Said, Spammer, has_contact, look
from livecue.desk.moderation.decider import Moderation
from livecue.desk.moderation.presets import MODERATION_PRESETS, ModerationPreset, preset_at
from livecue.desk.moderation.reading import ActCount, ActRow, count_acts, list_acts
from livecue.desk.moderation.shape import shape_of
from livecue.desk.moderation.state import Act, ModerationPicture, SpamView

__all__ = [
    "MODERATION_ACTIONS",
    "MODERATION_PRESETS",
    "Act",
    "ActCount",
    "ActRow",
    "Chorus",
    "Crowd",
    "Facts",
    "Moderation",
    "ModerationPicture",
    "ModerationPreset",
    "Said",
    "SpamView",
    "Spammer",
    "Told",
    "Verdict",
    "count_acts",
    "has_contact",
    "judge",
    "list_acts",
    "look",
    "preset_at",
    "shape_of",
]
