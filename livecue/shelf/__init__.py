"""During: what is listed, shown, priced, offered and drawn; checked before it leaves, planned along the rundown."""

from livecue.shelf.check import LIVE_ACTIONS, Facts, Verdict, inverse, judge, judge_lot, live_action
from livecue.shelf.decider import Shelf, ShelfPicture
from livecue.shelf.drawing import PRIZE_STATES, Draws, DrawsPicture
from livecue.shelf.lot import METHOD, Proof, code_of, commitment_of, digest_of, faults_of, takes_part, winners_of
from livecue.shelf.plan import PlannedStep, fate
from livecue.shelf.presets import SHELF_PRESETS, ShelfPreset, preset_at
from livecue.shelf.reading import (
    DrawRow,
    PlanRow,
    Winner,
    check_draws,
    find_draw,
    find_plan,
    list_draws,
    list_winners,
    proof_of,
)
from livecue.shelf.seed import Seed, keep_seed, new_seed

__all__ = [
    "LIVE_ACTIONS",
    "METHOD",
    "PRIZE_STATES",
    "SHELF_PRESETS",
    "DrawRow",
    "Draws",
    "DrawsPicture",
    "Facts",
    "PlanRow",
    "PlannedStep",
    "Proof",
    "Seed",
    "Shelf",
    "ShelfPicture",
    "ShelfPreset",
    "Verdict",
    "Winner",
    "check_draws",
    "code_of",
    "commitment_of",
    "digest_of",
    "fate",
    "faults_of",
    "find_draw",
    "find_plan",
    "inverse",
    "judge",
    "judge_lot",
    "keep_seed",
    "list_draws",
    "list_winners",
    "live_action",
    "new_seed",
    "preset_at",
    "proof_of",
    "takes_part",
    "winners_of",
]
