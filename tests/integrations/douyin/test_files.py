"""Snapshots of rooms and products, decoded messages, the gift catalogue."""

import json
from pathlib import Path

import pytest

from livecue.errors import BadPayload
from livecue.events import CommentPosted, GiftSent, LikeGiven, UnknownSeen, UserFollowed, ViewerEntered
from livecue.integrations.douyin.decoded import read_decoded
from livecue.integrations.douyin.gifts import coins_of
from livecue.integrations.douyin.snapshots import read_products, read_rooms

RECORDINGS = Path(__file__).parents[2] / "recordings"


def test_the_rooms_of_a_room_enter_answer() -> None:
    rooms = read_rooms((RECORDINGS / "douyin_room_enter.json").read_bytes())
    assert len(rooms) == 13 and len({room.room for room in rooms}) == 13
    entered = rooms[0]
    assert (entered.status, entered.goods, entered.cart) == (2, True, 0)
    assert (entered.counted.online, entered.counted.views, entered.counted.likes) == (91, 1310, 756)
    hidden = next(room for room in rooms if room.room == "7630355845137910579")
    assert (hidden.counted.online, hidden.counted.views, hidden.cart) == (564, -1, -1)


def test_a_display_text_is_not_a_count() -> None:
    item = {"id_str": "1", "user_count_str": "500+", "stats": {"total_user_str": "1.2万"}, "like_count": -4}
    (room,) = read_rooms(json.dumps({"data": {"data": [item]}}).encode())
    assert (room.counted.online, room.counted.views, room.counted.likes, room.goods) == (-1, 12_000, -1, False)
    assert read_rooms(b"{}") == [] and read_rooms(b'{"data":{"data":[7],"similar_rooms":"x"}}') == []
    with pytest.raises(BadPayload):
        read_rooms(b"<html>")


def test_products_of_a_shelf_and_what_is_none() -> None:
    shelf = {
        "item_cards": [
            {"type": 2, "product": {"product_id": "9007199254741001", "title": "洗脸巾", "price": {"min_price": 990}}}
        ],
        "feed": [{"type": 3}, {"type": 2, "product": {"product_id": 3486, "title": "手机", "price": {}}}],
    }
    cards, others = read_products(json.dumps({"data": shelf}).encode())
    assert [(card.product, card.name, card.price) for card in cards] == [
        ("9007199254741001", "洗脸巾", 990),
        ("3486", "手机", 0),
    ]
    assert others == 1


def test_a_list_of_decoded_messages() -> None:
    who = {"user": {"uid": 9007199254741001, "nickname": "甲"}}

    def item(method: str, msg_id: object, **payload: object) -> dict[str, object]:
        return {"method": f"Webcast{method}Message", "msg_id": msg_id, "payload": {**who, **payload}}

    items = [
        item("Chat", 6922636275858098944, content="23号大衣还有吗"),
        item("Member", "2", content="来了"),
        item("Like", "3", content="点赞"),
        item("Social", "4", content="关注了主播"),
        item("Gift", "5", content="甲:送给主播 1个小心心"),
        item("RoomIntro", "6", content="欢迎"),
        7,
    ]
    events = read_decoded(json.dumps({"data": {"messages": items}}, ensure_ascii=False).encode())
    user = "9007199254741001"
    assert events[:4] == [
        CommentPosted(key="6922636275858098944", text="23号大衣还有吗", user=user, name="甲"),
        ViewerEntered(key="2", user=user, name="甲"),
        LikeGiven(key="3", user=user),
        UserFollowed(key="4", user=user),
    ]
    assert [type(event) for event in events[4:]] == [UnknownSeen] * 3
    assert len({event.key for event in events}) == 7


def test_one_decoded_message() -> None:
    def gift(**fields: object) -> bytes:
        common = {"method": "WebcastGiftMessage", "msgId": "7280765410109805625", "createTime": "1695185334"}
        info = {"combo": True, "diamondCount": 1, "name": "入团卡"}
        user = {"id": "900939", "nickName": "u_1"}
        return json.dumps(
            {"common": common, "giftId": "3242", "repeatCount": "4", "user": user, "gift": info, **fields}
        ).encode()

    (ended,) = read_decoded(gift(repeatEnd=1))
    assert ended == GiftSent(
        key="7280765410109805625", at=1695185334000, gift="3242", name="入团卡", count=4, coins=4, user="900939"
    )
    assert isinstance(read_decoded(gift())[0], UnknownSeen)


def test_the_gift_catalogue_by_id_and_by_name() -> None:
    assert coins_of("463") == coins_of("", "小心心") == 1
    assert coins_of("0", "没有的") == 0
