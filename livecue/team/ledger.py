"""The ledger of the team: people and grants in the house's stream, who is on duty in a room's."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    BrandSaved,
    CommandApplied,
    CommandAsked,
    CommandRefused,
    DutyLeft,
    DutyTaken,
    Event,
    PersonSaved,
    RoleGranted,
    RoleRevoked,
    ThresholdSet,
)
from livecue.flow import RoomInfo, Unit
from livecue.reference import ROLES
from livecue.team import tables
from livecue.team.stages import kept_bounds

Problem = tuple[str, str]
"""(code, what to do): why a command is refused."""


_LAST_OWNER: Problem = ("last_owner", "nobody else owns the organisation; make another owner first")


def _is_last_owner(org: str, person: str, unit: Unit) -> bool:
    owners = {row[0] for row in unit.ask(tables.OWNERS, (org,))}
    return owners == {person}


class Duty(msgspec.Struct, frozen=True):
    """A person who holds a role in the room now."""

    person: str
    name: str
    role: str
    since: int


class TeamPicture(msgspec.Struct, frozen=True):
    """Who is on duty, in the order they came."""

    duty: list[Duty]


class _State(msgspec.Struct):
    duty: list[Duty] = []


class Team:
    """Remembers people, what they may do, and who is on duty."""

    name: ClassVar[str] = "team"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {BrandSaved, PersonSaved, RoleGranted, RoleRevoked, DutyTaken, DutyLeft, ThresholdSet}
    )

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        try:
            self._state = msgspec.msgpack.decode(blob, type=_State) if blob else _State()
        except msgspec.DecodeError as error:
            raise BadInput(f"team: {error}") from error

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        for event in events:
            if not isinstance(event, CommandAsked):
                continue
            if isinstance(event, ThresholdSet):
                self._stages(event, unit)
                continue
            problem = self._apply(event, unit)
            if problem is not None:
                code, why = problem
                unit.announce(CommandRefused(command=event.command, code=code, why=why))
            else:
                unit.announce(CommandApplied(command=event.command))

    def _stages(self, event: ThresholdSet, unit: Unit) -> None:
        """Told to every room of the brand; it is one row."""
        item = kept_bounds(event, unit.now)
        if item is not None:
            room, body = self._room, msgspec.json.encode(item).decode()
            unit.write(tables.SAVE_STAGE_BOUNDS, (room.org, room.brand, event.command, body, item.valid_from, event.by))

    def _apply(self, event: CommandAsked, unit: Unit) -> Problem | None:
        if isinstance(event, DutyTaken | DutyLeft):
            return self._duty(event, unit)
        if isinstance(event, BrandSaved):
            if not event.org or not event.name.strip():
                return "incomplete", "a brand needs an organisation and a name"
            if unit.ask(tables.BRAND_NAME_TAKEN, (event.org, event.name, event.brand)):
                return "brand_name_taken", f"another brand is called {event.name!r}; choose another name"
            unit.write(tables.SAVE_BRAND, (event.org, event.brand, event.name))
        elif isinstance(event, PersonSaved):
            if not event.person or not event.name.strip():
                return "incomplete", "a person needs a name"
            if event.login and unit.ask(tables.LOGIN_TAKEN, (event.login, event.person)):
                return "login_taken", f"the sign-in name {event.login!r} is taken; choose another"
            if not event.active and _is_last_owner(event.org, event.person, unit):
                return _LAST_OWNER
            unit.write(
                tables.SAVE_PERSON, (event.org, event.person, event.name, event.login, event.language, event.active)
            )
            if not event.active:
                unit.write(tables.DROP_PERSONS_SESSIONS, (event.person,))
        elif isinstance(event, RoleGranted | RoleRevoked):
            if event.role not in ROLES:
                return "no_role", f"there is no role {event.role!r}"
            given = isinstance(event, RoleGranted)
            owning = event.role == "owner" and not (event.brand or event.room or event.account)
            if not given and owning and _is_last_owner(event.org, event.person, unit):
                return _LAST_OWNER
            if event.account:
                if event.room or not event.brand:
                    return "bad_scope", "a role holds for a brand's account or for a room of it, not for both"
                statement = tables.GRANT_ACCOUNT if given else tables.REVOKE_ACCOUNT
                unit.write(statement, (event.org, event.brand, event.account, event.person, event.role))
                return None
            statement = tables.GRANT if given else tables.REVOKE
            unit.write(statement, (event.org, event.brand, event.room, event.person, event.role))
        return None

    def _duty(self, event: DutyTaken | DutyLeft, unit: Unit) -> Problem | None:
        room, duty = self._room, self._state.duty
        if event.role not in ROLES:
            return "no_role", f"there is no role {event.role!r}"
        held = next((d for d in duty if d.person == event.person and d.role == event.role), None)
        if isinstance(event, DutyTaken):
            if held is None:
                duty.append(Duty(event.person, event.name or event.person, event.role, unit.now))
                unit.write(
                    tables.TAKE_DUTY,
                    (room.org, room.brand, room.room, event.person, event.role, event.name, unit.now),
                )
        elif held is not None:
            duty.remove(held)
            unit.write(tables.LEAVE_DUTY, (unit.now, room.room, event.person, event.role))
        return None

    def picture(self, now: int) -> TeamPicture:
        return TeamPicture(list(self._state.duty))

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self._state)
