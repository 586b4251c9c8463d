"""The doors to what is planned: calendar, goals, budgets, meetings, scripts."""

from livecue.web.planning import calendar, goals

ROUTERS = (calendar.router, goals.router)

__all__ = ["ROUTERS"]
