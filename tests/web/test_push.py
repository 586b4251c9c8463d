"""A platform's own push: secret address, genuine by its signature, durable before the answer, nothing twice."""

import base64
import hashlib
import json
from typing import Any

import httpx
import pytest

from livecue.events import RoomRemoved
from tests.web.conftest import House

SECRET = "data-secret-1"


def pushed(items: Any, kind: str = "live_comment", *, nonce: str = "n-1", at: int, room: str = "730") -> dict[str, Any]:
    """What Douyin sends, made by our own half of the signature; as arguments of a post."""
    body = json.dumps(items, ensure_ascii=False).encode()
    signed = f"x-msg-type={kind}&x-nonce-str={nonce}&x-roomid={room}&x-timestamp={at}".encode()
    mark = base64.b64encode(hashlib.md5(signed + body + SECRET.encode()).digest()).decode()
    headers = {"x-msg-type": kind, "x-nonce-str": nonce, "x-roomid": room, "x-timestamp": str(at), "x-signature": mark}
    return {"content": body, "headers": {**headers, "content-type": "application/json"}}


def comments(*texts: str, start: int = 1) -> list[dict[str, Any]]:
    return [{"msg_id": str(n), "sec_openid": "u", "content": text} for n, text in enumerate(texts, start)]


class Platform:
    """The vendor's side of one connection."""

    def __init__(self, house: House, **more: Any) -> None:
        self.house, self.client = house, house.client()
        made = house.client("owner").post(
            "/api/rooms/r1/pushes",
            json={
                "integration": "douyin.open_push",
                "name": "douyin-1",
                "settings": {"secret_live_comment": SECRET, "secret_live_like": SECRET},
                **more,
            },
        )
        assert made.status_code == 201, made.text
        self.connection, self.address = made.json()["connection"], made.json()["address"]

    def post(self, items: Any, kind: str = "live_comment", **more: Any) -> httpx.Response:
        given = {"at": self.house.clock.now_ms(), **more}
        return self.client.post(self.address, **pushed(items, kind, **given))

    def row(self) -> dict[str, Any]:
        """What the office shows of the connection."""
        rows: list[dict[str, Any]] = self.house.client("owner").get("/api/rooms/r1/pushes").json()
        return next(row for row in rows if row["connection"] == self.connection)

    def said(self) -> list[str]:
        """The texts in the room's journal of comments."""
        return [str(row[0]) for row in self.house.app.reader.rows("SELECT text FROM comments ORDER BY text")]


@pytest.fixture
def platform(house: House) -> Platform:
    return Platform(house)


def test_a_genuine_push_is_durable_and_answered_as_the_vendor_wants(platform: Platform) -> None:
    answered = platform.post(comments("黑色还有吗", "多少钱"))
    assert (answered.status_code, answered.content) == (200, b"{}")
    assert platform.said() == ["多少钱", "黑色还有吗"]
    row = platform.row()
    assert (row["taken"], row["refused"], row["error"]) == (1, 0, "")
    assert row["last_at"] == platform.house.clock.now_ms()
    source = platform.house.app.reader.rows("SELECT source FROM journal WHERE room = 'r1'")
    assert source == [("push:douyin-1",)]


def test_the_very_same_push_is_refused_and_the_same_items_count_once(platform: Platform) -> None:
    assert platform.post(comments("还有吗")).status_code == 200
    again = platform.post(comments("还有吗"))
    assert (again.status_code, again.json()["error"]) == (409, "replayed")
    # Delivered a second time by the vendor, under a new nonce, with one more.
    assert platform.post(comments("还有吗", "在吗"), nonce="n-2").status_code == 200
    assert platform.said() == ["在吗", "还有吗"]
    assert (platform.row()["taken"], platform.row()["replayed"]) == (2, 1)


def test_a_replay_kept_until_its_nonce_is_forgotten_is_too_old(platform: Platform) -> None:
    old = platform.house.clock.now_ms()
    assert platform.post(comments("还有吗"), at=old).status_code == 200
    platform.house.clock.set(old + 11 * 60_000)
    assert platform.post(comments("还有吗"), at=old).status_code == 401
    assert platform.post(comments("新的", start=9), nonce="n-3").status_code == 200
    left = platform.house.app.reader.rows("SELECT nonce FROM push_nonces")
    assert left == [("n-3",)]


def test_what_is_not_genuine_is_refused_and_shown(platform: Platform) -> None:
    at = platform.house.clock.now_ms()
    right = pushed(comments("还有吗"), at=at)
    forged = {**right, "content": right["content"] + b" "}
    answered = platform.client.post(platform.address, **forged)
    assert (answered.status_code, answered.json()["error"]) == (401, "auth_failed")
    unsigned = platform.client.post(platform.address, content=b"[]")
    assert unsigned.status_code == 401
    assert platform.post([], "live_gift").status_code == 401
    assert platform.said() == []
    row = platform.row()
    assert row["refused"] == 3 and "live_gift" in row["error"] and row["error_at"] == at


def test_what_cannot_be_read_is_refused_and_the_door_stays_open(platform: Platform) -> None:
    assert platform.post({"no": "list"}).status_code == 400
    assert platform.post([7, None, {}, *comments("好")], nonce="n-2").status_code == 200
    assert platform.said() == ["好"]


def test_too_large_a_push_is_refused(platform: Platform) -> None:
    answered = platform.client.post(platform.address, content=b"x" * (2 << 20 | 1))
    assert answered.status_code == 422 and "2048 KB" in answered.json()["message"]


def test_an_unknown_address_and_a_removed_room_are_shut(platform: Platform) -> None:
    assert platform.client.post("/push/v1/nonsense", content=b"[]").status_code == 401
    assert platform.client.get(platform.address).status_code in (200, 404, 405, 503)
    platform.house.app.tell_house(RoomRemoved(room="r1"))
    assert platform.post(comments("还有吗")).status_code == 401


def test_pushes_of_other_rooms_are_answered_and_left_out(house: House) -> None:
    platform = Platform(house, only=["730"])
    assert platform.post(comments("这里")).status_code == 200
    assert platform.post(comments("那里", start=5), room="731", nonce="n-2").status_code == 200
    assert platform.said() == ["这里"]
    assert (platform.row()["taken"], platform.row()["elsewhere"]) == (1, 1)


def test_secrets_are_written_and_never_read_back(platform: Platform) -> None:
    owner = platform.house.client("owner")
    shown = owner.get("/api/rooms/r1/pushes").text
    assert SECRET not in shown and platform.address.rsplit("/", 1)[1] not in shown
    assert platform.row()["set"] == ["secret_live_comment", "secret_live_like"]
    path = f"/api/rooms/r1/pushes/{platform.connection}"
    assert owner.put(path, json={"settings": {"secret_live_like": "", "secret_live_gift": "g"}}).status_code == 204
    assert platform.row()["set"] == ["secret_live_comment", "secret_live_gift"]
    assert platform.post(comments("好")).status_code == 200
    assert owner.put(path, json={"settings": {"secret_of_nobody": "x"}}).status_code == 422
    assert SECRET not in owner.get("/api/audit").text


def test_a_new_address_shuts_the_old_one(platform: Platform) -> None:
    old = platform.address
    owner = platform.house.client("owner")
    made = owner.post(f"/api/rooms/r1/pushes/{platform.connection}/address")
    platform.address = made.json()["address"]
    assert platform.post(comments("新")).status_code == 200
    assert platform.client.post(old, content=b"[]").status_code == 401
    assert owner.delete(f"/api/rooms/r1/pushes/{platform.connection}").status_code == 204
    assert platform.post(comments("晚了")).status_code == 401
    assert platform.house.app.reader.rows("SELECT COUNT(*) FROM push_nonces") == [(0,)]


def test_only_who_may_approve_opens_such_doors(house: House) -> None:
    body = {"integration": "douyin.open_push", "name": "x"}
    assert house.client("host").post("/api/rooms/r1/pushes", json=body).status_code == 403
    assert house.client("stranger").get("/api/rooms/r1/pushes").status_code == 404
    owner = house.client("owner")
    assert owner.post("/api/rooms/r1/pushes", json={**body, "integration": "nobody"}).status_code == 422
    assert owner.post("/api/rooms/r1/pushes", json=body).status_code == 201
    assert owner.post("/api/rooms/r1/pushes", json=body).status_code == 422
    kinds = owner.get("/api/push-kinds").json()
    assert any(kind["id"] == "douyin.open_push" and len(kind["settings"]) == 4 for kind in kinds)


def test_a_hole_in_a_translator_is_told_and_nothing_of_the_body_is(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ValueError("手机 13800138000")

    monkeypatch.setattr("livecue.integrations.douyin.open_push.receive", broken)
    answered = platform.post(comments("还有吗"))
    assert (answered.status_code, answered.json()["error"]) == (500, "defect")
    assert "13800138000" not in caplog.text + answered.text + json.dumps(platform.row())
    assert platform.row()["error"] == "the translator failed: ValueError"
