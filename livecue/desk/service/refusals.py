"""Who wants no messages, by a mark that outlives their id: an id under a key of this installation tells nobody of them.

The id itself goes with the buyer's data (180 days, or when somebody has theirs erased). Who comes back under the same
id is known by the mark all the same, and is left alone.
"""

import hashlib
import hmac
import secrets

from livecue.desk.service import tables
from livecue.store import Reader, Writer

_WHERE = "org = '' AND brand = '' AND name = 'refusals'"
_KEY = f"SELECT value FROM installation_keys WHERE {_WHERE}"
_MAKE = (
    "INSERT INTO installation_keys (org, brand, name, value) VALUES ('', '', 'refusals', ?)"
    " ON CONFLICT (org, brand, name) DO NOTHING"
)
_KNOWN = (
    "SELECT org, brand, viewer, MIN(moved_at) FROM order_outreach WHERE why = 'refused' AND viewer <> ''"
    " GROUP BY org, brand, viewer ORDER BY org, brand, viewer"
)


def make_refusal_key(writer: Writer) -> None:
    """Make the key of this installation, once, and mark who refused before there was one."""
    if refusal_key(writer):
        return
    writer.write(_MAKE, (secrets.token_hex(32),))
    # Another program may have been faster: what stands is the key.
    key = refusal_key(writer)
    for org, brand, viewer, at in writer.rows(_KNOWN):
        writer.write(tables.SAVE_REFUSAL, (org, brand, refusal_mark(key, org, brand, viewer), at))


def refusal_key(db: Reader) -> bytes:
    """The key of this installation, b"" before one is made; it never leaves the database, and is in no journal."""
    rows = db.rows(_KEY)
    return bytes.fromhex(rows[0][0]) if rows else b""


def refusal_mark(key: bytes, org: str, brand: str, viewer: str) -> str:
    """The mark of a viewer of a brand (HMAC-SHA-256)."""
    return hmac.new(key, "\x1f".join((org, brand, viewer)).encode(), hashlib.sha256).hexdigest()
