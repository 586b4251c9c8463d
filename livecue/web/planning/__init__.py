"""The doors to what is planned: calendar, goals, budgets, meetings, scripts."""

from livecue.web.planning import calendar, goals, handbook, rehearsal, review, roster, script, selection, team

ROUTERS = (
    calendar.router,
    goals.router,
    script.router,
    review.router,
    rehearsal.router,
    handbook.router,
    selection.router,
    *roster.ROUTERS,
    team.router,
)

__all__ = ["ROUTERS"]
