"""The door for people: routes by domain, live push, sign-in."""

from livecue.web.auth import guard_of
from livecue.web.server import create_app
from livecue.web.services import DemoControls, Services

__all__ = ["DemoControls", "Services", "create_app", "guard_of"]
