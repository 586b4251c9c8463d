"""Where a script stands: draft, handed in, approved or returned, always of one exact text; and remarks on it."""

from collections.abc import Sequence

import msgspec

from livecue.events import SegmentPlan
from livecue.kit import stable_id
from livecue.planning.script import tables
from livecue.store import Reader


class Review(msgspec.Struct, frozen=True):
    """One step of the review; ``alone``: approved by whoever handed it in, since nobody else may."""

    review: str
    state: str
    digest: str
    version: int
    note: str
    by: str
    at: int
    alone: bool


class Remark(msgspec.Struct, frozen=True):
    """A remark on ``segment`` ("" is the whole script); ``closed_at`` 0 is open."""

    comment: str
    segment: str
    reply_to: str
    text: str
    by: str
    at: int
    closed_by: str
    closed_at: int


class Standing(msgspec.Struct, frozen=True):
    """``state``: draft, in_review, approved or returned. ``edited``: what was reviewed is not what stands now."""

    state: str
    edited: bool
    digest: str
    steps: list[Review]


def digest_of(segments: Sequence[SegmentPlan]) -> str:
    """The same for the same script only."""
    return stable_id("script", msgspec.json.encode(list(segments)).decode())


def standing_of(db: Reader, org: str, brand: str, show: str, segments: Sequence[SegmentPlan]) -> Standing:
    """Where the script stands now; its review counts for the text it was made of."""
    digest = digest_of(segments)
    rows = db.rows(tables.LIST_REVIEWS, (org, brand, show))
    steps = [Review(r[0], r[1], r[2], r[3], r[4], r[5], r[6], bool(r[7])) for r in rows]
    last = steps[0] if steps else None
    if last is None:
        return Standing("draft", False, digest, steps)
    same = last.digest == digest
    # What was returned stays returned until it is handed in anew, whatever was edited.
    return Standing(last.state if same or last.state == "returned" else "draft", not same, digest, steps)


def remarks_of(db: Reader, org: str, brand: str, show: str) -> list[Remark]:
    """Every remark on the script, oldest first."""
    return [Remark(*row) for row in db.rows(tables.LIST_COMMENTS, (org, brand, show))]
