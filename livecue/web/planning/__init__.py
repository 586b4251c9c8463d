"""The doors to what is planned: calendar, goals, budgets, meetings, scripts."""

from livecue.web.planning import calendar, goals, roster, team

ROUTERS = (calendar.router, goals.router, roster.router, team.router)

__all__ = ["ROUTERS"]
