"""The weekly report of what customers ask (R080): topics and products, their share (M85) and what it was before."""

from collections.abc import Sequence

import msgspec

from livecue.desk.service.masking import mask_text
from livecue.desk.service.presets import report_preset
from livecue.store import Reader

_COUNTED = (
    "SELECT topic, product, COUNT(*), SUM(CASE WHEN state = 'asked' THEN 1 ELSE 0 END) FROM questions"
    " WHERE room IN ({rooms}) AND asked_at >= ? AND asked_at < ? GROUP BY topic, product"
)
_WRITTEN = (
    "SELECT topic, product, COUNT(*), SUM(CASE WHEN first_reply_at = 0 THEN 1 ELSE 0 END) FROM conversations"
    " WHERE room IN ({rooms}) AND channel = 'message' AND topic <> '' AND opened_at >= ? AND opened_at < ?"
    " GROUP BY topic, product"
)
_EXAMPLES = (
    "SELECT text FROM questions WHERE room IN ({rooms}) AND topic = ? AND product = ?"
    " AND asked_at >= ? AND asked_at < ? ORDER BY asked_at DESC LIMIT 3"
)
MOST = 40
_NO_TOPIC = ("", "other")
"""What has no topic is no one question: no line answers it."""


class HotSpot(msgspec.Struct, frozen=True):
    """One topic of one product. ``share`` of all questions (M85), ``before`` that in the span before, None unknown."""

    topic: str
    product: str
    asked: int
    unanswered: int
    share: float
    before: float | None
    examples: list[str]
    demonstrate: bool
    line: bool
    """Asked often enough about a product to be worth a line in the talk."""


class HotSpots(msgspec.Struct, frozen=True):
    """The report; ``total`` questions in the span, ``total_before`` in the one before."""

    total: int
    total_before: int
    spots: list[HotSpot]
    demonstrate_from: float
    """The bound in force (R062), a share of all questions."""
    line_from: int
    """So many questions about one topic of one product are worth a line in the talk."""
    again_days: int


def _counts(db: Reader, rooms: Sequence[str], since: int, until: int) -> dict[tuple[str, str], tuple[int, int]]:
    places = ",".join("?" * len(rooms)) or "NULL"
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for statement in (_COUNTED, _WRITTEN):
        for topic, product, asked, unanswered in db.rows(statement.format(rooms=places), (*rooms, since, until)):
            had = found.get((topic, product), (0, 0))
            found[topic, product] = (had[0] + int(asked), had[1] + int(unanswered or 0))
    return found


def hot_spots(db: Reader, rooms: Sequence[str], since: int, until: int) -> HotSpots:
    """Questions in the rooms and in private together, the most asked first."""
    now, before = _counts(db, rooms, since, until), _counts(db, rooms, max(0, 2 * since - until), since)
    total, earlier = sum(asked for asked, _ in now.values()), sum(asked for asked, _ in before.values())
    places = ",".join("?" * len(rooms)) or "NULL"
    spots = []
    # The span ends before ``until``: a bound that begins just then is that of the next one.
    preset = report_preset(until - 1)
    for (topic, product), (asked, unanswered) in sorted(now.items(), key=lambda item: (-item[1][0], item[0]))[:MOST]:
        examples = [
            mask_text(str(row[0]))
            for row in db.rows(_EXAMPLES.format(rooms=places), (*rooms, topic, product, since, until))
        ]
        had = before.get((topic, product), (0, 0))[0]
        share = asked / total
        line = bool(product) and topic not in _NO_TOPIC and asked >= preset.line_from
        spots.append(
            HotSpot(
                topic, product, asked, unanswered, share, had / earlier if earlier else None, examples,
                share >= preset.demonstrate_from, line,
            )
        )  # fmt: skip
    return HotSpots(total, earlier, spots, preset.demonstrate_from, preset.line_from, preset.again_days)


class AskedOf(msgspec.Struct, frozen=True):
    """How often a product was asked about, of all questions, and most about which topic."""

    product: str
    asked: int
    share: float
    topic: str
    topic_asked: int
    demonstrate: bool
    """Its share reaches the bound of R062."""


def asked_by_product(db: Reader, rooms: Sequence[str], since: int, until: int) -> tuple[int, list[AskedOf]]:
    """All questions of the span, and what was asked of each product, the most asked first (R062)."""
    counts = {key: asked for key, (asked, _) in _counts(db, rooms, since, until).items()}
    total, bound = sum(counts.values()), report_preset(until - 1).demonstrate_from
    found = []
    for product in {product for _, product in counts if product}:
        mine = {topic: asked for (topic, of), asked in counts.items() if of == product}
        topic = min(mine, key=lambda name: (-mine[name], name))
        asked = sum(mine.values())
        found.append(AskedOf(product, asked, asked / total, topic, mine[topic], asked / total >= bound))
    return total, sorted(found, key=lambda row: (-row.asked, row.product))
