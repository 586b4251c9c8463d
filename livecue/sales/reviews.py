"""What buyers say of goods in public: the newest word of each review by its own time (M81)."""

from collections.abc import Sequence

import msgspec

from livecue.events import ReviewPosted
from livecue.flow import RoomInfo, Unit
from livecue.store import Reader

_SAVE = (
    "INSERT INTO product_reviews (org, brand, room, review, number, product, sku, viewer, score, said, source, at,"
    " noted_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, review) DO UPDATE SET number = excluded.number,"
    " product = excluded.product, sku = excluded.sku, viewer = excluded.viewer, score = excluded.score,"
    " said = excluded.said, source = excluded.source, at = excluded.at, noted_at = excluded.noted_at"
    " WHERE excluded.at > product_reviews.at"
    " OR (excluded.at = product_reviews.at AND excluded.score < product_reviews.score)"
)
_ROWS = (
    "SELECT room, review, number, product, sku, score, said, source, at, noted_at FROM product_reviews"
    " WHERE room IN ({rooms}) AND at >= ? AND at < ? ORDER BY at DESC, review LIMIT ?"
)
_COUNTS = (
    "SELECT product, source, SUM(CASE WHEN score >= ? THEN 1 ELSE 0 END), COUNT(*), MAX(at) FROM product_reviews"
    " WHERE room IN ({rooms}) AND at >= ? AND at < ? GROUP BY product, source ORDER BY product, source"
)


class ReviewRow(msgspec.Struct, frozen=True):
    """A review; ``at`` is when it was written, ``noted_at`` when we heard of it, ms UTC."""

    room: str
    review: str
    number: str
    product: str
    sku: str
    score: int
    said: str
    source: str
    at: int
    noted_at: int


class ReviewCount(msgspec.Struct, frozen=True):
    """Reviews of a product from a source; ``newest`` ms UTC."""

    product: str
    source: str
    good: int
    of: int
    newest: int


def keep(event: ReviewPosted, room: RoomInfo, unit: Unit) -> None:
    """One word of a review: of two the later by its time counts, whichever was told first."""
    unit.write(
        _SAVE,
        (
            room.org, room.brand, room.room, event.review, event.order, event.product, event.sku, event.user,
            event.score, event.text.strip(), event.source, event.at or unit.now, unit.now,
        ),
    )  # fmt: skip


def list_reviews(db: Reader, rooms: Sequence[str], since: int, until: int, limit: int = 50) -> list[ReviewRow]:
    """Reviews written within [since, until) ms, newest first."""
    statement = _ROWS.format(rooms=",".join("?" * len(rooms)) or "NULL")
    return [ReviewRow(*row) for row in db.rows(statement, (*rooms, since, until, limit))]


def count_reviews(db: Reader, rooms: Sequence[str], good_from: int, since: int, until: int) -> list[ReviewCount]:
    """By product and source, of those written within [since, until) ms; good is a score of ``good_from`` and more."""
    statement = _COUNTS.format(rooms=",".join("?" * len(rooms)) or "NULL")
    rows = db.rows(statement, (good_from, *rooms, since, until))
    return [ReviewCount(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows]
