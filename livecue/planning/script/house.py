"""Remarks, reviews and handbooks, checked and kept in the stream of the house."""

import re
from datetime import date
from typing import ClassVar

import msgspec

from livecue.events import (
    CommandAsked,
    Event,
    HandbookSaved,
    HotLineDecided,
    ReplySetSaved,
    ScriptCommentClosed,
    ScriptCommented,
    ScriptRehearsed,
    ScriptReviewed,
)
from livecue.flow import RowsOnly, Unit
from livecue.planning.script import tables
from livecue.planning.script.handbook import Body
from livecue.planning.script.hot import DECISIONS, keep_line, remark_of, saved_handbook
from livecue.planning.script.replies import save_replies

STATES = ("in_review", "approved", "returned")
MOST_COMMENT = 2000
MOST_COMMENTS = 2000
"""Remarks on one show."""
MOST_LINES = 100
MOST_LINE = 2000


class Scripts(RowsOnly):
    """Owns what is said of scripts, and handbooks."""

    name: ClassVar[str] = "scripts"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            ScriptCommented, ScriptCommentClosed, ScriptRehearsed, ScriptReviewed, HandbookSaved, HotLineDecided,
            ReplySetSaved,
        }
    )  # fmt: skip

    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Check and keep."""
        if isinstance(event, ScriptCommented):
            return _comment(event, unit)
        if isinstance(event, ScriptCommentClosed):
            where = (event.comment, event.org, event.brand, event.show)
            if not unit.ask(tables.FIND_COMMENT, where):
                return "no_comment", "there is no such remark on this script"
            closed = ("", 0) if event.reopened else (event.by, event.at)
            unit.write(tables.CLOSE_COMMENT, (*closed, event.comment))
        elif isinstance(event, ScriptReviewed):
            return _review(event, unit)
        elif isinstance(event, ScriptRehearsed):
            unit.write(
                tables.SAVE_REHEARSAL,
                (
                    event.org, event.brand, event.room, event.show, event.rehearsal, event.rehearsal_room, event.digest,
                    event.version, event.person, event.at or unit.now,
                ),
            )  # fmt: skip
        elif isinstance(event, HandbookSaved):
            return _handbook(event, unit)
        elif isinstance(event, HotLineDecided):
            return _hot_line(event, unit)
        elif isinstance(event, ReplySetSaved):
            return save_replies(event, unit)
        return None


def _comment(event: ScriptCommented, unit: Unit) -> tuple[str, str] | None:
    if not (event.comment and event.room and event.show and event.text.strip()):
        return "incomplete", "a remark needs some words"
    if len(event.text) > MOST_COMMENT:
        return "too_long", f"a remark holds at most {MOST_COMMENT} characters"
    if event.reply_to and not unit.ask(tables.FIND_COMMENT, (event.reply_to, event.org, event.brand, event.show)):
        return "no_comment", "the remark you answer is not there"
    if int(unit.ask(tables.COUNT_COMMENTS, (event.show,))[0][0]) >= MOST_COMMENTS:
        return "too_many", f"a script holds at most {MOST_COMMENTS} remarks"
    unit.write(
        tables.SAVE_COMMENT,
        (
            event.org, event.brand, event.room, event.show, event.comment, event.segment, event.reply_to,
            event.text.strip(), event.by, event.at,
        ),
    )  # fmt: skip
    return None


def _review(event: ScriptReviewed, unit: Unit) -> tuple[str, str] | None:
    if event.state not in STATES:
        return "bad_state", f"a script is {', '.join(STATES)}"
    if not (event.review and event.room and event.show and event.digest):
        return "incomplete", "a review belongs to a script"
    if len(event.note) > MOST_COMMENT:
        return "too_long", f"a reason holds at most {MOST_COMMENT} characters"
    rows = unit.ask(tables.LAST_REVIEW, (event.org, event.brand, event.show))
    state, digest, by, number = rows[0] if rows else ("", "", "", 0)
    if event.state == "in_review":
        if state in ("in_review", "approved") and digest == event.digest:
            return "handed_in", "this very text is handed in or approved already"
    elif state != "in_review" or digest != event.digest:
        return "not_in_review", "the text changed or was decided meanwhile; hand it in again"
    elif event.state == "approved" and by == event.by and not event.alone:
        return "own_work", "whoever handed a script in does not approve it; ask somebody else who may approve"
    elif event.state == "returned" and not event.note.strip():
        return "no_reason", "say what is to be changed"
    unit.write(
        tables.SAVE_REVIEW,
        (
            event.org, event.brand, event.room, event.show, event.review, int(number) + 1, event.state, event.digest,
            event.version, event.note.strip(), event.by, event.at, int(event.alone and by == event.by),
        ),
    )  # fmt: skip
    return None


def _handbook(event: HandbookSaved, unit: Unit) -> tuple[str, str] | None:
    if not event.product:
        return "incomplete", "a handbook belongs to a product"
    body = Body(
        advantages=[item for item in event.advantages if item.text.strip()],
        answers=[item for item in event.answers if item.question.strip()],
        forbidden=[text.strip() for text in event.forbidden if text.strip()],
        scenes=[text.strip() for text in event.scenes if text.strip()],
        demonstration=event.demonstration.strip(),
    )
    lists = (body.advantages, body.answers, body.forbidden, body.scenes)
    texts = [text for item in (*body.advantages, *body.answers) for text in msgspec.structs.astuple(item)]
    if any(len(lines) > MOST_LINES for lines in lists):
        return "too_many", f"a part of a handbook holds at most {MOST_LINES} lines"
    if any(len(text) > MOST_LINE for text in (*texts, *body.forbidden, *body.scenes, body.demonstration)):
        return "too_long", f"a line holds at most {MOST_LINE} characters"
    if any(item.evidence_date and not _is_day(item.evidence_date) for item in body.advantages):
        return "bad_day", "write days with their year, as 2026-11-22"
    rows = unit.ask(tables.HANDBOOK_VERSION, (event.org, event.brand, event.product))
    stands = int(rows[0][0]) if rows else 0
    if event.version and event.version != stands + 1:
        return "changed_meanwhile", f"somebody else changed the handbook (version {stands}); look at it and repeat"
    text = msgspec.json.encode(body).decode()
    unit.write(tables.SAVE_HANDBOOK, (event.org, event.brand, event.product, stands + 1, event.by, event.at, text))
    return None


def _hot_line(event: HotLineDecided, unit: Unit) -> tuple[str, str] | None:
    if event.decision not in DECISIONS:
        return "bad_line", f"a line is decided as {', '.join(DECISIONS)}"
    if not (event.line and event.product and event.topic):
        return "incomplete", "a line belongs to a topic of a product"
    if max(map(len, (event.question, event.answer, event.reason))) > MOST_LINE:
        return "too_long", f"a line holds at most {MOST_LINE} characters"
    problem = None
    if event.decision == "refused" and not event.reason.strip():
        return "line_reason", "say why not"
    if event.decision == "handbook":
        if not (event.question.strip() and event.answer.strip()):
            return "line_answer", "write the question and what is said to it"
        problem = _handbook(saved_handbook(event, unit), unit)
    elif event.decision == "script":
        problem = _comment(remark_of(event), unit)
    if problem is None:
        keep_line(event, unit)
    return problem


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
