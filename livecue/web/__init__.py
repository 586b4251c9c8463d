"""The door for people: routes by domain, live push, sign-in."""

from livecue.web.auth import guard_of
from livecue.web.bridge import (
    HOOK_AFTER,
    HOOK_ROOM,
    HOOK_SIGNATURE,
    HOOK_TIME,
    Hook,
    check_reached,
    lines_of,
    open_hooks,
)
from livecue.web.planning import rehearsal_row
from livecue.web.pushers import Pushers, PushKind, PushSetting
from livecue.web.rooms import ACTIONS, COMMANDS
from livecue.web.server import STATIC, create_app, every_route
from livecue.web.services import DemoControls, Services, Shared

__all__ = [
    "ACTIONS",
    "COMMANDS",
    "HOOK_AFTER",
    "HOOK_ROOM",
    "HOOK_SIGNATURE",
    "HOOK_TIME",
    "STATIC",
    "DemoControls",
    "Hook",
    "PushKind",
    "PushSetting",
    "Pushers",
    "Services",
    "Shared",
    "check_reached",
    "create_app",
    "every_route",
    "guard_of",
    "lines_of",
    "open_hooks",
    "rehearsal_row",
]
