"""One push request: is it from the platform, and what does it say (live-feeds 2.3)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from livecue.errors import AuthFailed, BadPayload
from livecue.integrations.contract import Received
from livecue.integrations.douyin.open_push.translate import translate
from livecue.integrations.untrusted import json_of, number_of

SIGNED = ("x-msg-type", "x-nonce-str", "x-roomid", "x-timestamp")
WINDOW_MS = 5 * 60_000
"""A push whose own time is further away than this is refused.

The answer is due in 2 s (gifts 3 s); after ten failures in a row the platform drops data for some seconds.
"""


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


def receive(headers: Mapping[str, str], body: bytes, *, settings: Mapping[str, str], now_ms: int) -> Received:
    """Verify and translate one push request.

    Each message type has its own secret, setting ``secret_<type>``. Raises ``AuthFailed`` (not signed with it, too old
    or too new) and ``BadPayload`` (signed, but not a list of items). An item that cannot be read is an ``UnknownSeen``.
    """
    given = {name.lower(): value for name, value in headers.items()}
    kind = given.get("x-msg-type", "")
    secret = settings.get(f"secret_{kind}", "")
    wanted = signature(given, body, secret)
    if not secret:
        raise AuthFailed(f"no secret is set for pushes of type {kind!r}: enter it in the settings of this integration")
    if not hmac.compare_digest(wanted.encode(), given.get("x-signature", "").encode("utf-8", "surrogateescape")):
        raise AuthFailed("the signature of the push does not fit the secret of this message type")
    if abs(number_of(given["x-timestamp"], -(10**15)) - now_ms) > WINDOW_MS:
        raise AuthFailed("the time of the push is more than five minutes away: check the clock of this machine")
    items = json_of(body)
    if not isinstance(items, list):
        raise BadPayload("the body of a push must be a list of items")
    nonce = given["x-nonce-str"]
    events = [event for ordinal, item in enumerate(items) for event in translate(item, kind, f"{nonce}-{ordinal}")]
    within_ms = 3_000 if kind == "live_gift" else 2_000
    return Received(given["x-roomid"], events, nonce, nonce_ms=2 * WINDOW_MS, within_ms=within_ms)
