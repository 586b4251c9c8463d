"""Reviews out of a shop's export: errors told by row and column, good rows taken all the same."""

import msgspec

from livecue.events import ReviewPosted
from livecue.kit import stable_id
from livecue.sheets import MB, RowError, moment, read_rows

COLUMNS: dict[str, tuple[str, ...]] = {
    "review": ("评价编号", "评价ID", "review", "review id", "review_id"),
    "at": ("评价时间", "评论时间", "时间", "time", "review time", "date"),
    "score": ("评分", "星级", "评价等级", "评价星级", "商品评分", "score", "rating", "stars"),
    "product": ("商品编号", "商品ID", "product", "product id"),
    "sku": ("SKU", "规格编码", "商家编码", "sku id"),
    "order": ("订单号", "订单编号", "order", "order id"),
    "text": ("评价内容", "评论内容", "内容", "text", "review text", "comment"),
    "buyer": ("买家", "买家编号", "buyer", "buyer id"),
}
"""Field to the headings that mean it; the first is the one our own template uses."""
NEEDED = ("at", "score")
MOST_ROWS = 200_000
MOST_BYTES = 50 * MB
_GRADES = {
    "好评": 5, "中评": 3, "差评": 1, "good": 5, "neutral": 3, "bad": 1,
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
}  # fmt: skip
_MOST_TEXT = 10_000


class ReviewsRead(msgspec.Struct, frozen=True):
    """Reviews that could be read, and what could not."""

    events: list[ReviewPosted]
    errors: list[RowError]


def read_reviews(content: bytes, filename: str, zone: str, now: int) -> ReviewsRead:
    """Read an .xlsx, .xls, .ods or .csv file; ``source`` of each review is the file's name. Raises ``BadTable``.

    A row without an id of its own is known by its order, goods, time and words: the same file again changes nothing.
    """
    events: list[ReviewPosted] = []
    errors: list[RowError] = []
    for row in read_rows(content, filename, COLUMNS, NEEDED, MOST_ROWS, MOST_BYTES):
        cells = row.cells
        wrong = [row.wrong(COLUMNS, field, "empty", "must not be empty") for field in NEEDED if not cells.get(field)]
        at = score = 0
        if cells.get("at"):
            try:
                at = moment(cells["at"], zone)
                if not 0 < at <= now:
                    wrong.append(row.wrong(COLUMNS, "at", "in_future", f"not a time that has been: {cells['at']!r}"))
            except ValueError as error:
                wrong.append(row.wrong(COLUMNS, "at", "not_time", str(error)))
        if cells.get("score"):
            score = _score(cells["score"])
            if not score:
                text = f"not a score of 1 to 5 or 好评, 中评, 差评: {cells['score']!r}"
                wrong.append(row.wrong(COLUMNS, "score", "not_score", text))
        if wrong:
            errors += wrong
            continue
        said = cells.get("text", "")[:_MOST_TEXT]
        own = cells.get("review", "")
        about = [cells.get(field, "") for field in ("order", "product", "sku", "buyer")]
        name = own or stable_id("review", *about, str(at), said)
        events.append(
            ReviewPosted(
                key=f"file:{stable_id(name, str(at), str(score), said)}", at=at, review=name[:200], score=score,
                order=about[0], product=about[1], sku=about[2], user=about[3], text=said, source=filename[:200],
            )
        )  # fmt: skip
    return ReviewsRead(events, errors)


def _score(text: str) -> int:
    """1 to 5 out of "5", "4.0", "五星", "好评"; 0 when it is none of these."""
    word = text.strip().lower().removesuffix("stars").removesuffix("star").strip().removesuffix("星").removesuffix("分")
    if word in _GRADES:
        return _GRADES[word]
    try:
        value = float(word)
    except ValueError:
        return 0
    return int(value) if value.is_integer() and 1 <= value <= 5 else 0
