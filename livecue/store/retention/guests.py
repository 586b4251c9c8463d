"""Erasing a guest of activities: a person known by name alone, in the plans of the house and in what was saved of them.

The name goes from the plans as they stand, from every version in the journal and in the files of the history; fees and
the plan stay. Names are not in the audit chain. Scripts in which a guest is named are advertising files and stay.
"""

import json
from typing import Any

import msgspec

from livecue.events import ActivitySaved, decode_events, encode_events
from livecue.store.protocols import Reader, Writer

GUEST = "*guest"
"""In the column of the platform: whom a request is about is a guest, and the id is a name."""
LEAST = 2
"""Characters of a name: one tells nobody apart, and would be found in every word."""


class FoundGuest(msgspec.Struct, frozen=True):
    """What is kept of a guest: the preview of an erasure."""

    activities: int
    """Plans in which the name stands, as a guest or in words."""
    brands: list[str]


_PLANS = "SELECT brand, activity, body FROM activities WHERE org = ? ORDER BY brand, activity"
_NAMED = (
    "SELECT brand, activity, place, name, brings FROM activity_guests WHERE org = ? AND (name = ? OR brings LIKE ?"
    " ESCAPE '!')"
)


def find_guest(reader: Reader, org: str, name: str) -> FoundGuest:
    """The activities of an organisation that name a guest."""
    found = {(str(row[0]), str(row[1])) for row in reader.rows(_NAMED, (org, name, _like(name)))}
    found |= {
        (str(brand), str(activity))
        for brand, activity, body in reader.rows(_PLANS, (org,))
        if without(json.loads(body), name, "") != json.loads(body)
    }
    return FoundGuest(len(found), sorted({brand for brand, _ in found}))


def erase_rows(writer: Writer, org: str, name: str, mask: str) -> dict[str, int]:
    """Take the name out of the plans as they stand; rows changed by table."""
    changed: dict[str, int] = {}
    for brand, activity, place, called, brings in writer.rows(_NAMED, (org, name, _like(name))):
        # Who is erased is described no longer either; of another guest only the name goes.
        mine = called == name
        row = (mask if mine else called, "" if mine else str(brings).replace(name, mask), org, brand, activity, place)
        changed["activity_guests"] = changed.get("activity_guests", 0) + writer.write(
            "UPDATE activity_guests SET name = ?, brings = ?"
            " WHERE org = ? AND brand = ? AND activity = ? AND place = ?",
            row,
        )
    for brand, activity, body in writer.rows(_PLANS, (org,)):
        old = json.loads(body)
        new = without(old, name, mask)
        if new != old:
            text = json.dumps(new, ensure_ascii=False, separators=(",", ":"))
            changed["activities"] = changed.get("activities", 0) + writer.write(
                "UPDATE activities SET body = ? WHERE org = ? AND brand = ? AND activity = ?",
                (text, org, brand, activity),
            )
    return changed


def scrub_plans(blob: bytes, org: str, name: str, mask: str) -> bytes:
    """A batch of events without the guest; the same bytes where none of them names the guest."""
    events = decode_events(blob)
    done = [scrub_plan(event, org, name, mask) for event in events]
    return blob if all(a is b for a, b in zip(done, events, strict=True)) else encode_events(done)


def scrub_plan(event: Any, org: str, name: str, mask: str) -> Any:
    """An event without the guest."""
    if not isinstance(event, ActivitySaved) or event.org != org:
        return event
    raw = msgspec.to_builtins(event)
    done = without(raw, name, mask)
    for guest, old in zip(done["guests"], raw["guests"], strict=True):
        if old["name"] == name and "brings" in guest:
            guest["brings"] = ""
    return event if done == raw else msgspec.convert(done, ActivitySaved)


_IDS = frozenset({"org", "brand", "activity", "owner", "currency", "state", "show", "shows", "kind", "key", "command",
                  "by", "starts_on", "ends_on"})  # fmt: skip


def without(value: Any, name: str, mask: str) -> Any:
    """The value with the name replaced in every text that people wrote."""
    if isinstance(value, str):
        return value.replace(name, mask)
    if isinstance(value, list | tuple):
        return [without(item, name, mask) for item in value]
    if isinstance(value, dict):
        return {key: told if key in _IDS else without(told, name, mask) for key, told in value.items()}
    return value


def _like(text: str) -> str:
    return "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
