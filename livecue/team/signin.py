"""Sign-in: one-time links, passwords (Argon2), sessions, pairing of stage devices, tokens of the bridge.

Only hashes of tokens are stored. Functions that write take the ``Writer`` of the pump's transaction.
"""

import hashlib
import secrets
from collections import deque

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from livecue.errors import BadInput, NotAllowed, Overloaded
from livecue.store import Reader, Writer
from livecue.team import tables

SESSION_MS = 30 * 24 * 3600 * 1000
LINK_MS = 24 * 3600 * 1000
PAIRING_MS = 10 * 60 * 1000
STAGE_MS = 7 * 24 * 3600 * 1000
LEAST_PASSWORD = 10

_hasher = PasswordHasher()
# Verified against when the name is unknown, so that the time taken does not tell names.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class Session(msgspec.Struct, frozen=True):
    """A signed-in browser. ``scope`` full or stage; stage sessions are bound to ``room``."""

    person: str
    scope: str
    room: str
    acting: str
    expires_at: int


class TokenInfo(msgspec.Struct, frozen=True):
    """A bridge token: ``scope`` write, read or both."""

    room: str
    name: str
    scope: str
    expires_at: int


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_link(writer: Writer, org: str, person: str, now: int) -> str:
    """A one-time sign-in token, good for a day."""
    token = secrets.token_urlsafe(24)
    writer.write(tables.SAVE_LINK, (org, token_hash(token), person, now + LINK_MS))
    return token


def use_link(writer: Writer, token: str, now: int) -> str:
    """Spend a link for a session token. Raises ``NotAllowed`` when it is used, old or wrong."""
    rows = writer.rows(tables.USE_LINK, (token_hash(token), now))
    if not rows:
        raise NotAllowed("this link was used or is too old; `livecue user link` makes a new one")
    person, org = rows[0]
    return new_session(writer, org, person, now)


def new_session(
    writer: Writer, org: str, person: str, now: int, scope: str = "full", room: str = "", lasts_ms: int = SESSION_MS
) -> str:
    """A session token for a cookie."""
    token = secrets.token_urlsafe(32)
    writer.write(tables.DROP_OLD_SESSIONS, (now,))
    writer.write(tables.SAVE_SESSION, (org, token_hash(token), person, scope, room, "", now, now + lasts_ms))
    return token


def find_session(db: Reader, token: str, now: int) -> Session | None:
    """The session of a cookie; None when it is unknown or over."""
    rows = db.rows(tables.FIND_SESSION, (token_hash(token),))
    if not rows or rows[0][4] <= now:
        return None
    r = rows[0]
    return Session(r[0], r[1], r[2], r[3], r[4])


def end_session(writer: Writer, token: str) -> None:
    """Sign out."""
    writer.write(tables.DROP_SESSION, (token_hash(token),))


def act_as(writer: Writer, token: str, role: str) -> None:
    """Narrow a session to one role (demo only); "" widens it again."""
    writer.write(tables.ACT_AS, (role, token_hash(token)))


def hash_password(password: str) -> str:
    """Argon2id hash; slow on purpose, so call it off the event loop. Raises ``BadInput`` when it is too short."""
    if len(password) < LEAST_PASSWORD:
        raise BadInput(f"a password needs at least {LEAST_PASSWORD} characters")
    if len(password) > 1000:
        raise BadInput("a password has at most 1000 characters")
    return _hasher.hash(password)


def save_password(writer: Writer, org: str, person: str, hashed: str, now: int) -> None:
    """Keep the hash; every session of the person ends."""
    writer.write(tables.SAVE_PASSWORD, (org, person, hashed, now))
    writer.write(tables.DROP_PERSONS_SESSIONS, (person,))


def check_password(db: Reader, login: str, password: str) -> tuple[str, str]:
    """(person, org) when name and password fit; slow on purpose.

    Raises ``NotAllowed`` without saying which was wrong.
    """
    rows = db.rows(tables.FIND_LOGIN, (login,))
    hashes = db.rows(tables.FIND_PASSWORD, (rows[0][0],)) if rows else []
    try:
        _hasher.verify(hashes[0][0] if hashes else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        raise NotAllowed("name or password is wrong") from None
    if not hashes:
        raise NotAllowed("name or password is wrong")
    return rows[0][0], rows[0][1]


def any_password(db: Reader) -> bool:
    """Whether somebody has a password yet: until then each start prints a link."""
    return bool(db.rows(tables.COUNT_PASSWORDS)[0][0])


def new_pairing(writer: Writer, org: str, brand: str, room: str, person: str, now: int) -> tuple[str, int]:
    """(code of 8 digits, when it runs out) for one stage device of the room."""
    code = f"{secrets.randbelow(10**8):08d}"
    writer.write(tables.DROP_OLD_PAIRINGS, (now,))
    writer.write(tables.SAVE_PAIRING, (org, brand, room, token_hash(code), person, now + PAIRING_MS))
    return code, now + PAIRING_MS


def use_pairing(writer: Writer, code: str, now: int) -> tuple[str, str]:
    """Spend a pairing code for (stage session token, room). Raises ``NotAllowed``."""
    rows = writer.rows(tables.USE_PAIRING, (token_hash(code), now))
    if not rows:
        raise NotAllowed("this code was used or is too old; ask for a new one at the control desk")
    person, org, room = rows[0]
    return new_session(writer, org, person, now, "stage", room, STAGE_MS), room


def new_token(writer: Writer, org: str, brand: str, room: str, name: str, scope: str, now: int, lasts_ms: int) -> str:
    """A bridge token, shown once."""
    if scope not in ("write", "read", "both"):
        raise BadInput("a token's scope is write, read or both")
    token = "lc_" + secrets.token_urlsafe(30)
    writer.write(tables.SAVE_TOKEN, (org, brand, room, token_hash(token), name, scope, now, now + lasts_ms))
    return token


def find_token(db: Reader, token: str, now: int) -> TokenInfo | None:
    """The bridge token; None when it is unknown, revoked or over."""
    rows = db.rows(tables.FIND_TOKEN, (token_hash(token),))
    if not rows or rows[0][3] <= now:
        return None
    r = rows[0]
    return TokenInfo(r[0], r[1], r[2], r[3])


class TokenRow(msgspec.Struct, frozen=True):
    """A bridge token as the office sees it; ``mark`` is the beginning of its hash."""

    name: str
    scope: str
    made_at: int
    expires_at: int
    revoked: bool
    mark: str


def list_tokens(db: Reader, room: str) -> list[TokenRow]:
    """The tokens of a room, newest first."""
    return [TokenRow(r[0], r[1], r[2], r[3], bool(r[4]), r[5]) for r in db.rows(tables.LIST_TOKENS, (room,))]


def revoke_token(writer: Writer, room: str, name: str) -> None:
    """No longer accept the tokens of that name."""
    writer.write(tables.REVOKE_TOKEN, (room, name))


class RateLimit:
    """At most ``most`` tries in ``window_ms`` for one name or address; memory stays bounded."""

    def __init__(self, most: int, window_ms: int) -> None:
        self._most = most
        self._window_ms = window_ms
        self._tries: dict[str, deque[int]] = {}

    def check(self, who: str, now: int) -> None:
        """Count a try. Raises ``Overloaded`` with the time to wait when there were too many."""
        if len(self._tries) > 10_000:
            self._tries = {
                name: tries for name, tries in self._tries.items() if tries and now - tries[-1] < self._window_ms
            }
        tries = self._tries.setdefault(who, deque())
        while tries and now - tries[0] >= self._window_ms:
            tries.popleft()
        if len(tries) >= self._most:
            wait = (self._window_ms - (now - tries[0])) / 1000
            raise Overloaded(f"too many tries; wait {wait:.0f} seconds", wait)
        tries.append(now)
