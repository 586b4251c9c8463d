"""The bridge: the authenticated door for companions that an operator runs, and for own systems; in and out."""

from livecue.web.bridge.description import router as description
from livecue.web.bridge.hooks import (
    HOOK_AFTER,
    HOOK_ROOM,
    HOOK_SIGNATURE,
    HOOK_TIME,
    Hook,
    check_reached,
    list_hooks,
    open_hooks,
)
from livecue.web.bridge.hooks import router as hooks
from livecue.web.bridge.streams import router as streams
from livecue.web.bridge.tokens import router as tokens
from livecue.web.bridge.way_in import WayIn
from livecue.web.bridge.way_in import router as way_in
from livecue.web.bridge.way_out import lines_of
from livecue.web.bridge.way_out import router as way_out

__all__ = [
    "HOOK_AFTER",
    "HOOK_ROOM",
    "HOOK_SIGNATURE",
    "HOOK_TIME",
    "Hook",
    "WayIn",
    "check_reached",
    "description",
    "hooks",
    "lines_of",
    "list_hooks",
    "open_hooks",
    "streams",
    "tokens",
    "way_in",
    "way_out",
]
