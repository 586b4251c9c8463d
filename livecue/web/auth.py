"""Who asks, and may they: every route names its permission by one of the guards here."""

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from livecue.errors import BadInput, NotAllowed, NotFound
from livecue.flow import RoomInfo
from livecue.store import Writer, append_audit
from livecue.team import (
    EVERYTHING,
    Person,
    Session,
    act_as,
    check_password,
    end_session,
    find_person,
    find_session,
    hash_password,
    list_brands,
    new_session,
    save_password,
    use_link,
)
from livecue.web.services import Services

COOKIE = "livecue"
STAGE_PERMISSIONS = frozenset({"watch", "answer"})
STAGE_ROUTES = frozenset(
    {
        ("GET", "/api/session"), ("DELETE", "/api/session"), ("GET", "/api/rooms"), ("GET", "/api/rooms/{room}/live"),
        ("GET", "/api/rooms/{room}/people"), ("POST", "/api/rooms/{room}/commands"), ("GET", "/api/reference"),
        ("GET", "/api/speech"), ("POST", "/api/rooms/{room}/speech"),
    }
)  # fmt: skip
"""What a paired stage device may ask for: what its page needs. A route that comes later is shut to it."""
_ON_AIR = frozenset({"host", "cohost"})
DEMO_ROLES = {"operator": "console", "host": "host", "director": "director", "floor": "floor", "": ""}

AGAIN_S = 5
"""So often an open stream asks whether its reader may still read it (``still``)."""

router = APIRouter()


class Caller:
    """The person behind a request and what they may do."""

    def __init__(self, person: Person, session: Session, token: str) -> None:
        self.person = person
        self.session = session
        self.token = token

    def may(self, permission: str, org: str, brand: str, room: str = "") -> bool:
        """Whether the caller holds ``permission`` there."""
        held = self.person.permissions(org, brand, room, self.session.acting)
        if self.session.scope == "stage":
            held = held & STAGE_PERMISSIONS if room and room == self.session.room else frozenset()
        return permission in held

    def speaks(self, org: str, brand: str, room: str) -> bool:
        """Whether the caller stands before the camera there: host, assistant, or the room's paired stage device."""
        if not self.may("answer", org, brand, room):
            return False
        acting = self.session.acting
        return self.session.scope == "stage" or any(
            (acting or grant.role) in _ON_AIR and grant.brand in ("", brand) and grant.room in ("", room)
            for grant in self.person.grants
        )

    def holds(self, role: str, org: str, brand: str, room: str) -> bool:
        """Whether the caller holds ``role`` there, or acts in it (the demo)."""
        acting = self.session.acting
        return org == self.person.org and any(
            (acting or grant.role) == role and grant.brand in ("", brand) and grant.room in ("", room)
            for grant in self.person.grants
        )

    def somewhere(self, permission: str) -> bool:
        """Whether the caller holds ``permission`` for at least one brand or room."""
        return any(
            self.may(permission, grant.org, grant.brand, grant.room or self.session.room)
            for grant in self.person.grants
        )


def services(request: Request) -> Services:
    """The services of this program."""
    found: Services = request.app.state.services
    return found


def caller_of(request: Request) -> Caller:
    """The signed-in caller. Raises ``NotSignedIn``."""
    token = request.cookies.get(COOKIE, "")
    door = services(request)
    session = find_session(door.reader, token, door.clock.now_ms()) if token else None
    person = find_person(door.reader, session.person) if session is not None else None
    if session is None or person is None or not person.active:
        raise NotSignedIn("sign in first")
    return Caller(person, session, token)


class NotSignedIn(NotAllowed):
    """Nobody is signed in."""

    code = "not_signed_in"


def still(request: Request, permission: str, room: str) -> bool:
    """Whether who opened a stream may still read it: signed in, active, and with the permission in the room."""
    try:
        info = room_of(request, room)
        return caller_of(request).may(permission, info.org, info.brand, info.room)
    except (NotSignedIn, NotFound):
        return False


def is_owner(person: Person) -> bool:
    """Whether the person owns the organisation."""
    return any(grant.role == "owner" for grant in person.grants)


def colleague(door: Services, caller: Caller, person: str) -> Person:
    """Somebody who holds a role where the caller governs people, or holds none yet; else ``NotFound``."""
    found = find_person(door.reader, person)
    if found is None or found.org != caller.person.org:
        raise NotFound("there is no such person")
    if found.grants and not any(caller.may("people", g.org, g.brand, g.room) for g in found.grants):
        raise NotFound("there is no such person")
    return found


def governed(door: Services, caller: Caller, person: str) -> Person:
    """A colleague whose every role lies where the caller governs people; else ``NotAllowed``.

    Who can change a person's name or get a link to sign in as them holds everything that person holds.
    """
    found = colleague(door, caller, person)
    if is_owner(found) and not is_owner(caller.person):
        raise NotAllowed("only an owner changes an owner")
    if not all(caller.may("people", g.org, g.brand, g.room) for g in found.grants):
        raise NotAllowed("this person also works where you govern nobody; ask an owner")
    return found


def room_of(request: Request, room: str) -> RoomInfo:
    """The room; raises ``NotFound``."""
    found = services(request).rooms().get(room)
    if found is None:
        raise NotFound("there is no such room")
    return found


class Guard:
    """A dependency that lets a caller with ``permission`` pass; in routes with ``{room}`` it is asked for that room.

    What the caller may not see does not exist for them: a room of another brand answers "not found".
    """

    def __init__(self, permission: str) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Caller:
        caller = caller_of(request)
        if caller.session.scope == "stage" and (request.method, request.scope["route"].path) not in STAGE_ROUTES:
            raise NotAllowed("a stage device shows the stage and answers cues, nothing else")
        name = request.path_params.get("room")
        if name is not None:
            room = room_of(request, name)
            if not caller.may("watch", room.org, room.brand, room.room):
                raise NotFound("there is no such room")
            if not caller.may(self.permission, room.org, room.brand, room.room):
                raise NotAllowed(f"this needs the permission {self.permission!r}; ask whoever runs the team")
        elif self.permission != "signed_in" and not caller.somewhere(self.permission):
            raise NotAllowed(f"this needs the permission {self.permission!r}; ask whoever runs the team")
        return caller


class Public:
    """Marks a route that needs no sign-in, with the reason."""

    def __init__(self, reason: str) -> None:
        self.permission = "public"
        self.reason = reason

    def __call__(self) -> None:
        return None


def guard_of(route: Any) -> Any:
    """The guard among a route's dependencies (it has a ``permission``), None without; the tests ask every route."""
    stack = [route.dependant]
    while stack:
        dependant = stack.pop()
        if hasattr(dependant.call, "permission"):
            return dependant.call
        stack.extend(dependant.dependencies)
    return None


async def apply(door: Services, work: Callable[[Any], Any]) -> Any:
    """Run ``work`` in the pump's next transaction."""
    return await asyncio.wrap_future(door.pump.run(work))


def _noted(writer: Writer, token: str, now: int, what: str) -> str:
    """The session token, with a link in the audit chain of who holds it now."""
    session = find_session(writer, token, now)
    if session is not None:
        rows = writer.rows("SELECT org FROM people WHERE person = ?", (session.person,))
        org = str(rows[0][0]) if rows else ""
        append_audit(writer, at=now, org=org, brand="", room="", who=session.person, what=what, subject=session.person)
    return token


def note(writer: Writer, room: RoomInfo, now: int, caller: Caller, what: str, subject: str) -> None:
    """A link in the audit chain for what a person did at a room's doors."""
    append_audit(
        writer,
        at=now,
        org=room.org,
        brand=room.brand,
        room=room.room,
        who=caller.person.person,
        what=what,
        subject=subject,
    )


def set_cookie(response: Response, token: str, secure: bool) -> None:
    """The session cookie: not readable by scripts, not sent along by other sites."""
    response.set_cookie(
        COOKIE, token, max_age=30 * 24 * 3600, httponly=True, samesite="strict", secure=secure, path="/"
    )


class SignIn(BaseModel):
    """A name and a password."""

    login: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=1000)


class NewPassword(BaseModel):
    """A new password for the caller."""

    password: str = Field(min_length=1, max_length=1000)


class ActAs(BaseModel):
    """One of the demo's roles; "" is everything again."""

    role: str


_public = Public("signing in is how one gets in")
_signed_in = Guard("signed_in")


@router.get("/signin", dependencies=[Depends(_public)], include_in_schema=False)
async def sign_in_by_link(request: Request, token: str = "") -> Response:
    """Spend a one-time link. Without a token the page of the screens answers."""
    door = services(request)
    if not token:
        return request.app.state.page()  # type: ignore[no-any-return]
    now = door.clock.now_ms()
    door.tries_by_address.check(request.client.host if request.client else "", now)
    try:
        session = await apply(door, lambda writer: _noted(writer, use_link(writer, token, now), now, "SignedIn"))
    except NotAllowed:
        return RedirectResponse("/signin?failed=link", status_code=303)
    response = RedirectResponse("/", status_code=303)
    set_cookie(response, session, request.url.scheme == "https")
    return response


@router.post("/api/session", dependencies=[Depends(_public)])
async def sign_in(request: Request, body: SignIn) -> Response:
    """Sign in by name and password."""
    door = services(request)
    now = door.clock.now_ms()
    door.tries_by_name.check(body.login, now)
    door.tries_by_address.check(request.client.host if request.client else "", now)
    person, org = await asyncio.to_thread(check_password, door.reader, body.login, body.password)
    token = await apply(door, lambda writer: _noted(writer, new_session(writer, org, person, now), now, "SignedIn"))
    response = Response(status_code=204)
    set_cookie(response, token, request.url.scheme == "https")
    return response


@router.delete("/api/session")
async def sign_out(request: Request, caller: Caller = Depends(_signed_in)) -> Response:
    """Sign out."""
    await apply(services(request), lambda writer: end_session(writer, caller.token))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/api/session")
async def who_am_i(request: Request, caller: Caller = Depends(_signed_in)) -> dict[str, Any]:
    """The caller: name, brands, roles, permissions, whether this is the demo."""
    door = services(request)
    person, session = caller.person, caller.session
    every = list_brands(door.reader, person.org)
    mine = person.brands([brand for brand, _ in every])
    permissions = sorted(p for p in EVERYTHING if caller.somewhere(p))
    return {
        "person": person.person,
        "name": person.name,
        "language": person.language,
        "org": person.org,
        "brands": [{"brand": brand, "name": name} for brand, name in every if brand in mine],
        "roles": [{"role": g.role, "brand": g.brand, "room": g.room} for g in person.grants],
        "permissions": permissions,
        "scope": session.scope,
        "room": session.room,
        "acting": session.acting,
        "demo": door.demo is not None,
        "version": door.version,
    }


@router.post("/api/session/password", status_code=204)
async def change_password(request: Request, body: NewPassword, caller: Caller = Depends(_signed_in)) -> Response:
    """Set the caller's password; other sessions of theirs end."""
    if caller.session.scope != "full":
        raise NotAllowed("a stage device cannot set a password")
    door = services(request)
    now = door.clock.now_ms()
    hashed = await asyncio.to_thread(hash_password, body.password)

    def work(writer: Any) -> str:
        save_password(writer, caller.person.org, caller.person.person, hashed, now)
        return new_session(writer, caller.person.org, caller.person.person, now)

    token = await apply(door, work)
    response = Response(status_code=204)
    set_cookie(response, token, request.url.scheme == "https")
    return response


@router.post("/api/session/act-as", status_code=204)
async def act_as_role(request: Request, body: ActAs, caller: Caller = Depends(_signed_in)) -> Response:
    """Look at the demo as host, operator or director: an owner as any of them, others as what they are."""
    door = services(request)
    if door.demo is None:
        raise NotAllowed("only the demo can be looked at in another role")
    if caller.session.scope != "full":
        raise NotAllowed("a stage device shows the stage and nothing else")
    if body.role not in DEMO_ROLES:
        raise BadInput(f"the demo knows the roles {', '.join(sorted(DEMO_ROLES))}")
    role = DEMO_ROLES[body.role]
    if role and not is_owner(caller.person) and all(grant.role != role for grant in caller.person.grants):
        raise NotAllowed("only an owner looks at the demo in a role they do not hold")
    await apply(door, lambda writer: act_as(writer, caller.token, role))
    door.demo.take_over(role)
    return Response(status_code=204)
