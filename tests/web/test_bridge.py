"""The bridge: every line gets its answer, whatever comes; the way out gives every committed event in order."""

import asyncio
import gzip
import importlib
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import zstandard
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from livecue.events import ClockTicked, CommentPosted, RoomSaved
from livecue.store import read_batches
from livecue.web.bridge.way_in import MOST_RUNS
from tests.web.conftest import House

URL = "/bridge/v1/rooms/r1/events"
pytestmark = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)


class Sender:
    """A companion with a token."""

    def __init__(self, house: House, scope: str = "both") -> None:
        self.house = house
        self.client: TestClient = house.client()
        self.client.headers["authorization"] = f"Bearer {house.token('r1', scope)}"

    def send(self, *lines: object, **headers: str) -> dict[str, Any]:
        body = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
        answered = self.client.post(URL, content=body, headers=headers)
        assert answered.status_code == 200, answered.text
        return dict(answered.json())

    def kept(self) -> list[Any]:
        return [event for batch in read_batches(self.house.app.reader, "r1", 0) for event in batch.events]


LIKE = {"kind": "LikeGiven", "count": 2, "user": "u"}


def test_good_lines_count_and_bad_lines_are_named(house: House) -> None:
    sender = Sender(house)
    said = sender.send(
        {**LIKE, "key": "1"},
        b'{"kind":"LikeGiven",',
        {"kind": "Dance"},
        {"kind": "LikeGiven", "count": "many"},
        {"kind": "LikeGiven", "count": -3},
        {"kind": "CueRaised", "cue": "c", "rule": "R001", "role": "host"},
        b"",
        b"[1,2]",
        {"kind": "CommentPosted", "text": "来了", "key": "c1"},
    )
    assert (said["accepted"], said["duplicates"], said["rejected_count"]) == (2, 0, 6)
    assert [row["line"] for row in said["rejected"]] == [2, 3, 4, 5, 6, 8]
    assert "known kinds" in said["rejected"][1]["message"]
    assert all(row["message"] and row["code"] == "bad_input" for row in said["rejected"])
    assert len(sender.kept()) == 2


def test_habits_of_platforms_are_understood(house: House) -> None:
    sender = Sender(house)
    said = sender.send(
        {"kind": "OnlineCounted", "online": "6.8万", "views": "5,388"},
        {"kind": "ViewerEntered", "user": 9007199254741001},
        {"kind": "CommentPosted", "text": "👩‍👩‍👧 مرحبا بالعالم ‮abc", "user": "u", "key": 12345678901234567890},
    )
    assert (said["accepted"], said["rejected"]) == (3, [])
    online, entered, comment = sender.kept()
    assert (online.online, online.views, entered.user, comment.key) == (
        68000,
        5388,
        "9007199254741001",
        "12345678901234567890",
    )
    assert comment.text == "👩‍👩‍👧 مرحبا بالعالم ‮abc"


@pytest.mark.parametrize(
    ("platform", "mask", "person"),
    [("douyin", "111111", "222222"), ("nobody-knows-it", "2222222", "22222"), ("", "000000", "100000")],
)
def test_masks_are_nobody_and_never_one_person(house: House, platform: str, mask: str, person: str) -> None:
    house.app.tell_house(
        RoomSaved(room="r1", org="main", brand="main", name="一号", platform=platform, nature="rehearsed")
    )
    sender = Sender(house)
    as_number = int(mask) if not mask.startswith("0") else mask
    entered = [{"kind": "ViewerEntered", "user": user, "key": str(n)} for n, user in enumerate((mask, as_number, mask))]
    liked = {**LIKE, "user": person, "key": "l"}
    muted = {"kind": "ViewerMuted", "user": mask, "key": "m"}
    assert sender.send(*entered, liked, muted)["accepted"] == 5
    assert [event.user for event in sender.kept()] == ["", "", "", person, mask]
    now = house.clock.now_ms()
    for moment in (now, now + 10_000):
        house.app.pump.post("r1", [ClockTicked(now=moment)], source="t").result(5)
    house.clock.set(now + 10_000)
    picture = house.client("ops").get("/api/rooms/r1/snapshot").json()
    assert picture["audience"]["masked"] is False, "three entries are too few to say so of the room"
    tiles = {(tile["metric"], tile["window"]): tile for tile in picture["metrics"]["tiles"]}
    viewers = next(tile for (metric, _), tile in tiles.items() if metric == "M04")
    assert (viewers["value"], viewers["why"]) == (None, "masked_users")


def test_a_repeated_batch_counts_once(house: House) -> None:
    sender = Sender(house)
    batch = [{**LIKE, "key": f"k{n}"} for n in range(5)] + [{"kind": "CommentPosted", "text": "x", "key": "c"}]
    assert sender.send(*batch)["duplicates"] == 0
    again = sender.send(*reversed(batch))
    assert (again["accepted"], again["duplicates"]) == (0, 6)


def test_a_sequence_makes_keys_unnecessary(house: House) -> None:
    sender = Sender(house)
    numbers = {"X-LiveCue-Connection": "phone", "X-LiveCue-Sequence": "0"}
    assert sender.send(LIKE, LIKE, LIKE, **numbers)["accepted"] == 3
    assert sender.send(LIKE, LIKE, LIKE, **numbers)["duplicates"] == 3
    overlap = sender.send(LIKE, LIKE, **{**numbers, "X-LiveCue-Sequence": "2"})
    assert (overlap["accepted"], overlap["duplicates"]) == (1, 1)
    other = sender.send(LIKE, **{**numbers, "X-LiveCue-Connection": "tablet"})
    assert other["accepted"] == 1


def test_numbered_batches_may_change_places(house: House) -> None:
    """One was asked to come again later, and the next one was taken meanwhile."""
    sender = Sender(house)
    phone = {"X-LiveCue-Connection": "phone"}
    assert sender.send(LIKE, LIKE, LIKE, **phone, **{"X-LiveCue-Sequence": "3"})["accepted"] == 3
    late = sender.send(LIKE, LIKE, LIKE, **phone, **{"X-LiveCue-Sequence": "0"})
    assert (late["accepted"], late["duplicates"]) == (3, 0)
    assert sender.send(*[LIKE] * 6, **phone, **{"X-LiveCue-Sequence": "0"})["duplicates"] == 6


def test_a_refused_line_leaves_the_numbers_of_the_others(house: House) -> None:
    sender = Sender(house)
    phone = {"X-LiveCue-Connection": "phone", "X-LiveCue-Sequence": "0"}
    lines = [LIKE, {"kind": "Nonsense"}, LIKE, LIKE, {"kind": "Nonsense"}, LIKE]
    first = sender.send(*lines, **phone)
    assert (first["accepted"], first["rejected_count"]) == (4, 2)
    again = sender.send(*lines, **phone)
    assert (again["accepted"], again["duplicates"], again["duplicate_lines"]) == (0, 4, [1, 3, 4, 6])
    mended = sender.send(*[LIKE] * 6, **phone)
    assert (mended["accepted"], mended["duplicate_lines"]) == (2, [1, 3, 4, 6])


def test_a_numbered_batch_full_of_holes_is_refused_whole(house: House) -> None:
    sender = Sender(house)
    lines = [json.dumps(LIKE).encode() if n % 2 else b"x" for n in range(2 * MOST_RUNS + 2)]
    phone = {"X-LiveCue-Connection": "phone", "X-LiveCue-Sequence": "0"}
    said = sender.client.post(URL, content=b"\n".join(lines), headers=phone)
    assert said.status_code == 422 and "Nothing was taken" in said.json()["message"]
    assert sender.client.post(URL, content=b"\n".join(lines)).json()["accepted"] == MOST_RUNS + 1


def test_a_sender_hears_which_lines_came_before(house: House) -> None:
    sender = Sender(house)
    sender.send({**LIKE, "key": "a"}, {**LIKE, "key": "b"})
    body = b"\n\n".join(json.dumps({**LIKE, "key": key}).encode() for key in "cab")
    said = sender.client.post(URL, content=body).json()
    assert (said["accepted"], said["duplicates"], said["duplicate_lines"]) == (1, 2, [3, 5])
    assert sender.send({**LIKE, "key": "c"}, {**LIKE, "key": "d"}, {**LIKE, "key": "a"})["duplicate_lines"] == [1, 3]


@pytest.mark.parametrize(
    ("hours", "says"), [(1, "future"), (-24 * 365, "livecue replay"), (-0.5, "")], ids=["ahead", "last-year", "fine"]
)
def test_clocks_that_are_wrong_are_said(house: House, hours: float, says: str) -> None:
    at = house.clock.now_ms() + int(hours * 3_600_000)
    said = Sender(house).send({**LIKE, "at": at})
    if says:
        assert says in said["rejected"][0]["message"]
    else:
        assert said["accepted"] == 1


def test_bodies_that_are_too_large_are_let_go(house: House) -> None:
    sender = Sender(house)
    house.web.state.services.body_bytes = 1 << 20
    answered = sender.client.post(URL, content=b"x" * ((1 << 20) + 1))
    assert (answered.status_code, answered.json()["error"]) == (422, "bad_input")
    bomb = gzip.compress(b"\n" * (1 << 24))
    answered = sender.client.post(URL, content=bomb, headers={"content-encoding": "gzip"})
    assert "larger than 1 MB" in answered.json()["message"]
    for bomb in (zstandard.compress(b"\n" * (1 << 26)), zstandard.ZstdCompressor().compress(b"\n" * (1 << 21)) * 2):
        answered = sender.client.post(URL, content=bomb, headers={"content-encoding": "zstd"})
        assert "larger than 1 MB" in answered.json()["message"]
    said = sender.client.post(URL, content=b"x" * ((1 << 20) + 1), headers={"content-length": "104857600"})
    assert said.status_code == 422
    assert sender.send({**LIKE, "key": "still-alive"})["accepted"] == 1


def test_packed_bodies(house: House) -> None:
    sender = Sender(house)
    packed = gzip.compress(json.dumps(LIKE).encode())
    good = sender.client.post(URL, content=packed, headers={"content-encoding": "gzip"})
    assert good.json()["accepted"] == 1
    other = json.dumps({**LIKE, "key": "second"}).encode()
    for encoding, one in (("gzip", gzip.compress), ("zstd", zstandard.compress)):
        # Packed one after the other, as `cat a.gz b.gz` does.
        line = json.dumps({**LIKE, "key": encoding}).encode() + b"\n"
        said = sender.client.post(URL, content=one(line) + one(other), headers={"content-encoding": encoding}).json()
        assert said["accepted"] + said["duplicates"] == 2, encoding
    frame = zstandard.compress(other)
    for body, encoding in (
        (packed[:-9], "gzip"), (packed + b"rubbish", "gzip"), (b"nonsense", "zstd"), (frame[:-3], "zstd"),
        (frame + b"rubbish", "zstd"), (b"x", "br"),
    ):  # fmt: skip
        answered = sender.client.post(URL, content=body, headers={"content-encoding": encoding})
        assert answered.status_code == 422, encoding


def test_one_long_line_among_good_ones(house: House) -> None:
    said = Sender(house).send(
        {**LIKE, "key": "a"}, b'{"kind":"CommentPosted","text":"' + b"y" * 70_000 + b'"}', {**LIKE, "key": "b"}
    )
    assert (said["accepted"], said["rejected"][0]["line"]) == (2, 2)


def test_tokens_are_for_their_room_and_scope(house: House) -> None:
    read_only = Sender(house, "read")
    assert read_only.client.post(URL, content=b"{}").status_code == 401
    sender = Sender(house, "write")
    assert sender.client.post("/bridge/v1/rooms/r2/events", content=b"{}").status_code == 401
    assert sender.client.get("/bridge/v1/rooms/r1/stream").status_code == 401
    assert house.client().post(URL, content=b"{}").status_code == 401
    assert house.client("owner").post(URL, content=b"{}").status_code == 401
    bad = sender.client.post(URL, content=b"{}", headers={"X-LiveCue-Sequence": "-1"})
    assert bad.status_code == 422


def test_a_socket_answers_each_message(house: House) -> None:
    sender = Sender(house)
    auth = {"authorization": sender.client.headers["authorization"]}
    with sender.client.websocket_connect("/bridge/v1/rooms/r1/socket", headers=auth) as socket:
        socket.send_text(json.dumps({**LIKE, "key": "1"}) + "\nrubbish")
        said = json.loads(socket.receive_bytes())
        assert (said["accepted"], said["rejected_count"]) == (1, 1)
        socket.send_bytes(json.dumps({**LIKE, "key": "1"}).encode())
        assert json.loads(socket.receive_bytes())["duplicates"] == 1


def test_the_way_out_gives_what_was_committed_in_order(house: House) -> None:
    sender = Sender(house)
    for n in range(3):
        sender.send(
            {"kind": "CommentPosted", "text": f"还有货吗{n}", "key": f"c{n}"},
            {"kind": "CommentPosted", "text": "twice", "key": "c0"},
        )
    auth = {"authorization": sender.client.headers["authorization"]}
    path = "/bridge/v1/rooms/r1/listen?after=0&kinds=CommentPosted,CommentJudged"
    with sender.client.websocket_connect(path, headers=auth) as socket:
        got = [json.loads(socket.receive_bytes()) for _ in range(6)]
        sender.send({"kind": "CommentPosted", "text": "现在来的", "key": "c9"})
        live = json.loads(socket.receive_bytes())
    posted = [event["key"] for event in got if event["kind"] == "CommentPosted"]
    assert posted == ["c0", "c1", "c2"]
    assert live["key"] == "c9"
    assert [event["number"] for event in got] == sorted(event["number"] for event in got)
    answered = sender.client.get("/bridge/v1/rooms/r1/stream?kinds=Nonsense")
    assert answered.status_code == 422


def test_a_stream_gives_what_was_committed_and_goes_on_where_it_broke_off(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("livecue.web.bridge.tokens"), "_REMEMBERED_S", 0.0)
    way_out = importlib.import_module("livecue.web.bridge.way_out")
    monkeypatch.setattr(way_out, "_SILENT_S", 0.05)
    sender, owner = Sender(house), house.client("owner")
    for n in range(3):
        sender.send({"kind": "CommentPosted", "text": f"还有货吗{n}", "key": f"c{n}"}, {**LIKE, "key": f"l{n}"})
    follow, to_say = way_out.follow, list[str]()

    async def until_silent(*asked: Any) -> AsyncIterator[Any]:
        """What is followed; once it has nothing more, what is still to be said; then the token is over."""
        async for item in follow(*asked):
            if item is None and to_say:
                await asyncio.to_thread(sender.send, {"kind": "CommentPosted", "text": "现在", "key": to_say[0]})
            elif item is None:
                house.clock.advance(2 * 24 * 3_600_000)
            elif any(event.key in to_say for event in item[1]):
                to_say.clear()
            yield item

    monkeypatch.setattr(way_out, "follow", until_silent)

    def read(name: str, query: str, last: str = "") -> list[tuple[int, str]]:
        """Ids and keys of a stream until its token is over."""
        made = owner.post("/api/rooms/r1/tokens", json={"name": name, "scope": "read", "days": 1}).json()["token"]
        headers = {"authorization": f"Bearer {made}", **({"last-event-id": last} if last else {})}
        answered = sender.client.get(f"/bridge/v1/rooms/r1/stream{query}", headers=headers)
        assert answered.status_code == 200
        *told, over = [block.split("\n") for block in answered.text.strip().split("\n\n") if block[0] != ":"]
        assert over[0] == "event: over"
        assert all(block[1] == "event: event" for block in told)
        return [
            (int(block[0].removeprefix("id: ")), json.loads(block[2].removeprefix("data: "))["key"]) for block in told
        ]

    whole = read("a", "?after=0&kinds=CommentPosted")
    assert [key for _, key in whole] == ["c0", "c1", "c2"]
    first = whole[0][0]
    assert read("b", "?kinds=CommentPosted", last=str(first)) == [item for item in whole if item[0] > first]
    to_say.append("c9")
    assert [key for _, key in read("c", "?kinds=CommentPosted")] == ["c9"], "without a number it begins now"


def test_a_revoked_token_reads_no_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a socket and a stream that were open; the memory of two seconds is the promise of the docs."""
    monkeypatch.setattr(importlib.import_module("livecue.web.bridge.tokens"), "_REMEMBERED_S", 0.0)
    monkeypatch.setattr(importlib.import_module("livecue.web.bridge.way_out"), "_SILENT_S", 0.05)
    sender, owner = Sender(house), house.client("owner")
    token = sender.client.headers["authorization"]
    path = "/bridge/v1/rooms/r1/listen?after=0&kinds=CommentPosted"
    with sender.client.websocket_connect(path, headers={"authorization": token}) as socket:
        sender.send({"kind": "CommentPosted", "text": "之前", "key": "c1"})
        assert json.loads(socket.receive_bytes())["key"] == "c1"
        assert owner.delete("/api/rooms/r1/tokens/t").status_code == 204
        house.app.pump.post("r1", [CommentPosted(key="c2", text="之后")], source="s").result(30)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_bytes()
    assert closed.value.code == 4403

    again = {"authorization": "Bearer " + owner.post("/api/rooms/r1/tokens", json={"name": "u"}).json()["token"]}
    assert sender.client.get("/bridge/v1/rooms/r1/stream", headers=again).status_code == 401
    made = owner.post("/api/rooms/r1/tokens", json={"name": "v", "scope": "read", "days": 1}).json()["token"]
    over = threading.Timer(0.5, lambda: house.clock.advance(2 * 24 * 3_600_000))
    over.start()
    read = sender.client.get("/bridge/v1/rooms/r1/stream", headers={"authorization": f"Bearer {made}"})
    assert read.status_code == 200 and "event: over" in read.text and "bad_token" in read.text


def test_too_much_at_once_is_asked_to_wait(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from livecue.flow.pump import queue

    sender = Sender(house)
    monkeypatch.setattr(queue, "QUEUE_EVENTS", -1)
    answered = sender.client.post(URL, content=json.dumps(LIKE).encode())
    assert answered.status_code == 429
    assert int(answered.headers["retry-after"]) >= 1
    monkeypatch.undo()
    assert sender.send({**LIKE, "key": "later"})["accepted"] == 1


def test_too_much_behind_is_asked_to_wait_and_people_are_let_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Sender(house)
    monkeypatch.setattr(house.app.pump.pressure, "most", -1)
    answered = sender.client.post(URL, content=json.dumps(LIKE).encode())
    assert answered.status_code == 429
    assert answered.json()["error"] == "overloaded"
    assert int(answered.headers["retry-after"]) >= 1
    begun = house.client("ops").post("/api/rooms/r1/commands", json={"kind": "ShowStarted", "show": "s"})
    assert begun.status_code == 200
    monkeypatch.undo()
    assert sender.send({**LIKE, "key": "later"})["accepted"] == 1
