"""How long what is kept, legal holds, and the erasure of a person."""

from livecue.store.retention.classes import (
    Due,
    Hold,
    KeptClass,
    Retention,
    kept_classes,
    lift_hold,
    list_holds,
    place_hold,
    unclassed_tables,
)
from livecue.store.retention.erase import Eraser, Erasure, Found, find_viewer, list_erasures
from livecue.store.retention.guests import FoundGuest, find_guest

__all__ = [
    "Due",
    "Eraser",
    "Erasure",
    "Found",
    "FoundGuest",
    "Hold",
    "KeptClass",
    "Retention",
    "find_guest",
    "find_viewer",
    "kept_classes",
    "lift_hold",
    "list_erasures",
    "list_holds",
    "place_hold",
    "unclassed_tables",
]
