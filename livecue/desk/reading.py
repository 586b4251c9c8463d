"""What was judged and asked, for the debrief and for older comments."""

import msgspec

from livecue.desk import tables
from livecue.desk.state import JudgedView
from livecue.store import Reader


class AskedQuestion(msgspec.Struct, frozen=True):
    """One question of a show, by ``asked`` comments; ``comment`` and ``text`` are the first one's. Times in room ms."""

    topic: str
    product: str
    text: str
    comment: str
    asked: int
    answered: int
    ignored: int
    first_at: int
    last_at: int


def hot_questions(db: Reader, room: str, show: str, limit: int = 20) -> list[AskedQuestion]:
    """What was asked most in a show."""
    return _asked(db, tables.HOT, room, show, limit)


def unanswered(db: Reader, room: str, show: str, limit: int = 50) -> list[AskedQuestion]:
    """What nobody answered and nobody set aside; ``asked`` counts only comments left open."""
    return _asked(db, tables.OPEN, room, show, limit)


def judgements_of(db: Reader, room: str, since: int, until: int) -> dict[str, JudgedView]:
    """Judgements by comment, of comments judged from ``since`` to ``until`` (room ms, both included)."""
    return {
        comment: JudgedView(label, topic, product, confidence, reason != "", reason, bool(for_host))
        for comment, label, topic, product, confidence, reason, for_host in db.rows(
            tables.JUDGEMENTS, (room, since, until)
        )
    }


def label_counts(db: Reader, room: str, show: str, since: int, until: int) -> dict[str, int]:
    """How many comments of a show were judged what, from ``since`` to ``until`` (room ms)."""
    return {label: count for label, count in db.rows(tables.LABELS, (room, show, since, until))}


def _asked(db: Reader, statement: str, room: str, show: str, limit: int) -> list[AskedQuestion]:
    found = []
    for cluster, topic, product, asked, answered, ignored, first_at, last_at in db.rows(statement, (room, show, limit)):
        comment, text = db.rows(tables.FIRST_TEXT, (room, show, cluster, first_at))[0]
        found.append(AskedQuestion(topic, product, text, comment, asked, answered, ignored, first_at, last_at))
    return found
