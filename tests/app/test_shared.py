"""Programs that share the rooms of one PostgreSQL: who owns what, commands and screens across, nothing twice."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from livecue.app import ROLES, App
from livecue.app.house import room_of_rehearsals
from livecue.config import load_settings
from livecue.errors import BadInput, Conflict, NotApplied, Overloaded
from livecue.events import (
    Action,
    ActionAsked,
    ActionDone,
    ClockTicked,
    CommentPosted,
    LikeGiven,
    Performed,
    PinProduct,
    RoomRemoved,
    RoomSaved,
    ShowPlanned,
    TaskAdded,
)
from livecue.flow import Receipt
from livecue.flow.exchange import commands
from livecue.flow.exchange import exchange as exchanging
from livecue.metrics import DEFINITIONS, Figures, figures_question
from livecue.store import Broker, broken_link, read_batches
from livecue.web.bridge.way_out import follow
from livecue.web.services import Services
from tests.loops import run
from tests.postgres import Cluster
from tests.programs import until

ROOMS = [f"r{number}" for number in range(4)]


class Pair:
    """Two whole programs in this process, over one database."""

    def __init__(self, folder: Path, dsn: str, broker: Broker | None) -> None:
        self.folder, self.dsn = folder, dsn
        self.more: dict[str, Any] = {"store_nats": broker.url, "store_nats_prefix": broker.prefix} if broker else {}
        self.running: list[App] = []
        self.a = self.start("a")
        self.a.first_owner()
        self.a.tell_house(
            *(
                RoomSaved(room=room, org="main", brand="main", name=room, platform="p", nature="simulated")
                for room in ROOMS
            )
        )
        self.b = self.start("b")
        until(lambda: len(self.owned(self.a)) in (2, 3) and len(self.owned(self.b)) in (2, 3), 20)
        until(lambda: len(self.b.rooms()) == len(ROOMS), 10)

    def start(self, name: str, roles: frozenset[str] = ROLES) -> App:
        settings = load_settings(data=self.folder / name, store_dsn=self.dsn, store_installation="pair", **self.more)
        app = App(settings, roles=roles)
        app.start()
        self.running.append(app)
        return app

    def stop(self, app: App) -> None:
        self.running.remove(app)
        app.stop()

    def owned(self, app: App) -> dict[str, int]:
        shared = app.shared()
        assert shared is not None
        return {room: epoch for room, epoch in shared.owned.items() if room != "house"}

    def one_of(self, app: App) -> str:
        """A room that ``app`` owns."""
        return min(self.owned(app))

    def keys(self, room: str) -> list[str]:
        """What stands in the room's journal, in order."""
        return [event.key for batch in read_batches(self.a.reader, room, 0) for event in batch.events if event.key]


@pytest.fixture(scope="module", params=["postgres", "jetstream"])
def pair(request: pytest.FixtureRequest, postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    broker = request.getfixturevalue("nats").broker() if request.param == "jetstream" else None
    made = Pair(tmp_path_factory.mktemp("pair"), postgres.database(), broker)
    yield made
    for app in list(made.running):
        made.stop(app)


def ask(app: App, room: str, event: Any) -> Future[Receipt]:
    return app.pump.post(room, [event], source="person:tester", wants=True)


def test_every_room_has_one_owner(pair: Pair) -> None:
    assert not pair.owned(pair.a).keys() & pair.owned(pair.b).keys()
    assert sorted(pair.owned(pair.a).keys() | pair.owned(pair.b).keys()) == ROOMS


def test_the_health_page_knows_how_large_the_database_is(pair: Pair) -> None:
    assert pair.a.sizes()["database"] > 1_000_000


def test_a_command_is_answered_by_the_owner_wherever_it_is(pair: Pair) -> None:
    for room in ROOMS:
        for app, name in ((pair.a, "a"), (pair.b, "b")):
            command = f"{name}/{room}"
            receipt = ask(app, room, TaskAdded(key=command, command=command, task=command, title="x")).result(20)
            assert receipt.applied and receipt.duplicates == 0
            again = ask(app, room, TaskAdded(key=command, command=command, task=command, title="x")).result(20)
            assert not again.applied and again.duplicates == 1


def test_a_screen_shows_a_room_of_another_program(pair: Pair) -> None:
    room = pair.one_of(pair.b)
    here, there = pair.b.pump.frame(room).result(20), pair.a.pump.frame(room).result(20)
    assert there == here
    import json

    assert json.loads(pair.a.pump.screen(room).result(20)) == json.loads(pair.b.pump.screen(room).result(20))
    assert pair.a.pump.room_now(room).result(20) == here.now

    async def watch() -> bytes:
        slot = pair.a.bus.watch(room, there)
        await slot.take()
        ask(pair.b, room, TaskAdded(key="seen", command="seen", task="seen", title="这件事要看见"))
        for _ in range(20):
            cut = await asyncio.wait_for(slot.take(), 20)
            if cut is not None and "这件事要看见".encode() in cut:
                pair.a.bus.unwatch(room, slot)
                return cut
        raise AssertionError("the news did not come")

    assert run(watch(), 60)


def test_a_question_is_answered_by_the_owner_wherever_it_is(pair: Pair) -> None:
    question = figures_question("show", "product:壶 1")
    for room in (pair.one_of(pair.a), pair.one_of(pair.b)):
        # Twice: the second time the answer may come with a frame that was painted for the first.
        for app in (pair.a, pair.b, pair.a, pair.b):
            told = msgspec.json.decode(app.pump.asked(room, question).result(20), type=Figures)
            assert told.scope == "product:壶 1"
            assert [row.metric for row in told.figures] == list(DEFINITIONS)
            # What the owner refuses is refused here too, at once: not as if nobody owned the room.
            with pytest.raises(BadInput, match="nothing in this room answers"):
                app.pump.asked(room, "nobody/likes").result(20)
    room = pair.one_of(pair.b)
    frame = pair.a.pump.frame(room).result(20)

    async def watch() -> bytes:
        slot = pair.a.bus.watch(room, frame)
        await slot.take()
        await asyncio.wrap_future(pair.a.pump.asked(room, question))
        await asyncio.wrap_future(ask(pair.b, room, TaskAdded(key="q", command="q", task="q", title="之后")))
        found = b""
        while "之后".encode() not in found:
            cut = await asyncio.wait_for(slot.take(), 20)
            found += cut or b""
        pair.a.bus.unwatch(room, slot)
        return found

    assert b"asked." not in run(watch(), 60), "the answer is for whoever asked, not for every screen"


def test_readers_follow_a_room_of_another_program_without_a_gap(pair: Pair) -> None:
    room = pair.one_of(pair.b)
    door = Services(
        pair.a.reader, pair.a.pump, pair.a.bus, pair.a.runner, pair.a.clock, pair.a.rooms, lambda _: [], "main", "0"
    )
    wanted = {f"followed{number}" for number in range(40)}

    async def read() -> list[int]:
        numbers: list[int] = []
        found: set[str] = set()
        threading.Thread(target=send).start()
        async for item in follow(door, room, 0):
            if item is not None:
                numbers.append(item[0])
                found |= {event.key for event in item[1]} & wanted
            if found == wanted:
                return numbers
        raise AssertionError("the stream ended")

    def send() -> None:
        for key in sorted(wanted):
            pair.b.pump.post(room, [LikeGiven(key=key)], source="t").result(20)

    numbers = run(read(), 60)
    assert numbers == list(range(1, numbers[-1] + 1))


def test_everybody_appends_at_once_and_no_number_is_lacking(pair: Pair) -> None:
    futures = []
    for number in range(60):
        for app, name in ((pair.a, "a"), (pair.b, "b")):
            for room in ROOMS:
                futures.append(app.pump.post(room, [LikeGiven(key=f"n/{name}/{number}")], source="t"))
    for future in futures:
        assert future.result(30).number > 0
    for room in ROOMS:
        batches = list(read_batches(pair.a.reader, room, 0))
        assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
        assert sum(key.startswith("n/") for key in pair.keys(room)) == 120
        until(lambda room=room: folded(pair.a, room), 20)


def folded(app: App, room: str) -> bool:
    ((last,),) = app.reader.rows("SELECT MAX(number) FROM journal WHERE room = ?", (room,))
    ((cursor,),) = app.reader.rows("SELECT COALESCE(MAX(number), 0) FROM cursors WHERE room = ?", (room,))
    return bool(last == cursor)


def test_two_rooms_in_two_programs_cannot_hold_one_host(pair: Pair) -> None:
    first, second = pair.one_of(pair.a), pair.one_of(pair.b)
    refused = 0
    for turn in range(10):
        at = 1_800_000_000_000 + turn * 10_000_000
        asked = [
            ask(
                app,
                room,
                ShowPlanned(
                    key=f"p{turn}{room}",
                    command=f"p{turn}{room}",
                    show=f"s{turn}{room}",
                    title="x",
                    starts_at=at,
                    ends_at=at + 3_600_000,
                    hosts=("小林",),
                ),
            )
            for app, room in ((pair.a, first), (pair.b, second))
        ]
        answers = [one.result(20) for one in asked]
        assert sorted(answer.applied for answer in answers) == [False, True], answers
        refused += sum(answer.refused is not None for answer in answers)
    assert refused == 10


def test_the_audit_chain_holds_when_all_write_it(pair: Pair) -> None:
    asked = [
        ask(app, room, TaskAdded(key=f"c{n}{room}", command=f"c{n}{room}", task=f"c{n}{room}", title="x"))
        for n in range(15)
        for app in (pair.a, pair.b)
        for room in ROOMS
    ]
    for one in asked:
        one.result(30)
    assert broken_link(pair.a.reader) is None


class Counted:
    """A door that counts what it does."""

    real = False

    def __init__(self) -> None:
        self.done: list[str] = []

    def idempotent(self, action: Action) -> bool:
        return False

    def confirm(self, action_id: str, action: Action) -> bool | None:
        return None

    def perform(self, action_id: str, action: Action) -> Performed:
        self.done.append(action_id)
        return Performed(outcome="done")


def test_two_runners_perform_every_action_once(pair: Pair) -> None:
    door = Counted()
    for app in (pair.a, pair.b):
        for room in ROOMS:
            app.doors[room], app.capable[room] = door, ["PinProduct"]
    told = []
    for number in range(10):
        for room in ROOMS:
            command = f"act{number}{room}"
            asked = ActionAsked(key=command, command=command, by="t", action=PinProduct(product=f"p{number}"))
            told.append(pair.a.pump.post(room, [asked], source="person:t"))
    assert [one.result(60).accepted for one in told] == [1] * 40
    became = "SELECT state, result, why, program, COUNT(*) FROM outbox GROUP BY state, result, why, program"
    try:
        until(lambda: pair.a.reader.rows("SELECT COUNT(*) FROM outbox WHERE state = 'done'")[0][0] == 40, 120)
    except AssertionError:
        pytest.fail(f"{len(door.done)} performed, and of the actions became: {pair.a.reader.rows(became)}")
    assert len(door.done) == len(set(door.done)) == 40
    rows = pair.a.reader.rows("SELECT attempts, epoch, program FROM outbox")
    assert {attempts for attempts, _, _ in rows} == {1} and all(epoch > 0 for _, epoch, _ in rows)
    performed = [
        event.action
        for room in ROOMS
        for batch in read_batches(pair.a.reader, room, 0)
        for event in batch.events
        if isinstance(event, ActionDone)
    ]
    assert sorted(performed) == sorted(door.done)


def test_what_a_program_left_behind_while_acting_waits_for_a_person(pair: Pair) -> None:
    room = pair.one_of(pair.a)

    def left(writer: Any) -> None:
        writer.write(
            "INSERT INTO outbox (org, brand, room, id, number, position, kind, asked_by, blob, state, attempts,"
            " made_at, program, epoch) SELECT org, brand, room, 'left', number, position, kind, asked_by, blob,"
            " 'sending', 1, made_at, 'gone', 1 FROM outbox WHERE room = ? ORDER BY id LIMIT 1",
            (room,),
        )

    pair.a.pump.run(left).result(20)
    until(
        lambda: pair.a.reader.rows("SELECT state FROM outbox WHERE id = 'left'")[0][0] == "uncertain",
        20,
    )


def test_whoever_owns_a_room_forgets_it_when_its_rows_were_changed_by_others(pair: Pair) -> None:
    """As an erasure does from whichever program carries it out: what the owner remembered is written no more."""
    room = pair.one_of(pair.b)
    before = pair.owned(pair.b)[room]
    ask(pair.b, room, TaskAdded(key="old", command="old", task="old", title="remembered")).result(20)

    def change(writer: Any) -> None:
        writer.write("DELETE FROM snapshots WHERE room = ?", (room,))

    pair.a.pump.run(change).result(20)
    pair.a.pump.reopen(room).result(20)
    until(lambda: pair.owned(pair.b).get(room, 0) > before, 5)
    for number in range(20):
        # Senders never notice: what they told stands in the journal, and is folded by the room as it was opened anew.
        name = f"reopened{number}"
        assert ask(pair.a, room, TaskAdded(key=name, command=name, task=name, title="x")).result(20).applied
    assert pair.owned(pair.b)[room] == before + 1 and room not in pair.owned(pair.a)
    assert pair.b.pump.alive and pair.a.pump.alive


def test_an_erasure_is_not_overtaken_by_what_another_program_was_writing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner has a word of the person in a transaction under way: it began before, and commits after."""
    room = pair.one_of(pair.b)
    owner = pair.b.pump.owner  # type: ignore[union-attr]  # it shares its rooms
    go, held, commit = threading.Event(), threading.Event(), owner._writer.commit

    def late() -> None:
        owner._writer.rows("SELECT 1")  # what was put is at the server by now, and nothing of it is committed
        if not held.is_set() and said in "".join(text for (text,) in owner._writer.rows("SELECT text FROM comments")):
            held.set()
            assert go.wait(30)
        commit()

    said = "这句话提交得晚"
    monkeypatch.setattr(owner._writer, "commit", late)
    pair.a.pump.post(room, [CommentPosted(key="late", text=said, user="person-1234", name="迟到")], source="bridge:t")
    assert held.wait(20)
    erasure = pair.a.eraser.ask("main", "person-1234", "", "asked", "owner", pair.a.clock.now_ms())
    done: list[int] = []
    step = threading.Thread(target=lambda: done.append(pair.a.eraser.step(pair.a.clock.now_ms())))
    step.start()
    step.join(4)
    assert not done, "it waits for what is being written"
    go.set()
    step.join(60)
    assert done == [1]
    reader = pair.a.reader
    assert reader.rows("SELECT viewer, name, text FROM comments WHERE comment = 'late'") == [
        (f"erased-{erasure}", "", ""),
    ]  # fmt: skip
    assert "person-1234" not in str([batch.events for batch in read_batches(reader, room, 0)])


def test_an_erasure_outlasts_a_program_that_owns_the_room_no_more(pair: Pair) -> None:
    """Nobody who forgets the room waits for it: what it was writing may be committed behind the erasure's back."""
    room = pair.one_of(pair.a)
    now = pair.a.clock.now_ms()
    with psycopg.connect(pair.dsn, application_name="livecue/gone") as gone:
        gone.execute(
            "INSERT INTO gifts (org, brand, room, gift, at, viewer, name, count, coins)"
            " VALUES ('main', 'main', %s, 'g', 1, 'person-gone', '走了', 1, 1)",
            (room,),
        )
        erasure = pair.a.eraser.ask("main", "person-gone", "", "asked", "owner", now)
        done: list[int] = []
        step = threading.Thread(target=lambda: done.append(pair.a.eraser.step(now)))
        step.start()
        step.join(3)
        waited = step.is_alive()
    step.join(60)
    assert done == [1]
    assert pair.a.reader.rows("SELECT viewer, name FROM gifts WHERE gift = 'g'") == [(f"erased-{erasure}", "")]
    assert waited, "it waits for what was being written"


def test_who_asks_for_the_layout_while_a_program_runs_takes_no_connection_from_it(pair: Pair) -> None:
    store, room = pair.a.store, pair.one_of(pair.a)
    link = getattr(store, "_link", None)
    client = link.client if link is not None else None
    assert "room" in store.columns("comments") and "comments" in store.tables() and store.layout()
    reader = store.reader()
    reader.close()
    reader.close()
    assert link is None or link.client is client, "the same connection, and never another"
    assert ask(pair.b, room, TaskAdded(key="laid", command="laid", task="laid", title="x")).result(20).applied


def test_a_new_room_and_a_removed_one_are_known_everywhere(pair: Pair) -> None:
    pair.b.tell_house(RoomSaved(room="new", org="main", brand="main", name="n", platform="p", nature="simulated"))
    assert "new" in pair.b.rooms()
    until(lambda: "new" in pair.a.rooms(), 5)
    assert ask(pair.a, "new", TaskAdded(key="t", command="t", task="t", title="x")).result(20).applied
    pair.a.tell_house(RoomRemoved(room="new", org="main", brand="main"))
    until(lambda: "new" not in pair.b.rooms() and "new" not in pair.a.rooms(), 5)
    until(lambda: "new" not in pair.owned(pair.a) | pair.owned(pair.b), 5)


def test_too_much_behind_is_said_to_senders_and_not_to_people(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    room = pair.one_of(pair.a)
    monkeypatch.setattr(exchanging, "LAG_EVENTS", -1)
    with pytest.raises(Overloaded, match="not yet counted"):
        pair.b.pump.post(room, [LikeGiven(key="late")], source="bridge:t")
    assert ask(pair.b, room, TaskAdded(key="now", command="now", task="now", title="x")).result(20).applied


def test_an_orderly_stop_hands_over_at_once_and_a_newcomer_takes_its_share(pair: Pair) -> None:
    before = pair.owned(pair.b)
    pair.stop(pair.b)
    until(lambda: len(pair.owned(pair.a)) == len(ROOMS), 2)
    assert all(pair.owned(pair.a)[room] > epoch for room, epoch in before.items())
    for room in ROOMS:
        assert ask(pair.a, room, TaskAdded(key="o" + room, command="o" + room, task="o" + room, title="x")).result(20)
    third = pair.start("c")
    until(lambda: len(pair.owned(third)) == 2 and len(pair.owned(pair.a)) == 2, 10)
    room = pair.one_of(third)
    assert ask(pair.a, room, TaskAdded(key="moved", command="moved", task="moved", title="x")).result(20).applied


def test_a_demo_bears_no_program_beside_it(pair: Pair) -> None:
    settings = load_settings(data=pair.folder / "solo", store_dsn=pair.dsn, store_installation="pair", **pair.more)
    with pytest.raises(Conflict, match="another LiveCue runs"):
        App(settings)


def test_without_a_pump_a_command_is_kept_and_says_so(
    postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "ANSWER_S", 0.3)
    dsn = postgres.database()
    settings = load_settings(data=tmp_path / "w", store_dsn=dsn, store_installation="alone")
    web = App(settings, roles=frozenset({"web", "intake"}))
    web.start()
    with pytest.raises(NotApplied, match=r"is kept \(room house, number 1\)"):
        web.first_owner()
    pump = App(load_settings(data=tmp_path / "p", store_dsn=dsn, store_installation="alone"), roles=frozenset({"pump"}))
    pump.start()
    until(lambda: web.reader.rows("SELECT COUNT(*) FROM grants WHERE role = 'owner'")[0][0] == 1, 10)
    pump.stop()
    web.stop()


def test_one_file_serves_one_program(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="one database file serves one program"):
        App(load_settings(data=tmp_path), roles=frozenset({"web"}))
    assert not (tmp_path / "livecue.db").exists()


def test_a_rehearsal_has_one_clock_wherever_it_runs(pair: Pair) -> None:
    """Its room may belong to a program that knows nothing of the rehearsal: that one must not tick it as well."""
    other = next(app for app in pair.running if app is not pair.a)
    room = pair.one_of(pair.a)
    stage = room_of_rehearsals(room)
    saved = RoomSaved(room=stage, org="main", brand="main", name="彩排", platform="p", nature="rehearsed")
    pair.a.tell_house(saved)
    plain = RoomSaved(room="tick", org="main", brand="main", name="t", platform="p", nature="rehearsed")
    pair.a.tell_house(plain)
    until(lambda: stage in pair.owned(pair.a) | pair.owned(other), 30)
    until(lambda: "tick" in pair.a._timed() + other._timed(), 30)
    assert stage not in pair.a._timed() + other._timed()
    now = pair.a.clock.now_ms() + 3_600_000
    other.pump.post(stage, [ClockTicked(now=now // 250 * 250)], source="simulator").result(20)
    until(lambda: pair.a.pump.room_now(stage).result(20) == now // 250 * 250, 20)
    for gone in (stage, "tick"):
        removed = RoomRemoved(room=gone)
        pair.a.tell_house(removed)
