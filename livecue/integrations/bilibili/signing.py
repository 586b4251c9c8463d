"""Headers of a request to the open platform (live-feeds 6.1)."""

import hashlib
import hmac
from collections.abc import Mapping


def request_signature(headers: Mapping[str, str], secret: str) -> str:
    """HMAC-SHA256 in lower-case hex over the ``x-bili-*`` headers, sorted, ``name:value`` per line."""
    lines = sorted(f"{name.lower()}:{value}" for name, value in headers.items() if name.lower().startswith("x-bili-"))
    return hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def request_headers(body: bytes, *, key: str, secret: str, nonce: str, now_s: int) -> dict[str, str]:
    """All headers of one call; a ``nonce`` may be used once, ``now_s`` is seconds UTC."""
    headers = {
        "x-bili-accesskeyid": key,
        "x-bili-content-md5": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        "x-bili-signature-method": "HMAC-SHA256",
        "x-bili-signature-nonce": nonce,
        "x-bili-signature-version": "1.0",
        "x-bili-timestamp": str(now_s),
    }
    plain = {"Content-Type": "application/json", "Accept": "application/json"}
    return {**headers, "Authorization": request_signature(headers, secret), **plain}
