"""The doors to rosters: who can work, what is to fill and who fills it, the search."""

from livecue.web.planning.roster import people, rosters, search

ROUTERS = (people.router, rosters.router, search.router)

__all__ = ["ROUTERS"]
