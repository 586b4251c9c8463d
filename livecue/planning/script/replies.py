"""The replies to unfavourable comments (F19) of a brand: checked, kept whole, read."""

import msgspec

from livecue.events import NegativeReply, ReplySetSaved
from livecue.flow import Unit
from livecue.planning.script import tables
from livecue.reference import ROLES
from livecue.store import Reader

MOST_REPLIES = 100
MOST_TEXT = 500
"""Characters of a text: what a comment or a private message of the platforms holds."""


class ReplySet(msgspec.Struct, frozen=True):
    """The set of a brand; ``version`` 0: nobody wrote one."""

    version: int = 0
    made_by: str = ""
    made_at: int = 0
    replies: tuple[NegativeReply, ...] = ()


def find_replies(db: Reader, org: str, brand: str) -> ReplySet:
    """The replies of a brand."""
    rows = db.rows(tables.FIND_REPLIES, (org, brand))
    if not rows:
        return ReplySet()
    version, made_by, made_at, body = rows[0]
    return ReplySet(version, made_by, made_at, tuple(msgspec.json.decode(body, type=list[NegativeReply])))


def save_replies(event: ReplySetSaved, unit: Unit) -> tuple[str, str] | None:
    """Check and keep."""
    replies = [
        NegativeReply(row.trigger.strip(), row.text.strip(), row.ask.strip(), row.escalate) for row in event.replies
    ]
    if len(replies) > MOST_REPLIES:
        return "too_many", f"a set holds at most {MOST_REPLIES} replies"
    if any(not (row.trigger and row.text and row.ask) for row in replies):
        return "reply_incomplete", "each reply says when it is given, what is answered, and how the order is asked for"
    if any(len(text) > MOST_TEXT for row in replies for text in (row.trigger, row.text, row.ask)):
        return "too_long", f"a text holds at most {MOST_TEXT} characters"
    if len({row.trigger for row in replies}) < len(replies):
        return "reply_twice", "two replies are for the same case; make one of them"
    if any(row.escalate and row.escalate not in ROLES for row in replies):
        return "no_role", "there is no such role to take it up"
    rows = unit.ask(tables.FIND_REPLIES, (event.org, event.brand))
    stands = int(rows[0][0]) if rows else 0
    if event.version and event.version != stands + 1:
        return "changed_meanwhile", f"somebody else changed the replies (version {stands}); look at them and repeat"
    body = msgspec.json.encode(replies).decode()
    unit.write(tables.SAVE_REPLIES, (event.org, event.brand, stands + 1, event.by, event.at or unit.now, body))
    return None
