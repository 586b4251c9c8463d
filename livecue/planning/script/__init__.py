"""The script: workbooks both ways, talk-track skeletons, versions."""

from livecue.planning.script.sheets import (
    MEDIA_TYPE,
    SCHEDULE,
    SCRIPT,
    PlannedRow,
    ReadSchedule,
    ReadScript,
    read_schedule,
    read_script,
    schedule_workbook,
    script_workbook,
)
from livecue.planning.script.table import BadSheet, Wrong
from livecue.planning.script.tracks import Track, tracks_for
from livecue.planning.script.versions import Change, Version, segment_changes, versions_of

__all__ = [
    "MEDIA_TYPE",
    "SCHEDULE",
    "SCRIPT",
    "BadSheet",
    "Change",
    "PlannedRow",
    "ReadSchedule",
    "ReadScript",
    "Track",
    "Version",
    "Wrong",
    "read_schedule",
    "read_script",
    "schedule_workbook",
    "script_workbook",
    "segment_changes",
    "tracks_for",
    "versions_of",
]
