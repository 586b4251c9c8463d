"""The short way of a stream: its head through every layer, its events straight out, its end with the reader."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from livecue.web.pushed import SERVERS_SEND, Pushed
from tests.loops import run


class Place:
    """A server with a layer around it."""

    def __init__(self) -> None:
        self.through: list[Any] = []
        self.straight: list[Any] = []
        self.gone = asyncio.Event()

    async def send(self, message: Any) -> None:
        self.through.append(message)

    async def servers_send(self, message: Any) -> None:
        self.straight.append(message)

    async def receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}


def test_events_go_straight_and_in_order() -> None:
    async def story() -> None:
        async def parts() -> AsyncIterator[bytes]:
            yield b"one"
            yield b"two"

        place = Place()
        await Pushed(parts())({SERVERS_SEND: place.servers_send}, place.receive, place.send)
        (head,) = place.through
        assert head["status"] == 200 and (b"content-type", b"text/event-stream; charset=utf-8") in head["headers"]
        assert not any(name == b"content-length" for name, _ in head["headers"])
        assert [(m["body"], m["more_body"]) for m in place.straight] == [(b"one", True), (b"two", True), (b"", False)]

    run(story())


def test_a_reader_that_goes_ends_it_and_gives_its_place_back() -> None:
    async def story() -> None:
        ended = asyncio.Event()

        async def parts() -> AsyncIterator[bytes]:
            try:
                yield b"one"
                await asyncio.Event().wait()
            finally:
                ended.set()

        place = Place()
        answer = asyncio.create_task(Pushed(parts())({}, place.receive, place.send))
        while len(place.through) < 2:
            await asyncio.sleep(0)
        place.gone.set()
        await asyncio.wait_for(answer, 5)
        await asyncio.wait_for(ended.wait(), 5)

    run(story())


def test_what_breaks_in_it_is_not_swallowed() -> None:
    async def story() -> None:
        async def parts() -> AsyncIterator[bytes]:
            yield b"one"
            raise RuntimeError("broken")

        place = Place()
        with pytest.raises(RuntimeError, match="broken"):
            await Pushed(parts())({}, place.receive, place.send)

    run(story())
