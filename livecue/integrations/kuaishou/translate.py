"""A feed push to events: pure, and the only file that knows what the vendor means by a field."""

from livecue.events import CommentPosted, Event, GiftSent, LikeGiven, OnlineCounted
from livecue.integrations.checked import checked, unknown
from livecue.integrations.combos import Combos
from livecue.integrations.protowire import Record
from livecue.integrations.untrusted import millis_of, number_of
from livecue.kit import stable_id


def translate(feed: Record, combos: Combos, key: str, at: int, raw: bytes) -> list[Event]:
    """The events of one push; ``key`` and the place in the push make the key of whatever bears no id.

    The total of likes is a display figure ("6.2万") and is told as such, never counted from.
    """
    at = millis_of(at)
    events: list[Event] = []
    online, likes = number_of(feed.text("watching"), -1), number_of(feed.text("likes"), -1)
    if online >= 0 or likes >= 0:
        events.append(OnlineCounted(key=f"{key}-counters", at=at, online=online, likes=likes))
    for ordinal, item in enumerate(feed.subs("comments")):
        user = item.sub("user")
        name, text, own = user.text("name"), item.text("content"), _key(item, key, "comment", ordinal)
        events.append(CommentPosted(key=own, at=at, text=text, user=user.text("id"), name=name))
    for ordinal, item in enumerate(feed.subs("like_list")):
        events.append(LikeGiven(key=_key(item, key, "like", ordinal), at=at, user=item.sub("user").text("id")))
    for ordinal, item in enumerate(feed.subs("gifts")):
        count = _gift_count(item, combos)
        if count:
            own, gift = _key(item, key, "gift", ordinal), str(item.number("gift_id"))
            events.append(GiftSent(key=own, at=at, gift=gift, count=count, user=item.sub("user").text("id")))
    told = [checked(event, type(event).__name__, raw) for event in events]
    for field in feed.unknown:
        if isinstance(field.value, bytes):
            told.append(
                unknown(f"feed/{field.number}", field.value, stable_id(key, field.number, field.value.hex()), at)
            )
    return told


def _gift_count(item: Record, combos: Combos) -> int:
    # The feed never says that a combo ends: the rise over what was told before counts.
    batch, reached = max(item.number("batch"), 1), max(item.number("combo_count"), 1)
    combo = item.text("combo")
    return combos.grow(combo, batch * reached) if combo else batch * reached


def _key(item: Record, key: str, kind: str, ordinal: int) -> str:
    return item.text("id") or stable_id(key, kind, ordinal)
