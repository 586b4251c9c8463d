"""The door for what platforms push themselves: a secret address each, every push verified by its translator."""

from livecue.web.push import connections, door

ROUTERS = (connections.router, door.router)

__all__ = ["ROUTERS"]
