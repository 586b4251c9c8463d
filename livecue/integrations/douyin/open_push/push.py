"""One push request: is it from the platform, and what does it say (live-feeds 2.3)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from livecue.errors import AuthFailed, BadPayload
from livecue.events import Event
from livecue.integrations.douyin.open_push.translate import translate
from livecue.integrations.untrusted import json_of, number_of

SIGNED = ("x-msg-type", "x-nonce-str", "x-roomid", "x-timestamp")
WINDOW_MS = 5 * 60_000
"""A push whose own time is further away than this is refused."""


@dataclass(frozen=True)
class Received:
    """A verified push. The caller remembers ``nonce`` for twice the window and answers ``status`` with ``reply``.

    The platform wants the answer within 2 s (gifts 3 s); after ten failures in a row it drops data for some seconds.
    """

    room: str
    events: list[Event]
    nonce: str
    status: int = 200
    reply: bytes = b"{}"


def signature(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """What ``x-signature`` must be: base64 of the binary MD5 of sorted ``name=value``, body and secret.

    Raises ``AuthFailed`` when a signed header is missing.
    """
    given = {name.lower(): value for name, value in headers.items()}
    missing = [name for name in SIGNED if name not in given]
    if missing:
        raise AuthFailed(f"push without {', '.join(missing)}")
    text = "&".join(f"{name}={given[name]}" for name in SIGNED).encode("utf-8", "surrogateescape")
    return base64.b64encode(hashlib.md5(text + body + secret.encode(), usedforsecurity=False).digest()).decode()


def receive(headers: Mapping[str, str], body: bytes, *, secret: str, now_ms: int) -> Received:
    """Verify and translate one push request.

    Raises ``AuthFailed`` (answer 401: not signed with ``secret``, or too old or too new) and ``BadPayload``
    (answer 400: signed, but not a list of items). Items that cannot be read become ``UnknownSeen``.
    """
    given = {name.lower(): value for name, value in headers.items()}
    wanted = signature(given, body, secret)
    if not hmac.compare_digest(wanted.encode(), given.get("x-signature", "").encode("utf-8", "surrogateescape")):
        raise AuthFailed("the signature of the push does not fit the secret of this message type")
    if abs(number_of(given["x-timestamp"], -(10**15)) - now_ms) > WINDOW_MS:
        raise AuthFailed("the time of the push is more than five minutes away: check the clock of this machine")
    items = json_of(body)
    if not isinstance(items, list):
        raise BadPayload("the body of a push must be a list of items")
    room, nonce, kind = given["x-roomid"], given["x-nonce-str"], given["x-msg-type"]
    events = [event for ordinal, item in enumerate(items) for event in translate(item, kind, f"{nonce}-{ordinal}")]
    return Received(room, events, nonce)
