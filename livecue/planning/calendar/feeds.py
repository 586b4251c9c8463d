"""Addresses by which a person's own calendar program reads the team's: a token each, shown once, revocable."""

import hashlib
import secrets

import msgspec

from livecue.planning.calendar import tables
from livecue.store import Reader, Writer


class Feed(msgspec.Struct, frozen=True):
    """Whose feed this is; it shows what ``person`` may watch at the moment it is read."""

    org: str
    brand: str
    feed: str
    name: str
    person: str
    language: str


class FeedRow(msgspec.Struct, frozen=True):
    """A feed in the list of its owner; the token itself is not kept."""

    feed: str
    brand: str
    name: str
    language: str
    made_at: int
    revoked: bool


def new_feed(writer: Writer, feed: Feed, now: int) -> str:
    """Keep a feed; its token, which is shown once."""
    token = "ics_" + secrets.token_urlsafe(30)
    row = (feed.org, feed.brand, feed.feed, _hash(token), feed.name, feed.person, feed.language, now)
    writer.write(tables.SAVE_FEED, row)
    return token


def find_feed(db: Reader, token: str) -> Feed | None:
    """The feed of a token; None when it is unknown or revoked."""
    rows = db.rows(tables.FIND_FEED, (_hash(token),))
    return Feed(*rows[0]) if rows else None


def list_feeds(db: Reader, org: str, person: str) -> list[FeedRow]:
    """A person's feeds, newest first."""
    return [FeedRow(r[0], r[1], r[2], r[3], r[4], bool(r[5])) for r in db.rows(tables.LIST_FEEDS, (org, person))]


def revoke_feed(writer: Writer, org: str, person: str, feed: str) -> int:
    """Take a feed back; how many were (0: there is no such feed of this person)."""
    return writer.write(tables.REVOKE_FEED, (org, person, feed))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
