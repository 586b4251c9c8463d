"""Who wants no messages, by a mark that outlives their id: an id under a key of this installation tells nobody of them.

The id itself goes with the buyer's data (180 days, or when somebody has theirs erased). Who comes back under the same
id is known by the mark all the same, and is left alone.
"""

import hashlib
import hmac

from livecue.store import Reader

_KEY = "SELECT value FROM installation_keys WHERE org = '' AND brand = '' AND name = 'refusals'"


def refusal_key(db: Reader) -> bytes:
    """The key of this installation; it never leaves the database, and is in no journal."""
    rows = db.rows(_KEY)
    return bytes.fromhex(rows[0][0]) if rows else b""


def refusal_mark(key: bytes, org: str, brand: str, viewer: str) -> str:
    """The mark of a viewer of a brand (HMAC-SHA-256)."""
    return hmac.new(key, "\x1f".join((org, brand, viewer)).encode(), hashlib.sha256).hexdigest()
