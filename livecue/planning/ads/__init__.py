"""Paid traffic (投流): the plan of a show by slots, what was spent, and what came of it."""

from livecue.planning.ads.figures import AdFigures, SlotFigures, figures
from livecue.planning.ads.house import Ads, Plan, Spend, find_plan, list_spend, spent_of
from livecue.planning.ads.importing import COLUMNS, SpendFile, read_spend

__all__ = [
    "COLUMNS",
    "AdFigures",
    "Ads",
    "Plan",
    "SlotFigures",
    "Spend",
    "SpendFile",
    "figures",
    "find_plan",
    "list_spend",
    "read_spend",
    "spent_of",
]
