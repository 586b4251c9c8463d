"""A removed room: off every list, every door shut at once, nothing deleted, and back again as it was."""

import asyncio
import json
import time

import pytest
from starlette.requests import Request
from starlette.websockets import WebSocketDisconnect

from livecue.events import ShowPlanned, ShowStarted
from livecue.web.auth import still
from livecue.web.rooms import _frames
from tests.loops import run
from tests.web.conftest import House

LINE = b'{"kind":"LikeGiven","count":1}\n'


def shut(house: House, room: str = "r1") -> None:
    answered = house.client("ops").delete(f"/api/rooms/{room}")
    assert answered.status_code == 200, answered.text
    assert answered.json()["applied"]


def test_tokens_streams_and_screens_stop_at_once(house: House) -> None:
    token = house.token()
    headers = {"authorization": f"Bearer {token}"}
    ops, bridge = house.client("ops"), house.client()
    code = ops.post("/api/pairing", json={"room": "r1"}).json()["code"]
    device = house.client()
    assert device.post("/api/pair", json={"code": code}).status_code == 200
    assert bridge.post("/bridge/v1/rooms/r1/events", content=LINE, headers=headers).status_code == 200
    with bridge.websocket_connect("/bridge/v1/rooms/r1/listen", headers=headers) as socket:
        with bridge.websocket_connect("/bridge/v1/rooms/r1/socket", headers=headers) as way_in:
            began = time.monotonic()
            shut(house)
            way_in.send_bytes(LINE)
            assert json.loads(way_in.receive_bytes())["error"] == "not_found"
        with pytest.raises(WebSocketDisconnect):
            while True:
                socket.receive_bytes()
        assert time.monotonic() - began < 4, "it hears of it at once, not at the next sign of life"
    assert bridge.post("/bridge/v1/rooms/r1/events", content=LINE, headers=headers).status_code == 404
    assert bridge.get("/bridge/v1/rooms/r1/stream", headers=headers).status_code == 404
    for client in (ops, device):
        assert client.get("/api/rooms").json() == []
        # A stage device reads no whole picture of any room.
        assert client.get("/api/rooms/r1/snapshot").status_code == (404 if client is ops else 403)
        assert client.get("/api/rooms/r1/live").status_code == 404
        answered = client.post("/api/rooms/r1/commands", json={"kind": "CueAnswerGiven", "cue": "c", "answer": "done"})
        assert answered.status_code == 404


def test_an_open_screen_is_told_that_the_room_is_gone(house: House) -> None:
    async def watch() -> bytes:
        door = house.web.state.services
        first = await asyncio.wrap_future(door.pump.frame("r1"))
        frames = _frames(door, "r1", first)
        assert await anext(frames)
        assert b"event: frame" in await anext(frames)
        await asyncio.to_thread(shut, house)
        async for part in frames:
            last = part
        return last

    assert b"event: gone" in run(watch())


def test_a_screen_whose_reader_lost_the_right_ends(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecue.web.rooms.AGAIN_S", 0.05)

    async def watch() -> list[bytes]:
        door, allowed = house.web.state.services, [True]
        first = await asyncio.wrap_future(door.pump.frame("r1"))
        frames = _frames(door, "r1", first, None, lambda: allowed[0])
        seen = [await anext(frames) for _ in range(3)]
        allowed[0] = False
        return seen + [part async for part in frames]

    assert [part.split(b"\n")[0] for part in run(watch())] == [b"retry: 1000", b"event: frame", b"event: alive"]


def test_who_signs_out_may_read_no_stream_any_more(house: House) -> None:
    client = house.client("ops")
    token = client.cookies["livecue"]
    request = Request(
        {"type": "http", "app": house.web, "headers": [(b"cookie", f"livecue={token}".encode())], "method": "GET"}
    )
    assert still(request, "watch", "r1")
    assert not still(request, "watch", "r2") and not still(request, "watch", "nowhere")
    assert client.delete("/api/session").status_code == 204
    assert not still(request, "watch", "r1")


def test_nothing_is_deleted_and_it_comes_back_as_it_was(house: House) -> None:
    token = house.token()
    planned = ShowPlanned(key="k", command="k", show="s1", title="晚场", starts_at=5)
    house.app.pump.post("r1", [planned], source="test").result(60)
    ops = house.client("ops")
    before = house.app.reader.rows("SELECT COUNT(*) FROM journal WHERE room = 'r1'")
    shut(house)
    assert ops.get("/api/shows/s1").status_code == 404
    assert house.app.reader.rows("SELECT COUNT(*) FROM journal WHERE room = 'r1'") == before
    (row,) = ops.get("/api/rooms/removed").json()
    assert (row["room"], row["name"], row["removed_by"]) == ("r1", "一号", "运营")
    assert row["removed_at"] == house.clock.now_ms()
    assert ops.post("/api/rooms/restore", json={"room": "r1"}).json()["applied"]
    assert [room["room"] for room in ops.get("/api/rooms").json()] == ["r1"]
    assert ops.get("/api/shows/s1").json()["title"] == "晚场"
    headers = {"authorization": f"Bearer {token}"}
    assert house.client().post("/bridge/v1/rooms/r1/events", content=LINE, headers=headers).status_code == 200
    assert ops.get("/api/rooms/removed").json() == []


def test_not_while_on_air_not_by_anybody_and_not_another_brands(house: House) -> None:
    assert house.client("host").delete("/api/rooms/r1").status_code == 403
    assert house.client("stranger").delete("/api/rooms/r1").status_code == 404
    house.app.pump.post("r1", [ShowStarted(key="k", command="k", show="s")], source="test").result(60)
    answered = house.client("ops").delete("/api/rooms/r1")
    assert (answered.status_code, answered.json()["error"]) == (409, "on_air")
    shut_by = house.client("stranger")
    assert shut_by.delete("/api/rooms/r2").status_code == 200
    assert house.client("ops").get("/api/rooms/removed").json() == []
    assert house.client("ops").post("/api/rooms/restore", json={"room": "r2"}).status_code == 404
