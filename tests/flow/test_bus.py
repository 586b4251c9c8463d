"""The bus: every watcher has the whole picture first and then what changed, whenever they come."""

import asyncio
import json

from livecue.flow import Bus, Frame
from tests.loops import run


def frame(number: int, **sections: int) -> Frame:
    return Frame(number, number * 1000, 1.0, {name: str(value).encode() for name, value in sections.items()})


async def taken(slot: object) -> dict[str, int]:
    raw = await asyncio.wait_for(slot.take(), 5)  # type: ignore[attr-defined]
    changed: dict[str, int] = json.loads(raw)["changed"]
    return changed


def test_a_later_watcher_starts_at_the_newest_that_others_were_sent() -> None:
    async def story() -> None:
        bus = Bus()
        assert bus.follow("r1") is None
        first = bus.watch("r1", frame(1, a=1, b=1))
        assert await taken(first) == {"a": 1, "b": 1}
        bus.publish("r1", frame(2, a=2, b=1))
        assert await taken(first) == {"a": 2}
        later = bus.follow("r1")
        assert later is not None
        assert await taken(later) == {"a": 2, "b": 1}
        bus.publish("r1", frame(3, a=2, b=3))
        assert (await taken(first), await taken(later)) == ({"b": 3}, {"b": 3})

    run(story())


def test_nobody_is_followed_once_the_last_has_gone() -> None:
    async def story() -> None:
        bus = Bus()
        slot = bus.watch("r1", frame(1, a=1))
        bus.unwatch("r1", slot)
        assert bus.follow("r1") is None
        again = bus.watch("r1", frame(5, a=9))
        assert await taken(again) == {"a": 9}

    run(story())


def test_who_is_nudged_looks_up_and_misses_nothing() -> None:
    async def story() -> None:
        bus = Bus()
        slot = bus.watch("r1", frame(1, a=1))
        assert await taken(slot) == {"a": 1}
        slot.nudge()
        assert await asyncio.wait_for(slot.take(), 5) == b""
        bus.publish("r1", frame(2, a=2))
        await asyncio.sleep(0)
        slot.nudge()
        assert await asyncio.wait_for(slot.take(), 5) == b""
        assert await taken(slot) == {"a": 2}
        slot.nudge()
        bus.publish("r1", None)
        await asyncio.sleep(0)
        assert await asyncio.wait_for(slot.take(), 5) is None

    run(story())
