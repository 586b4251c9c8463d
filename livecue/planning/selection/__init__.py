"""智能选品: what goes into a show, in which order, and why."""

from livecue.planning.selection.candidate import (
    ROLES,
    Brief,
    Candidate,
    Evidence,
    Lock,
    Phase,
    Rule,
    Weights,
)
from livecue.planning.selection.choose import KINDS, Answer, ask, choose, proposals, worth_table
from livecue.planning.selection.hits import Chosen, HitRate, hit_rate
from livecue.planning.selection.host import HostFit, Selling, host_fits
from livecue.planning.selection.order import Place, ordered, worth_of_order
from livecue.planning.selection.plan import lineup_of, rundown_of
from livecue.planning.selection.pool import ELIMINATIONS, HISTORY_DAYS, METRICS, Out, Pool, made_pool, pool_of
from livecue.planning.selection.potential import Wanted, wanted
from livecue.planning.selection.presets import PRESETS
from livecue.planning.selection.proposal import Contradiction, Near, Need, Pick, Proposal, Tight
from livecue.planning.selection.sheet import MEDIA_TYPE, sheet_of
from livecue.planning.selection.suggest import audience_of, suggested
from livecue.planning.selection.tables import (
    ACCEPT,
    LEAVE,
    Kept,
    accepted_selections,
    count_accepted,
    find_selection,
    list_selections,
    save_selections,
)

__all__ = [
    "ACCEPT",
    "ELIMINATIONS",
    "HISTORY_DAYS",
    "KINDS",
    "LEAVE",
    "MEDIA_TYPE",
    "METRICS",
    "PRESETS",
    "ROLES",
    "Answer",
    "Brief",
    "Candidate",
    "Chosen",
    "Contradiction",
    "Evidence",
    "HitRate",
    "HostFit",
    "Kept",
    "Lock",
    "Near",
    "Need",
    "Out",
    "Phase",
    "Pick",
    "Place",
    "Pool",
    "Proposal",
    "Rule",
    "Selling",
    "Tight",
    "Wanted",
    "Weights",
    "accepted_selections",
    "ask",
    "audience_of",
    "choose",
    "count_accepted",
    "find_selection",
    "hit_rate",
    "host_fits",
    "lineup_of",
    "list_selections",
    "made_pool",
    "ordered",
    "pool_of",
    "proposals",
    "rundown_of",
    "save_selections",
    "sheet_of",
    "suggested",
    "wanted",
    "worth_of_order",
    "worth_table",
]
