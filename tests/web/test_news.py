"""What open inboxes are told: the rows that changed and where something was said, never to read all of it anew."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from livecue.events import ActionReleased, ActionUncertain, CommentPosted, OrderPaid, SendMessage, decode_action
from livecue.kit import new_id
from tests.loops import run
from tests.web.conftest import House
from tests.web.test_service import Desk

PATIENCE_S = 20


class Listening:
    """A browser at /api/service/live, as the server writes to it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._left = asyncio.Event()
        self._told: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def __aenter__(self) -> "Listening":
        cookies = "; ".join(f"{name}={value}" for name, value in self._desk.an.cookies.items())
        scope = {
            "type": "http", "method": "GET", "path": "/api/service/live", "raw_path": b"/api/service/live",
            "query_string": b"", "headers": [(b"host", b"testserver"), (b"cookie", cookies.encode())],
            "scheme": "http", "server": ("testserver", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
        }  # fmt: skip
        self._task = asyncio.create_task(self._desk.house.web(scope, self._receive, self._send))
        assert (await self.next())[0] == "ready"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._left.set()
        await self._task

    async def next(self) -> tuple[str, Any]:
        return await asyncio.wait_for(self._told.get(), PATIENCE_S)

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """All changes told up to the one for which ``holds``."""
        found: list[dict[str, Any]] = []
        while not found or not holds(found[-1]):
            kind, said = await self.next()
            if kind == "changed":
                found.append(said)
        return found

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        for block in bytes(message.get("body", b"")).decode().split("\n\n"):
            if block.startswith("event: "):
                kind, _, data = block.removeprefix("event: ").partition("\ndata: ")
                await self._told.put((kind, json.loads(data)))


@pytest.fixture
def desk(house: House) -> Desk:
    made = Desk(house)
    made.wait(250)
    return made


def rows(said: list[dict[str, Any]]) -> dict[str, str]:
    return {row["conversation"]: row["state"] for news in said for row in news["rows"]}


def test_a_question_in_the_room_is_one_row_and_leaves_as_one(desk: Desk) -> None:
    desk.write("在吗")

    async def listen() -> None:
        async with Listening(desk) as told:
            question = CommentPosted(key="q1", text="这个锅黑色还有吗？多少钱", user="u9", name="李雷")
            await asyncio.to_thread(desk.post, question)
            said = await told.until(lambda news: bool(news["rows"]))
            assert rows(said) == {"c:q1": "open"}
            assert said[-1]["room"] == "r1" and "c:q1" in said[-1]["heard"]
            assert said[-1]["rows"][0]["due_at"] > 0
            # Another's conversation is named, not told again; what is closed is told once more, as closed.
            await asyncio.to_thread(desk.do, desk.an, "QuestionAnswered", comment="q1", how="host")
            said = await told.until(lambda news: any(row["state"] == "closed" for row in news["rows"]))
            assert rows(said) == {"c:q1": "closed"}

    run(listen())


def test_names_are_masked_and_what_nobody_serves_is_not_told(desk: Desk) -> None:
    async def listen() -> None:
        async with Listening(desk) as told:
            paid = OrderPaid(order="o1", amount=100, key=new_id())
            await asyncio.to_thread(desk.post, paid)
            await asyncio.to_thread(desk.write, "我的电话 13812345678", "u2")
            said = await told.until(lambda news: bool(news["rows"]))
            # The order alone is no news of the desk.
            assert len(said) == 1 and said[0]["heard"] == ["k-u2"]
            assert said[0]["rows"][0]["newest"] == "我的电话 138****5678" and "雷" not in said[0]["rows"][0]["name"]
            await asyncio.to_thread(desk.do, desk.an, "ConversationNoted", conversation="k-u2", text="先看看")
            said = await told.until(lambda news: "k-u2" in news["heard"])
            assert said[-1]["rows"] == [], "a note changes nothing that the list shows"

    run(listen())


def test_what_a_person_decides_about_an_answer_is_told(desk: Desk) -> None:
    key = desk.write("在吗")
    desk.do(desk.an, "ReplyAsked", conversation="k-u1", reply="a1", text="在的", last=key)
    (sent,) = [
        (str(name), action)
        for name, body in desk.house.app.reader.rows("SELECT id, blob FROM outbox WHERE room = 'r1'")
        if isinstance(action := decode_action(body), SendMessage)
    ]
    desk.post(ActionUncertain(action=sent[0], key=new_id()))

    async def listen() -> None:
        async with Listening(desk) as told:
            decided = ActionReleased(action=sent[0], decision="happened", command=new_id(), by="an")
            await asyncio.to_thread(desk.post, decided)
            said = await told.until(lambda news: news["heard"] is None)
            assert rows(said) == {"k-u1": "open"} and said[-1]["rows"][0]["since"] == 0, "the customer was answered"

    run(listen())
