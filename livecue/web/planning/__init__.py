"""The doors to what is planned: calendar, goals, budgets, meetings, scripts."""

from livecue.web.planning import calendar, goals, roster, script, selection, team

ROUTERS = (calendar.router, goals.router, script.router, selection.router, *roster.ROUTERS, team.router)

__all__ = ["ROUTERS"]
