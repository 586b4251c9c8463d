"""The door for what platforms push themselves: a secret address each, every push verified by its translator."""

from livecue.web.push.connections import router as connections
from livecue.web.push.door import router as door

__all__ = ["connections", "door"]
