"""The doors to what is planned: calendar, goals, budgets, meetings, scripts."""

from livecue.web.planning import calendar

ROUTERS = (calendar.router,)

__all__ = ["ROUTERS"]
