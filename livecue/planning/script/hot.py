"""Questions that are asked often, on their way into talk tracks (R062): what people decided about each."""

import msgspec

from livecue.events import Answer, HandbookSaved, HotLineDecided, ScriptCommented
from livecue.flow import Unit
from livecue.planning.script import tables
from livecue.planning.script.handbook import Body
from livecue.store import Reader

DECISIONS = ("handbook", "script", "refused")


class HotLine(msgspec.Struct, frozen=True):
    """The newest decision about one topic of one product, and the figures it was made on."""

    line: str
    product: str
    topic: str
    decision: str
    question: str
    answer: str
    room: str
    show: str
    segment: str
    reason: str
    asked: int
    asked_all: int
    since: int
    until: int
    made_by: str
    made_at: int


def list_hot_lines(db: Reader, org: str, brand: str) -> dict[tuple[str, str], HotLine]:
    """(product, topic) to what was decided last."""
    rows = [HotLine(*row) for row in db.rows(tables.LIST_HOT_LINES, (org, brand))]
    return {(row.product, row.topic): row for row in rows}


def saved_handbook(event: HotLineDecided, unit: Unit) -> HandbookSaved:
    """The handbook with the line in it: a question that stands there already gets the new answer."""
    rows = unit.ask(tables.FIND_HANDBOOK, (event.org, event.brand, event.product))
    body = msgspec.json.decode(rows[0][3], type=Body) if rows else Body(advantages=list(event.advantages))
    question = event.question.strip()
    line = Answer(question=question, answer=event.answer.strip())
    same = [item.question.strip() == question for item in body.answers]
    answers = [line if here else item for item, here in zip(body.answers, same, strict=True)]
    return HandbookSaved(
        org=event.org, brand=event.brand, product=event.product, by=event.by, at=event.at, version=event.version,
        advantages=tuple(body.advantages), answers=tuple(answers if any(same) else [*answers, line]),
        forbidden=tuple(body.forbidden), scenes=tuple(body.scenes), demonstration=body.demonstration,
    )  # fmt: skip


def remark_of(event: HotLineDecided) -> ScriptCommented:
    """The remark on the script of a show."""
    return ScriptCommented(
        org=event.org, brand=event.brand, room=event.room, show=event.show, comment=event.line, segment=event.segment,
        text=event.answer.strip(), by=event.by, at=event.at,
    )  # fmt: skip


def keep_line(event: HotLineDecided, unit: Unit) -> None:
    """Remember what was decided, by whom, and on which figures."""
    unit.write(
        tables.SAVE_HOT_LINE,
        (
            event.org, event.brand, event.line, event.product, event.topic, event.decision, event.question.strip(),
            event.answer.strip(), event.room, event.show, event.segment, event.reason.strip(), event.asked,
            event.asked_all, event.since, event.until, event.by, event.at or unit.now,
        ),
    )  # fmt: skip
