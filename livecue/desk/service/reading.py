"""The inbox and one conversation, read from the rows. Names and numbers of people are masked here, for everybody."""

from collections.abc import Sequence
from typing import Any

import msgspec

from livecue.desk.service import tables
from livecue.desk.service.hours import Spans
from livecue.desk.service.masking import mask_name, mask_text
from livecue.desk.service.state import VIEWED_MS
from livecue.store import Reader

LATEST = 1 << 62


class InboxRow(msgspec.Struct, frozen=True):
    """A conversation in the inbox. Moments in room ms; ``since`` 0 when nobody waits; ``score`` 0 when nobody rated.

    ``state`` open, closed, or queued: a comment of the room in line behind those in memory.
    """

    room: str
    conversation: str
    channel: str
    viewer: str
    name: str
    label: str
    topic: str
    product: str
    order: str
    agent: str
    state: str
    opened_at: int
    human_at: int
    first_reply_at: int
    since: int
    last_at: int
    step: int
    closed_at: int
    outcome: str
    score: int
    newest: str
    deadline: int = 0


class MessageRow(msgspec.Struct, frozen=True):
    """A message; ``state`` sending, sent, failed or uncertain.

    ``who``: customer, case (what an after-sale case is about), agent, auto, robot, note or system.
    """

    message: str
    at: int
    who: str
    person: str
    text: str
    state: str
    suggestion: str
    edited: bool
    human_at: int
    auto_at: int
    product: str = ""


class SuggestionRow(msgspec.Struct, frozen=True):
    """A suggestion: offered, used, edited, sent (by itself), dropped; ``why`` for dropped ones."""

    reply: str
    message: str
    at: int
    text: str
    facts: list[str]
    topic: str
    due_at: int
    state: str
    why: str
    made_by: str = ""


def _row(raw: Sequence[Any]) -> InboxRow:
    values = list(raw)
    values[4] = mask_name(str(values[4]))
    values[20] = mask_text(str(values[20]))
    return InboxRow(*values)


def _in(statement: str, rooms: Sequence[str]) -> str:
    return statement.format(rooms=",".join("?" * len(rooms)) or "NULL")


def list_open(db: Reader, rooms: Sequence[str], limit: int = 500) -> list[InboxRow]:
    """Open conversations of these rooms, the longest waiting first, then the newest."""
    return [_row(row) for row in db.rows(_in(tables.OPEN_IN, rooms), (*rooms, limit))]


def list_queued(
    db: Reader, rooms: Sequence[str], after: tuple[int, str, str] = (0, "", ""), limit: int = 200
) -> list[InboxRow]:
    """Comments in line in these rooms, the longest waiting first, behind ``after``: a row's since, name and room."""
    since, name, room = after
    values = (*rooms, since, since, name, name, room, limit)
    return [_row(row) for row in db.rows(_in(tables.QUEUED_IN, rooms), values)]


def count_queued(db: Reader, rooms: Sequence[str]) -> dict[str, int]:
    """Comments in line, by room; rooms without any are not named."""
    return {str(room): int(count) for room, count in db.rows(_in(tables.COUNT_QUEUED, rooms), tuple(rooms))}


def rooms_in_talk(db: Reader, rooms: Sequence[str]) -> list[str]:
    """Those of the rooms in which a conversation is open."""
    return [str(room) for (room,) in db.rows(_in(tables.IN_TALK, rooms), tuple(rooms))]


def list_closed(db: Reader, rooms: Sequence[str], before: int = LATEST, limit: int = 100) -> list[InboxRow]:
    """Closed conversations, the newest first."""
    return [_row(row) for row in db.rows(_in(tables.CLOSED_IN, rooms), (*rooms, before, limit))]


def hours_of(db: Reader, rooms: Sequence[str]) -> dict[tuple[str, str], list[tuple[int, Spans]]]:
    """(room, person) to what was set when, in order of time; the person "" is the desk itself."""
    found: dict[tuple[str, str], list[tuple[int, Spans]]] = {}
    for room, person, at, spans in db.rows(_in(tables.HOURS_OF, rooms), tuple(rooms)):
        found.setdefault((str(room), str(person)), []).append((int(at), msgspec.json.decode(spans, type=Spans)))
    return found


def find_conversation(db: Reader, room: str, conversation: str) -> InboxRow | None:
    """The newest of this id."""
    rows = db.rows(tables.ONE, (room, conversation))
    return _row(rows[0]) if rows else None


def name_of(db: Reader, room: str, conversation: str) -> str:
    """What the customer is called there, unmasked: only for words that go to this customer."""
    rows = db.rows(tables.NAME_OF, (room, conversation))
    return str(rows[0][0]) if rows else ""


def history_of(db: Reader, org: str, brand: str, viewer: str, rooms: Sequence[str], limit: int = 20) -> list[InboxRow]:
    """What this customer wanted before in these rooms, newest first; nothing for a viewer the platform masks."""
    if not viewer:
        return []
    return [_row(row) for row in db.rows(_in(tables.OF_VIEWER, rooms), (org, brand, viewer, *rooms, limit))]


def list_messages(
    db: Reader, room: str, conversation: str, before: int = LATEST, limit: int = 200, masked: bool = True
) -> list[MessageRow]:
    """The newest messages, in order of time."""
    rows = db.rows(tables.MESSAGES, (room, conversation, before, limit))
    found = []
    for raw in reversed(rows):
        text = str(raw[4])
        found.append(
            MessageRow(
                raw[0], raw[1], raw[2], raw[3], mask_text(text) if masked else text, raw[5], raw[6], bool(raw[7]),
                raw[8], raw[9], raw[10],
            )
        )  # fmt: skip
    return found


def list_suggestions(db: Reader, room: str, conversation: str) -> list[SuggestionRow]:
    """What was suggested, newest first."""
    return [
        SuggestionRow(r[0], r[1], r[2], r[3], msgspec.json.decode(r[4], type=list[str]), *r[5:10])
        for r in db.rows(tables.SUGGESTED, (room, conversation))
    ]


def viewers_of(db: Reader, room: str, conversation: str, now: int) -> tuple[list[str], list[str]]:
    """Who looks at a conversation at room time ``now``, and who of them types."""
    rows = db.rows(tables.VIEWS, (room, conversation, now - VIEWED_MS))
    return [str(row[0]) for row in rows], [str(row[0]) for row in rows if row[1]]


class OutreachRow(msgspec.Struct, frozen=True):
    """What is written to a buyer of our own accord about an order; states as in ``OutreachMoved``, or by_hand.

    ``conversation`` "": the buyer never wrote to us here, only a person can reach them.
    """

    about: str
    conversation: str
    text: str
    state: str
    why: str
    made_at: int
    due_at: int
    moved_at: int
    moved_by: str


def list_outreach(db: Reader, room: str, order: str) -> list[OutreachRow]:
    """The reminder and the question of one order, as far as they were prepared."""
    return [OutreachRow(*row) for row in db.rows(tables.LIST_OUTREACH, (room, order))]
