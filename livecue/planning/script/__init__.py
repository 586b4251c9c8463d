"""The script: workbooks both ways, skeletons, variables, versions, remarks and review; the handbook of a product."""

from livecue.planning.script.differences import Differences, Piece, differences_of, pieces_of
from livecue.planning.script.handbook import Handbook, find_handbook, list_handbooks, proposed
from livecue.planning.script.hot import HotLine, list_hot_lines
from livecue.planning.script.house import Scripts
from livecue.planning.script.page import script_page
from livecue.planning.script.replies import ReplySet, find_replies
from livecue.planning.script.review import Remark, Review, Standing, digest_of, remarks_of, standing_of
from livecue.planning.script.score import (
    Gate,
    Rehearsed,
    Score,
    Timed,
    count_rehearsals,
    gate_of,
    rehearsal_rooms,
    rehearsals_of,
    score_of,
)
from livecue.planning.script.sheets import (
    MEDIA_TYPE,
    SCHEDULE,
    SCRIPT,
    PlannedRow,
    ReadSchedule,
    ReadScript,
    ScheduledShow,
    read_schedule,
    read_script,
    schedule_workbook,
    script_workbook,
)
from livecue.planning.script.tracks import Track, tracks_for
from livecue.planning.script.variables import NAMES as VARIABLES
from livecue.planning.script.variables import Missing, Spoken, spoken, values_of
from livecue.planning.script.versions import Change, Version, segment_changes, versions_of

__all__ = [
    "MEDIA_TYPE",
    "SCHEDULE",
    "SCRIPT",
    "VARIABLES",
    "Change",
    "Differences",
    "Gate",
    "Handbook",
    "HotLine",
    "Missing",
    "Piece",
    "PlannedRow",
    "ReadSchedule",
    "ReadScript",
    "Rehearsed",
    "Remark",
    "ReplySet",
    "Review",
    "ScheduledShow",
    "Score",
    "Scripts",
    "Spoken",
    "Standing",
    "Timed",
    "Track",
    "Version",
    "count_rehearsals",
    "differences_of",
    "digest_of",
    "find_handbook",
    "find_replies",
    "gate_of",
    "list_handbooks",
    "list_hot_lines",
    "pieces_of",
    "proposed",
    "read_schedule",
    "read_script",
    "rehearsal_rooms",
    "rehearsals_of",
    "remarks_of",
    "schedule_workbook",
    "score_of",
    "script_page",
    "script_workbook",
    "segment_changes",
    "spoken",
    "standing_of",
    "tracks_for",
    "values_of",
    "versions_of",
]
