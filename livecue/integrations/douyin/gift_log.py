"""A gift log: text lines ``[礼物] name : gift x3 (钻石:30, repeatEnd=true)``; it tells no time of day.

``钻石`` is the value of the whole combo so far, and only the line with ``repeatEnd=true`` is the combo itself.
"""

import re

from livecue.errors import BadPayload
from livecue.events import Event, GiftSent
from livecue.integrations.checked import checked
from livecue.kit import stable_id

_LINE = re.compile(r"\[礼物\] (.*?) : (.*) x(\d{1,15}) \(钻石:(\d{1,15}), repeatEnd=(true|false)\)")

FEED = "gift-log"


class GiftLog:
    """Reads one log, line by line; every line's time is 0."""

    def read(self, number: int, line: bytes) -> tuple[int, str, list[Event]]:
        """The gift of a line that ends a combo, nothing for one that goes on; raises ``BadPayload``."""
        text = line.decode("utf-8", errors="replace").strip()
        match = _LINE.fullmatch(text)
        if match is None:
            raise BadPayload("not a line of a gift log")
        _, name, count, coins, end = match.groups()
        if end == "false":
            return 0, FEED, []
        # The log names people by nickname only, and a nickname is no id.
        gift = GiftSent(key=stable_id("gift-log", number, text), name=name[:200], count=int(count), coins=int(coins))
        return 0, FEED, [checked(gift, "gift-log", line)]


class _GiftLogFormat:
    kind = "douyin-gift-log"

    def sniff(self, lines: list[bytes]) -> bool:
        """Whether any of the first lines of a file looks like this format."""
        return any(_LINE.fullmatch(line.decode("utf-8", errors="replace").strip()) for line in lines)

    def reader(self) -> GiftLog:
        """A fresh reader for one pass."""
        return GiftLog()


FORMAT = _GiftLogFormat()
