"""The doors to what is planned: calendar, goals, budgets, meetings, scripts, supply."""

from livecue.web.planning import (
    activity,
    ads,
    calendar,
    first,
    goals,
    handbook,
    hot,
    market,
    practice,
    rehearsal,
    replies,
    review,
    roster,
    script,
    selection,
    supply,
    team,
)
from livecue.web.planning.rehearsal import rehearsal_row

ROUTERS = (
    activity.router,
    ads.router,
    calendar.router,
    goals.router,
    script.router,
    review.router,
    rehearsal.router,
    practice.router,
    first.router,
    replies.router,
    handbook.router,
    hot.router,
    selection.router,
    supply.router,
    market.router,
    *roster.ROUTERS,
    team.router,
)

__all__ = ["ROUTERS", "rehearsal_row"]
