"""活动方案 (F28): flow, guests, partner brands, resources, budget and shows of an activity; printed and as Excel."""

from livecue.planning.activity.house import (
    STATES,
    Activities,
    Activity,
    activities_between,
    find_activity,
    money_kept,
    without_money,
)
from livecue.planning.activity.paper import activity_page, activity_workbook
from livecue.planning.activity.sums import Sums, sums_of

__all__ = [
    "STATES",
    "Activities",
    "Activity",
    "Sums",
    "activities_between",
    "activity_page",
    "activity_workbook",
    "find_activity",
    "money_kept",
    "sums_of",
    "without_money",
]
