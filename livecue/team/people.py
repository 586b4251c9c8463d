"""Who somebody is and what they may do: grants of roles, per brand and room."""

import msgspec

from livecue.reference import ROLES
from livecue.store import Reader
from livecue.team import tables


class Grant(msgspec.Struct, frozen=True):
    """A role as it holds: for an organisation (brand ""), a brand (room "") or one room.

    ``account`` names the platform account by which a role holds in the room ("" it was given for the room itself).
    """

    role: str
    org: str
    brand: str
    room: str
    account: str = ""


class AccountGrant(msgspec.Struct, frozen=True):
    """A role limited to one platform account ("platform/name"): it holds in each room of that account, no other."""

    role: str
    org: str
    brand: str
    account: str


class Person(msgspec.Struct, frozen=True):
    """A person with their grants."""

    person: str
    org: str
    name: str
    login: str
    language: str
    active: bool
    grants: tuple[Grant, ...] = ()
    accounts: tuple[AccountGrant, ...] = ()
    """What was given for accounts; ``grants`` holds it room by room."""

    def permissions(self, org: str, brand: str, room: str = "", acting: str = "") -> frozenset[str]:
        """What the person may do there; ``acting`` narrows to one of their roles, an owner to any (the demo)."""
        if not self.active or org != self.org:
            return frozenset()
        held: set[str] = set()
        for grant in self.grants:
            if acting and grant.role not in (acting, "owner"):
                continue
            if grant.org == org and grant.brand in ("", brand) and grant.room in ("", room):
                held.update(permissions_of(acting or grant.role))
        return frozenset(held)

    def brands(self, every: list[str]) -> list[str]:
        """Which of the organisation's brands the person sees anything of."""
        mine = {grant.brand for grant in self.grants if grant.org == self.org}
        return list(every) if "" in mine else [brand for brand in every if brand in mine]


class Named(msgspec.Struct, frozen=True):
    """A person as colleagues of a room see them: a display name and what they do there; nothing personal."""

    person: str
    name: str
    roles: tuple[str, ...]
    """Roles on the room, sorted; empty for who was on duty once and holds none now."""


EVERYTHING = frozenset(
    {
        "watch", "answer", "plan", "run", "catalog", "shelf", "price", "approve", "thresholds", "comments", "people",
        "debrief", "money", "stock", "audit", "sign", "orders",
    }
)  # fmt: skip


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of a role (reference table of roles)."""
    known = ROLES.get(role)
    if known is None:
        return frozenset()
    held = frozenset(known.permissions)
    return EVERYTHING if "all" in held else held


def find_person(db: Reader, person: str) -> Person | None:
    """The person with grants; None when there is none."""
    rows = db.rows(tables.FIND_PERSON, (person,))
    if not rows:
        return None
    r = rows[0]
    return Person(r[0], r[1], r[2], r[3], r[4], bool(r[5]), _grants(db, person), _accounts(db, person))


def list_people(db: Reader, org: str) -> list[Person]:
    """Everybody of an organisation."""
    return [
        Person(r[0], r[1], r[2], r[3], r[4], bool(r[5]), _grants(db, r[0]), _accounts(db, r[0]))
        for r in db.rows(tables.LIST_PEOPLE, (org,))
    ]


def list_named(db: Reader, org: str, brand: str, room: str) -> list[Named]:
    """Everybody a screen of the room may have to name: who holds a role there, and who ever was on duty."""
    roles: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for person, name in db.rows(tables.LIST_ON_DUTY, (org, room)):
        names[person] = name or person
    for person, name, role in db.rows(tables.LIST_NAMED, (org, brand, room)):
        names[person] = name
        roles.setdefault(person, set()).add(role)
    known = {person: name for person, name in db.rows(tables.LIST_NAMES, (org,))}
    found = [
        Named(person, known.get(person, name), tuple(sorted(roles.get(person, ())))) for person, name in names.items()
    ]
    return sorted(found, key=lambda item: (not item.roles, item.name, item.person))


def list_brands(db: Reader, org: str) -> list[tuple[str, str]]:
    """(brand, name) of an organisation."""
    return [(r[0], r[1]) for r in db.rows(tables.LIST_BRANDS, (org,))]


def _grants(db: Reader, person: str) -> tuple[Grant, ...]:
    return tuple(Grant(*r) for r in db.rows(tables.LIST_GRANTS, (person,)))


def _accounts(db: Reader, person: str) -> tuple[AccountGrant, ...]:
    return tuple(AccountGrant(*r) for r in db.rows(tables.LIST_ACCOUNT_GRANTS, (person,)))
