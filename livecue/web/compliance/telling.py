"""Telling a new room the words that were set for its whole brand or organisation."""

from collections.abc import Awaitable, Callable
from typing import Any

from livecue.compliance import WordRow, list_word_changes, standing_words
from livecue.events import OwnWordSet
from livecue.flow import RoomInfo
from livecue.web.services import Services


async def tell_own_words(door: Services, room: RoomInfo, tell: Callable[[OwnWordSet], Awaitable[Any]]) -> None:
    """``tell`` puts a command into the stream of ``room``."""
    known: dict[tuple[str, str], WordRow] = {}
    for other in list(door.rooms().values()):
        if other.org != room.org or other.room == room.room:
            continue
        for row in standing_words(list_word_changes(door.reader, other.org, other.brand, other.room)):
            if row.scope == "org" or (row.scope == "brand" and other.brand == room.brand):
                known[row.scope, row.word] = row
    for row in known.values():
        await tell(row.event)
