"""Old state + events = fresh state from the snapshot, for every kind of event; and every kind survives the journal."""

import contextlib
import os
import re
import select
import shutil
import signal
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest

from livecue.app import makers
from livecue.events import (
    EVENT_KINDS,
    ActionAsked,
    ClockTicked,
    DrawRules,
    Event,
    LiveActionAsked,
    ModerationAsked,
    PinComment,
    PinProduct,
    ProductCard,
    decode_event,
    decode_events,
    encode_event,
    encode_events,
)
from livecue.flow.folding import Parts
from livecue.flow.ledger import RoomInfo
from livecue.flow.room import Room
from livecue.integrations.simulator import Crew, Simulation, plain_show
from livecue.store import Batch, Record, SqliteWriter
from tests.folding import _template

INFO = RoomInfo(room="r", org="main", brand="main", name="R", platform="p", nature="simulated")
START = 1_790_000_000_000
SECONDS = 90


@pytest.fixture(scope="module")
def show() -> list[Event]:
    """A minute and a half of a simulated show with ticks."""
    scenario = plain_show(3, START, 1800, room="r")
    simulation, crew = Simulation(scenario), Crew(scenario)
    events: list[Event] = []
    for now in range(START - 3000, START + SECONDS * 1000, 250):
        commands = crew.step(now + 250)
        for command in commands:
            simulation.hear(command)
        events += [*commands, *simulation.step(now + 250), ClockTicked(now=now + 250)]
    return events


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SqliteWriter]:
    shutil.copy(_template(), tmp_path / "t.db")
    made = SqliteWriter(tmp_path / "t.db")
    made.begin()
    yield made
    made.rollback()
    made.close()


def sample(kind: type[Event]) -> Event:
    """An event of the kind with every field filled with something other than its default."""
    if kind is ActionAsked:
        return ActionAsked(key="k1", action=PinProduct(product="p01"), command="c1", by="sim-su")
    if kind is LiveActionAsked:
        return LiveActionAsked(key="k1", action=PinProduct(product="p01"), command="c1", by="sim-su", dry=True)
    if kind is ModerationAsked:
        return ModerationAsked(key="k1", action=PinComment(comment="c"), command="c1", by="sim-su")
    if kind is ClockTicked:
        return ClockTicked(now=START + SECONDS * 1000 + 250)
    values: dict[str, Any] = {"key": "k1", "at": START}
    for field in msgspec.structs.fields(kind):
        if field.name in ("key", "at", "v"):
            continue
        base = get_args(field.type)[0] if get_origin(field.type) is Annotated else field.type
        known = {"product": "p01", "sku": "p01-a", "room": "r", "command": "c1", "by": "sim-su", "raw": b"raw"}
        if field.name in known:
            values[field.name] = known[field.name]
        elif base is ProductCard:
            values[field.name] = ProductCard(product="p01", name="锅", price=100, skus=("p01-a",))
        elif base is DrawRules:
            values[field.name] = DrawRules(
                title="t", prize="锅", prizes=1, value=1, method="m", word="w", duration_s=60, claim_days=7
            )
        elif base is str:
            values[field.name] = _one_of(field.type, field.default) or f"{field.name}1"
        elif base is bool:
            values[field.name] = True
        elif base is int:
            most = min((meta.le for meta in get_args(field.type)[1:] if meta.le is not None), default=7)
            values[field.name] = min(7, int(most))
        elif base is float:
            values[field.name] = 0.5
        elif get_origin(base) is dict:
            value = get_args(base)[1]
            values[field.name] = {"M41": {"a": "b"} if get_origin(value) is dict else "5" if value is str else 5}
    return kind(**values)


def _one_of(kind: Any, default: object) -> str:
    """A word that the field takes, where it takes only some; "" where it takes any."""
    patterns = [meta.pattern for meta in get_args(kind)[1:] if isinstance(meta, msgspec.Meta) and meta.pattern]
    words = [word for pattern in patterns for word in pattern.removeprefix("^(").removesuffix(")$").split("|")]
    return next((word for word in words if word != default and all(re.search(p, word) for p in patterns)), "")


def folded(writer: SqliteWriter, events: list[Event]) -> Parts:
    room = Room(INFO, makers(), writer)
    writer.savepoint("folded")
    batch = Batch(room="r", number=1, arrived=START, source="simulator", events=events)
    room.parts.fold(batch, events, writer, Record())
    return room.parts


def reopened(parts: Parts) -> Parts:
    dumps = parts.dump()
    ledgers, deciders = makers()
    from livecue.flow import Outbox

    again = Parts(
        INFO,
        [maker(INFO, dumps[maker.name]) for maker in (*ledgers, Outbox)],
        {decider.name: (decider, decider.open(INFO, dumps[decider.name])) for decider in deciders},
    )
    again.now = parts.now
    return again


@pytest.fixture(scope="module")
def base(show: list[Event], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("base")
    shutil.copy(_template(), folder / "t.db")
    writer = SqliteWriter(folder / "t.db")
    writer.begin()
    parts = folded(writer, show)
    writer.commit()
    return {"path": folder / "t.db", "writer": writer, "dumps": parts.dump(), "parts": parts}


@pytest.fixture(scope="module")
def living(show: list[Event], tmp_path_factory: pytest.TempPathFactory) -> tuple[Parts, Path]:
    """Parts that have folded the show and were never written down, and the rows that they left."""
    folder = tmp_path_factory.mktemp("living")
    shutil.copy(_template(), folder / "t.db")
    writer = SqliteWriter(folder / "t.db")
    writer.begin()
    parts = folded(writer, show)
    writer.commit()
    writer.close()
    with contextlib.closing(sqlite3.connect(folder / "t.db")) as connection:
        connection.execute(f"VACUUM INTO '{folder / 'rows.db'}'")
    return parts, folder / "rows.db"


def after_it(parts: Parts, writer: SqliteWriter, events: list[Event]) -> dict[str, Any]:
    """What the parts come to with more events; of their rows nothing is kept."""
    writer.begin()
    parts.fold(Batch(room="r", number=2, arrived=START, source="simulator", events=events), events, writer, Record())
    dumps = parts.dump()
    writer.rollback()
    return dumps


HANGS_S = 120
"""So long without a word and the process that was split off hangs."""


def apart(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What ``work`` comes to in a process that is split off from this one as it stands; here nothing changes."""
    mine, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(theirs, "wb") as out:
                out.write(msgspec.msgpack.encode(work()))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(theirs)
    raw = b""
    with os.fdopen(mine, "rb") as told:
        while select.select([told], [], [], HANGS_S)[0]:
            part = told.read1()
            if not part:
                break
            raw += part
        else:
            # A lock that some thread held when the process was split off is held there for ever.
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "the process that was split off failed: see its words above"
    return dict(msgspec.msgpack.decode(raw))


@pytest.mark.parametrize("name", sorted(EVENT_KINDS))
def test_old_state_and_events_make_the_fresh_state(
    base: dict[str, Any], living: tuple[Parts, Path], name: str, tmp_path: Path
) -> None:
    event = sample(EVENT_KINDS[name])
    after: list[Event] = [event, *(ClockTicked(now=START + SECONDS * 1000 + ms) for ms in range(500, 6500, 500))]
    old, rows = living
    shutil.copy(rows, tmp_path / "living.db")
    # The show is folded once for all kinds: each goes on in a process of its own.
    lived = apart(lambda: after_it(old, SqliteWriter(tmp_path / "living.db"), after))
    fresh = after_it(reopened(base["parts"]), base["writer"], after)
    assert lived.keys() == fresh.keys()
    assert [part for part in lived if lived[part] != fresh[part]] == []
    assert base["parts"].dump() == base["dumps"], "reopening must not share state"


@pytest.mark.parametrize("name", sorted(EVENT_KINDS))
def test_every_kind_survives_journal_and_json(name: str) -> None:
    event = sample(EVENT_KINDS[name])
    assert decode_events(encode_events([event])) == [event]
    assert decode_event(encode_event(event)) == event
