"""Who may sign a show's texts: legal, else whoever else holds the right; the author only where nobody else does.

The signature is the second of two: first the script is approved for what it says (``/review``), then it is signed.
"""

from collections.abc import Collection

import msgspec

from livecue.compliance import find_review
from livecue.errors import Conflict, NotAllowed
from livecue.events import Event, HitDecided, SignOffGiven, SignOffRefused
from livecue.flow import RoomInfo
from livecue.planning.script import standing_of
from livecue.shows import find_show
from livecue.team import Person, list_people
from livecue.web.auth import Caller
from livecue.web.services import Services

PERMISSION = "sign"


class NotReviewed(Conflict):
    """The script is not approved as it stands: what is signed is what was reviewed."""

    code = "script_not_reviewed"


def script_state(door: Services, info: RoomInfo, show: str) -> str:
    """Where the script of a show stands as it is now: draft, in_review, approved or returned."""
    row = find_show(door.reader, show)
    if row is None:
        return "draft"
    return standing_of(door.reader, row.org, row.brand, show, row.segments).state


def signers(door: Services, info: RoomInfo, authors: Collection[str]) -> list[Person]:
    """Who signs here, besides the authors: those of role legal, else (R069) whoever holds the permission."""
    held = [
        person
        for person in list_people(door.reader, info.org)
        if person.person not in authors and PERMISSION in person.permissions(info.org, info.brand, info.room)
    ]
    legal = [person for person in held if _is_legal(person, info)]
    return legal or held


def _is_legal(person: Person, info: RoomInfo) -> bool:
    return any(
        grant.role == "legal" and grant.brand in ("", info.brand) and grant.room in ("", info.room)
        for grant in person.grants
    )


def by_signer(
    door: Services, info: RoomInfo, event: HitDecided | SignOffGiven | SignOffRefused, caller: Caller
) -> Event:
    """The step with what the team knows of it: whether anybody else could take it, whatever the sender wrote.

    Raises ``NotAllowed`` when it is for somebody else: where there is legal, legal signs.
    """
    row = find_review(door.reader, info.room, event.show)
    authors = row.review.authors if row else []
    others = signers(door, info, authors)
    me = caller.person.person
    if me not in authors and all(person.person != me for person in others):
        raise NotAllowed(f"legal signs here: {', '.join(person.name for person in others)}")
    if isinstance(event, SignOffRefused):
        return event
    own = me in authors and bool(others)
    # Whose own text it is hears that first, from the ledger.
    if isinstance(event, SignOffGiven) and not own and script_state(door, info, event.show) != "approved":
        raise NotReviewed("the script is not approved as it stands; have it reviewed first, then sign")
    return msgspec.structs.replace(event, alone=not others)
