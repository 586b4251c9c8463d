"""From a role to the person who holds it now."""

from collections.abc import Container, Sequence

import msgspec

from livecue.cues.presets import FALLBACK
from livecue.cues.state import Duty

_LAST_RESORT = ("ops", "floor", "director")
ON_STAGE = frozenset({"host", "cohost"})


class Recipient(msgspec.Struct, frozen=True):
    """Who gets a cue. ``person`` "" is the shared screen of ``role``: nobody suitable is on duty."""

    role: str
    person: str
    meant_for: str
    """The role the rule asked for."""

    @property
    def holder(self) -> str:
        """Whose attention it takes."""
        return self.person or f"role:{self.role}"

    @property
    def channel(self) -> str:
        """Where it appears."""
        return "stage" if self.role in ON_STAGE else "screen"


def recipient(role: str, duty: Sequence[Duty], busy: Container[str] = ()) -> Recipient:
    """The person on duty in the role, rather one who is not ``busy``; else in the role that stands in for it."""
    for asked in (role, *FALLBACK.get(role, _LAST_RESORT)):
        holders = [item.person for item in duty if item.role == asked]
        if holders:
            free = [person for person in holders if person not in busy]
            return Recipient(role=asked, person=(free or holders)[0], meant_for=role)
    return Recipient(role=role, person="", meant_for=role)
