"""Each class is kept as long as it must be and no longer; a hold stops it; a person can be taken out of everything."""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from livecue.app import App
from livecue.config import load_settings
from livecue.errors import BadInput, Conflict
from livecue.kit import ManualClock, new_id
from livecue.store import (
    Eraser,
    Hold,
    Retention,
    SharedReader,
    Store,
    broken_link,
    find_viewer,
    kept_classes,
    lift_hold,
    list_audit,
    list_erasures,
    list_holds,
    place_hold,
    store_at,
    transaction,
    unclassed_tables,
)
from livecue.store.history import History, history_place
from livecue.store.history.files import read_file
from livecue.store.retention import erase
from livecue.store.retention.erase import mask_of
from tests.flows.killing import ROOM, START, run_show
from tests.store.history.made import archiver, runner

NOW = 1_900_000_000_000
DAY = 86_400_000
CLASSES = kept_classes(NOW)
TABLES = [(row.id, table) for row in CLASSES for table in (*row.tables, *row.mask)]


_LAYOUTS: dict[type[Store], dict[str, list[str]]] = {}


def layout_of(store: Store) -> dict[str, list[str]]:
    """The columns of every table: the same in every database of a kind, so asked for once."""
    if type(store) not in _LAYOUTS:
        _LAYOUTS[type(store)] = store.layout()
    return _LAYOUTS[type(store)]


def retention(store: Store, reader: SharedReader, folder: Path) -> Retention:
    columns = layout_of(store)
    history = History(history_place("", folder), folder / "work")
    return Retention(reader, runner(store), history, lambda table: "room" in columns[table])


def put(store: Store, table: str, **values: Any) -> None:
    """A row with nothing in the other columns."""
    reader, writer = store.reader(), store.writer()
    kinds = {}
    for column in layout_of(store)[table]:
        kinds[column] = values.get(column, _empty(store, reader, table, column))
    with transaction(writer):
        writer.put(
            f"INSERT INTO {table} ({', '.join(kinds)}) VALUES ({','.join('?' * len(kinds))})", tuple(kinds.values())
        )
    writer.close()
    reader.close()


NUMBERS = frozenset(
    {"at", "noticed_at", "created_at", "paid_at", "closed_at", "refunded", "amount", "quantity", "shipped", "by_host",
     "count", "coins", "sent_at", "moved_at", "opened_at", "changed_at", "deadline", "settled_at", "noted_at", "score",
     "placed_at", "shipped_at", "delivered_at", "move", "judged_at", "confidence", "for_host", "asked_at",
     "answered_at",
     "first", "past", "raised_at", "priority", "interrupting", "merged", "seen_at", "ended_at", "expires_at",
     "judge_at", "made_at", "version", "started_at", "written_at", "revised_at", "improvements", "accepted_at",
     "human_at", "first_reply_at", "since", "last_at", "step", "edited", "counted_at", "auto_at", "due_at",
     "criticism", "level", "spent", "gmv", "orders", "within", "outside_min", "emergencies", "swing", "lowest",
     "fee", "place", "entrants", "pieces", "until_at", "asked", "asked_all", "until", "ends_at",
     "still_since"}
)  # fmt: skip
KEYS = {"selections": "selection", "conversation_messages": "message", "reply_suggestions": "reply"}
"""Tables whose key is not the first column after the place."""
BYTES = frozenset({"raw"})


def _empty(store: Store, reader: SharedReader, table: str, column: str) -> Any:
    if column in BYTES or (table, column) == ("past_scenes", "body"):
        return b""
    # `delivered_at` and the like are numbers wherever they stand.
    return 0 if column in NUMBERS else None if column in REALS else ""


REALS = frozenset({"effect", "low", "high", "before_mean", "after_mean", "expected_mean"})


@pytest.mark.parametrize(("kind", "table"), TABLES, ids=[f"{kind}-{table.name}" for kind, table in TABLES])
def test_each_class_goes_when_its_time_has_come_and_a_hold_keeps_it(
    store: Store, reader: SharedReader, tmp_path: Path, kind: str, table: Any
) -> None:
    days = next(row.days for row in CLASSES if row.id == kind)
    own = {table.column: "buyer-1"} if table.column else {}
    columns = layout_of(store)[table.name]
    first = next(c for c in columns if c not in ("org", "brand", "room", table.at, table.column))
    key = KEYS.get(table.name, first)
    for number, (age, room) in enumerate(((days + 2, "r1"), (days - 2, "r1"), (days + 2, "held"))):
        values = {table.at: NOW - age * DAY, **own, key: number if key in NUMBERS else f"k{number}"}
        put(store, table.name, org="o", brand="b", room=room, **values)
    has_room = "room" in columns
    work = runner(store)
    work(lambda writer: place_hold(writer, Hold(org="o", brand="b", room="held", hold="", why="case 7", made_by="x",
                                                made_at=NOW)))  # fmt: skip
    asked = retention(store, reader, tmp_path)
    due = {row.id: row for row in asked.due(NOW)}[kind]
    free = 1 if has_room else 2
    named = table.name + (f".{table.column}" if table.column else "")
    assert due.rows.get(named) == free and due.held == (1 if has_room else 0)
    assert asked.step(NOW)[kind] == free
    left = reader.rows(f"SELECT {table.column or '1'} FROM {table.name} ORDER BY {table.at}")
    if table.column:
        assert sorted(row[0] for row in left) == [*[""] * free, *["buyer-1"] * (3 - free)]
    else:
        assert len(left) == 3 - free
    assert asked.step(NOW) == {}
    (hold,) = list_holds(reader, "o")
    work(lambda writer: lift_hold(writer, "o", hold.hold, "y", NOW + 1))
    assert sum(asked.step(NOW + 1).values()) == 3 - free - 1
    told = [row.what for row in list_audit(reader, "o", ["b"])] + [row.what for row in list_audit(reader, "*", [""])]
    assert {"HoldPlaced", "HoldLifted", "RetentionApplied"} <= set(told)
    assert broken_link(reader) is None
    with pytest.raises(Conflict, match="lifted before"):
        work(lambda writer: lift_hold(writer, "o", hold.hold, "y", NOW))


def test_classes_name_what_is_there_and_say_why(store: Store) -> None:
    there = store.layout()
    for kind, table in TABLES:
        assert table.at in there[table.name], (kind, table)
        assert not table.column or table.column in there[table.name]
    for row in CLASSES:
        assert row.basis["zh"] and row.basis["en"] and row.zh and row.en and row.valid_from
        assert row.days >= 1095 or row.mark == "D"
    assert not set(unclassed_tables()) & {table.name for _, table in TABLES}


@pytest.mark.parametrize("until", [NOW, 1])
def test_a_hold_that_cannot_be_meant_is_refused(store: Store, until: int) -> None:
    work = runner(store)
    for why, end in (("", 0), ("case", until)):
        with pytest.raises(BadInput):
            work(lambda writer, why=why, end=end: place_hold(  # type: ignore[misc]
                writer, Hold(org="o", brand="", room="", hold="", why=why, made_by="x", made_at=NOW, until=end)
            ))  # fmt: skip


# Erasing a person.


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shown") / "data"
    folder.mkdir()
    run_show(folder)
    return folder


def _whole(data: Path) -> list[tuple[str, bytes]]:
    """Every value of every table, unpacked, and every row of the history."""
    store = store_at(data / "livecue.db")
    reader = store.reader()
    found = []
    for table, columns in store.layout().items():
        for row in reader.rows(f"SELECT * FROM {table}"):
            for column, value in zip(columns, row, strict=True):
                raw = value if isinstance(value, bytes) else str(value).encode()
                if isinstance(value, bytes):
                    try:
                        raw = zstandard.ZstdDecompressor().decompress(value, max_output_size=1 << 30)
                    except zstandard.ZstdError:
                        raw = value
                found.append((f"{table}.{column}", raw))
    reader.close()
    for path in (data / "history").rglob("journal/**/*.parquet"):
        for batch, record in read_file(path, data / "work"):
            found.append(("history", msgspec.msgpack.encode(batch.events)))
            found += [("history", msgspec.json.encode(record))]
    return found


@pytest.mark.parametrize("moved", [False, True], ids=["in-the-journal", "in-the-history"])
def test_a_person_goes_everywhere_and_every_total_stays(shown: Path, tmp_path: Path, moved: bool) -> None:
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    store = store_at(data / "livecue.db")
    reader = store.reader()
    history = History(history_place("", data), data / "work")
    reader.past = history
    clock = ManualClock(START + DAY)
    work = archiver(store, reader, history, clock, keep_days=0)
    if moved:
        assert work.step().dropped > 100
    ((viewer, comments),) = reader.rows(
        "SELECT c.viewer, COUNT(*) FROM comments c JOIN flags f ON f.room = c.room AND f.subject = c.comment"
        " WHERE c.viewer <> '' GROUP BY c.viewer ORDER BY COUNT(*) DESC, c.viewer LIMIT 1"
    ) or reader.rows(
        "SELECT viewer, COUNT(*) FROM comments WHERE viewer <> '' GROUP BY viewer ORDER BY COUNT(*) DESC LIMIT 1"
    )
    assert comments > 0
    texts = [t.encode() for (t,) in reader.rows("SELECT text FROM comments WHERE viewer = ?", (viewer,))]
    shared = {t for (t,) in reader.rows("SELECT text FROM comments WHERE viewer <> ?", (viewer,))}
    texts = [text for text in texts if len(text) > 3 and text.decode() not in shared]
    found = find_viewer(reader, "main", viewer, "", NOW)
    assert found.comments > 0 and found.rooms == [ROOM]
    told = next(iter(texts), viewer.encode()).decode()
    hot = {"org": "main", "brand": "main", "product": "p"}
    put(store, "hot_lines", **hot, line="a", question=told, reason=f"{told} 问得多")
    put(store, "hot_lines", **hot, line="b", question="有没有现货")
    before = {
        name: reader.rows(statement)
        for name, statement in {
            "totals": "SELECT * FROM show_totals ORDER BY show, metric, scope",
            "minutes": "SELECT * FROM minute_readings ORDER BY show, minute, metric, scope",
            "orders": "SELECT number, amount, state, paid_at, refunded FROM orders ORDER BY number",
            "people": "SELECT COUNT(*), COUNT(DISTINCT viewer) FROM comments",
            "cues": "SELECT cue, rule, state, verdict FROM cues ORDER BY cue",
            "stock": "SELECT * FROM stock ORDER BY sku",
        }.items()
    }
    assert any(viewer.encode() in raw for _, raw in _whole(data))
    forgotten: list[str] = []
    eraser = Eraser(reader, runner(store), history, work, forgotten.append)
    eraser.ask("main", viewer, "", "written request of 29 November", "owner", NOW)
    assert eraser.step(NOW + 1) == 1
    assert forgotten == [ROOM]
    left = sorted({where for where, raw in _whole(data) for sign in [viewer.encode(), *texts] if sign in raw})
    assert left == []
    (kept,) = list_erasures(reader, "main", NOW)
    assert kept.state == "done" and kept.changed["comments"] == comments
    assert kept.changed["hot_lines"] == 1
    assert reader.rows("SELECT question, reason FROM hot_lines ORDER BY line") == [
        ("…", "… 问得多"), ("有没有现货", ""),
    ]  # fmt: skip
    assert (kept.changed["history"] == 1) if moved else (kept.changed["journal"] > 0)
    statements = {
        "totals": "SELECT * FROM show_totals ORDER BY show, metric, scope",
        "minutes": "SELECT * FROM minute_readings ORDER BY show, minute, metric, scope",
        "orders": "SELECT number, amount, state, paid_at, refunded FROM orders ORDER BY number",
        "people": "SELECT COUNT(*), COUNT(DISTINCT viewer) FROM comments",
        "cues": "SELECT cue, rule, state, verdict FROM cues ORDER BY cue",
        "stock": "SELECT * FROM stock ORDER BY sku",
    }
    assert {name: reader.rows(statement) for name, statement in statements.items()} == before
    assert broken_link(reader) is None
    assert eraser.step(NOW + 2) == 0
    reader.close()
    # The room opens from what is left.
    app = App(load_settings(data=data), clock=ManualClock(START))
    app.pump.start()
    assert msgspec.json.decode(app.pump.screen(ROOM).result(60))["number"] > 100
    app.pump.stop()
    app.reader.close()
    app.release()


def test_whoever_still_remembers_a_person_keeps_them_no_second_time(shown: Path, tmp_path: Path) -> None:
    """The owner of the room makes a snapshot of what it remembers just before it forgets."""
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    store = store_at(data / "livecue.db")
    reader = store.reader()
    history = History(history_place("", data), data / "work")
    work = runner(store)
    viewer = str(reader.rows("SELECT viewer FROM comments WHERE viewer <> '' ORDER BY viewer LIMIT 1")[0][0])
    old = reader.rows("SELECT blob FROM snapshots WHERE room = ? ORDER BY number DESC LIMIT 1", (ROOM,))[0][0]
    assert any(viewer.encode() in raw for where, raw in _whole(data) if where == "snapshots.blob")
    forgotten: list[str] = []

    def forget(room: str) -> None:
        forgotten.append(room)
        if len(forgotten) == 1:
            work(lambda writer: writer.put("UPDATE snapshots SET blob = ? WHERE room = ?", (old, room)))

    eraser = Eraser(reader, work, history, archiver(store, reader, history, ManualClock(NOW)), forget)
    eraser.ask("main", viewer, "", "asked", "owner", NOW)
    assert eraser.step(NOW + 1) == 1
    assert forgotten == [ROOM, ROOM]
    assert not [where for where, raw in _whole(data) if viewer.encode() in raw]
    reader.close()


def test_a_commit_that_began_before_an_erasure_does_not_overtake_it(shown: Path, tmp_path: Path) -> None:
    """The owner had read a word of the person, and quoted an old one, before they were changed; it commits late."""
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    store = store_at(data / "livecue.db")
    reader = store.reader()
    history = History(history_place("", data), data / "work")
    work = runner(store)
    ((viewer, old),) = reader.rows(
        "SELECT viewer, text FROM comments c WHERE viewer <> '' AND LENGTH(text) > 3 AND NOT EXISTS"
        " (SELECT 1 FROM comments o WHERE o.text = c.text AND o.viewer <> c.viewer) ORDER BY viewer LIMIT 1"
    )
    late = {"org": "main", "brand": "main", "room": ROOM}

    def commit() -> None:
        if not ended:
            ended.append(True)
            put(
                store, "comments", **late, show="s", comment="late", viewer=viewer, name="迟到", text="提交得晚的一句话"
            )
            put(store, "cues", **late, cue="late", rule="R001", facts=json.dumps({"quote": old}, ensure_ascii=False))

    ended: list[bool] = []
    begun: list[bool] = []

    def outlast() -> None:
        # What was being written when the rows were changed the first time is written by now.
        if begun:
            commit()
        begun.append(True)

    eraser = Eraser(
        reader, work, history, archiver(store, reader, history, ManualClock(NOW)), lambda room: None, outlast
    )
    eraser.ask("main", viewer, "", "asked", "owner", NOW)
    assert eraser.step(NOW + 1) == 1 and ended
    signs = [viewer.encode(), old.encode(), "提交得晚的一句话".encode()]
    assert not [where for where, raw in _whole(data) if any(sign in raw for sign in signs)]
    reader.close()


def test_an_erasure_broken_off_lets_every_room_be_forgotten_that_may_remember(shown: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    store = store_at(data / "livecue.db")
    reader = store.reader()
    history = History(history_place("", data), data / "work")
    work = runner(store)
    viewer = str(reader.rows("SELECT viewer FROM comments WHERE viewer <> '' ORDER BY viewer LIMIT 1")[0][0])
    forgotten: list[str] = []

    def dies(room: str) -> None:
        raise RuntimeError("this program was killed")

    first, second = (
        Eraser(reader, work, history, archiver(store, reader, history, ManualClock(NOW)), forget)
        for forget in (dies, forgotten.append)
    )
    first.ask("main", viewer, "", "asked", "owner", NOW)
    with pytest.raises(RuntimeError):
        first.step(NOW + 1)
    assert (second.step(NOW + 2), forgotten) == (1, [ROOM])
    assert reader.rows("SELECT state FROM erasures") == [("done",)]
    reader.close()


def test_a_hold_that_comes_after_the_request_holds_it_up(shown: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    store = store_at(data / "livecue.db")
    reader = store.reader()
    history = History(history_place("", data), data / "work")
    work = runner(store)
    eraser = Eraser(reader, work, history, archiver(store, reader, history, ManualClock(NOW)), lambda room: None)
    viewer = str(reader.rows("SELECT viewer FROM comments WHERE viewer <> '' ORDER BY viewer LIMIT 1")[0][0])
    eraser.ask("main", viewer, "", "asked", "owner", NOW)
    hold = work(lambda writer: place_hold(writer, Hold(org="main", brand="", room=ROOM, hold="", why="case",
                                                       made_by="x", made_at=NOW, until=NOW + DAY)))  # fmt: skip
    before = reader.rows("SELECT COUNT(*) FROM comments WHERE viewer = ?", (viewer,))
    assert (eraser.step(NOW + 1), reader.rows("SELECT state FROM erasures")) == (0, [("running",)])
    assert [(one.held, one.behind) for one in list_erasures(reader, "main", NOW + 1)] == [([ROOM], [])]
    assert reader.rows("SELECT COUNT(*) FROM comments WHERE viewer = ?", (viewer,)) == before != [(0,)]
    assert (eraser.step(hold.until + 1), reader.rows("SELECT state FROM erasures")) == (1, [("done",)])
    assert reader.rows("SELECT COUNT(*) FROM comments WHERE viewer = ?", (viewer,)) == [(0,)]
    reader.close()


def test_a_room_that_is_not_counted_is_named_while_an_erasure_waits_for_it(
    shown: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of a room that has stopped lie in a journal outside of the database, where nobody can rewrite them."""
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    store = store_at(data / "livecue.db")
    reader = store.reader()
    history = History(history_place("", data), data / "work")
    newest = {ROOM: 10**9}
    monkeypatch.setattr(erase, "last_number", lambda _, room: newest.get(room, 0))
    monkeypatch.setattr(erase, "FOLDED_S", 0.0)
    work = archiver(store, reader, history, ManualClock(NOW))
    eraser = Eraser(reader, runner(store), history, work, lambda room: None)
    eraser.ask("main", "u-12345", "", "asked", "owner", NOW)
    reader.log = object()  # type: ignore[assignment]  # that there is one is all that is asked
    assert eraser.step(NOW + 1) == 0
    assert [(one.state, one.held, one.behind) for one in list_erasures(reader, "main", NOW + 1)] == [
        ("running", [], [ROOM]),
    ]  # fmt: skip
    newest.clear()
    assert [one.behind for one in list_erasures(reader, "main", NOW + 1)] == [[]]
    reader.close()


def test_an_erasure_waits_for_holds_and_shows_and_needs_a_reason(shown: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    store = store_at(data / "livecue.db")
    reader = store.reader()
    history = History(history_place("", data), data / "work")
    work = runner(store)
    eraser = Eraser(reader, work, history, archiver(store, reader, history, ManualClock(NOW)), lambda room: None)
    for viewer, why in (("", "x"), ("u", "x"), ("u-12345", " ")):
        with pytest.raises(BadInput):
            eraser.ask("main", viewer, "", why, "owner", NOW)
    hold = work(lambda writer: place_hold(writer, Hold(org="main", brand="", room="", hold="", why="case", made_by="x",
                                                       made_at=NOW, until=NOW + DAY)))  # fmt: skip
    with pytest.raises(Conflict, match="legal hold"):
        eraser.ask("main", "u-12345", "", "asked", "owner", NOW)
    assert eraser.ask("main", "u-12345", "", "asked", "owner", hold.until)
    work(lambda writer: writer.put("UPDATE shows SET status = 'on_air'", ()))
    with pytest.raises(Conflict, match="on air"):
        eraser.ask("main", "u-12345", "", "asked", "owner", hold.until)
    assert "u-12345" in str(reader.rows("SELECT viewer FROM erasures"))
    # A show began since: whoever is in the room goes on to say something.
    assert eraser.step(hold.until + 1) == 0
    assert list_erasures(reader, "main", hold.until + 1)[0].on_air
    work(lambda writer: writer.put("UPDATE shows SET status = 'ended'", ()))
    assert eraser.step(hold.until + 1) == 1
    assert "u-12345" not in str(reader.rows("SELECT * FROM erasures")) + str(reader.rows("SELECT * FROM audit"))
    reader.close()


@pytest.mark.parametrize("viewer", ["u-1", "01", "sed", "era", "e", "erased", "0123456789abcdefghjkmnpqrstvwxyz-"])
def test_what_takes_the_place_of_a_viewer_does_not_hold_them(viewer: str) -> None:
    masks = {mask_of(viewer, new_id()) for _ in range(200)}
    assert len(masks) == 200 and not any(viewer in mask for mask in masks)


def test_one_erasure_that_cannot_be_carried_out_keeps_no_other_from_its_turn(shown: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    store = store_at(data / "livecue.db")
    reader = store.reader()
    history = History(history_place("", data), data / "work")
    work = runner(store)
    refused: list[bool] = []

    def outlast() -> None:
        if not refused:
            refused.append(True)
            raise Conflict("somebody has been writing for too long")

    eraser = Eraser(
        reader, work, history, archiver(store, reader, history, ManualClock(NOW)), lambda room: None, outlast
    )
    for at, viewer in enumerate(("u-first", "u-other")):
        eraser.ask("main", viewer, "", "asked", "owner", NOW + at)
    with pytest.raises(Conflict, match="too long"):
        eraser.step(NOW + 5)
    assert {one.state for one in list_erasures(reader, "main", NOW + 5)} == {"begun", "done"}
    assert eraser.step(NOW + 6) == 1
    assert {one.state for one in list_erasures(reader, "main", NOW + 6)} == {"done"}
    reader.close()


def test_a_short_id_damages_no_figure_of_anybody(shown: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(shown, tmp_path / "data"))
    store = store_at(data / "livecue.db")
    reader = store.reader()
    history = History(history_place("", data), data / "work")
    work = runner(store)
    # A price that some order holds is the id of a viewer, and of a buyer.
    lines = reader.rows("SELECT number, lines FROM orders WHERE lines LIKE '%\"price\":____,%' OR lines LIKE '%____}]'")
    viewer = str(json.loads(lines[0][1])[0]["price"])[:3]
    place = {"org": "main", "brand": "main", "room": ROOM}
    put(store, "comments", **place, show="s", comment="c", viewer=viewer, name="小号", text="这一句只有他说过")
    put(
        store, "cues", **place, cue="c", facts=json.dumps({"viewer": viewer, "price": int(viewer), "say": f"{viewer}9"})
    )
    bodies = "SELECT number, lines, body FROM orders ORDER BY number"
    before = reader.rows(bodies)
    assert any(viewer in row[1] for row in before)
    eraser = Eraser(reader, work, history, archiver(store, reader, history, ManualClock(NOW)), lambda room: None)
    eraser.ask("main", viewer, "", "asked", "owner", NOW)
    assert eraser.step(NOW + 1) == 1
    assert reader.rows(bodies) == before
    ((mask,),) = reader.rows("SELECT viewer FROM comments WHERE comment = 'c'")
    ((facts,),) = reader.rows("SELECT facts FROM cues WHERE cue = 'c'")
    assert json.loads(facts) == {"viewer": mask, "price": int(viewer), "say": f"{viewer}9"}
    assert mask.startswith("erased-")
    reader.close()


def test_what_many_requests_wait_for_is_asked_once(
    store: Store, reader: SharedReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "shows", org="o", brand="b", room="r1", show="s", status="on_air", starts_at=1)
    for room, platform in (("r1", "p"), ("r2", "q")):
        put(store, "rooms", org="o", brand="b", room=room, platform=platform, removed=0)
    asked: list[str] = []
    rows = reader.rows

    def counted(statement: str, values: Any = ()) -> Any:
        asked.append(statement)
        return rows(statement, values)

    counts = []
    for number in range(4):
        put(store, "erasures", org="o", erasure=f"e{number}", state="running", viewer="u-1", changed="{}",
            platform=["", "p", "q", ""][number], asked_at=number, done_at=0)  # fmt: skip
        with monkeypatch.context() as patched:
            patched.setattr(reader, "rows", counted)
            asked.clear()
            found = list_erasures(reader, "o", NOW)
            counts.append(len(asked))
    assert len(set(counts)) == 1, counts
    assert [one.on_air for one in found] == [["r1"], [], ["r1"], ["r1"]]
