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

__all__ = [
    "Due",
    "Eraser",
    "Erasure",
    "Found",
    "Hold",
    "KeptClass",
    "Retention",
    "find_viewer",
    "kept_classes",
    "lift_hold",
    "list_erasures",
    "list_holds",
    "place_hold",
    "unclassed_tables",
]
