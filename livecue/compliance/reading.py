"""Reading reviews and the evidence of a show."""

import msgspec

from livecue.compliance import tables
from livecue.compliance.review import Review
from livecue.store import Reader


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a show's texts as it was last, and when that was (room ms)."""

    room: str
    show: str
    number: int
    state: str
    changed_at: int
    signed_by: str
    signed_at: int
    self_signed: bool
    open_hits: int
    review: Review


def find_review(db: Reader, room: str, show: str) -> ReviewRow | None:
    """The newest version of a show's texts; None when it has no review."""
    rows = list_reviews(db, room, show)
    return rows[-1] if rows else None


def list_reviews(db: Reader, room: str, show: str) -> list[ReviewRow]:
    """Every version of a show's texts with its review, oldest first."""
    return [_row(room, row) for row in db.rows(tables.LIST_REVIEWS, (room, show))]


def newest_reviews(db: Reader, room: str, limit: int = 100) -> list[ReviewRow]:
    """The newest version of each show of a room, last changed first."""
    return [_row(room, row) for row in db.rows(tables.NEWEST_REVIEWS, (room, room, limit))]


def _row(room: str, row: tuple[object, ...]) -> ReviewRow:
    show, number, state, changed_at, signed_by, signed_at, self_signed, open_hits, body = row
    return msgspec.convert(
        {"room": room, "show": show, "number": number, "state": state, "changed_at": changed_at,
         "signed_by": signed_by, "signed_at": signed_at, "self_signed": bool(self_signed), "open_hits": open_hits,
         "review": msgspec.json.decode(str(body), type=Review)},
        ReviewRow,
    )  # fmt: skip
