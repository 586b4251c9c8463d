"""The command, in this process: what it prints, what it refuses, what it leaves behind."""

from __future__ import annotations

import io
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import segno
from rich.console import Console
from typer.testing import CliRunner, Result

from livecue.app import App, Replay, driving, house, note_address, run_checks, take_lock
from livecue.catalog import list_products
from livecue.cli import cli, command, running
from livecue.config import load_settings
from livecue.errors import BadInput, LiveCueError, StoreFailed
from livecue.events import (
    ActionAsked,
    ClockTicked,
    CommentPosted,
    PinProduct,
    RoomSaved,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
)
from livecue.integrations.recording import open_recording
from livecue.sales import list_stock
from livecue.store import SqliteReader
from livecue.team import check_password
from tests.programs import free_port

NOW = 1_790_000_000_000
PRODUCTS = "商品编号,商品名称,直播价\n" + "".join(f"p{n},商品{n},{n}9.90\n" for n in range(1, 121))


def run(folder: Path, *words: str, typed: str = "") -> Result:
    """Run the command over ``folder``."""
    return CliRunner().invoke(cli, [*words, "--data", str(folder)], input=typed or None)


def said(folder: Path, *words: str, typed: str = "") -> str:
    """What it prints when it succeeds."""
    ran = run(folder, *words, typed=typed)
    assert ran.exit_code == 0, (ran.output, ran.exception)
    return str(ran.output)


def wrong(folder: Path, *words: str) -> str:
    """Its one line when it refuses."""
    error = run(folder, *words).exception
    assert isinstance(error, LiveCueError), error
    return str(error)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an owner, a room, a show that was on air and a pinning that is under way."""
    folder = tmp_path_factory.mktemp("first") / "data"
    app = App(load_settings(data=folder))
    app.pump.start()
    app.first_owner()
    app.tell_house(RoomSaved(room="r", org="main", brand="main", name="一号", platform="p", nature="rehearsed"))
    steps = [
        [ShowPlanned(key="a", command="a", show="s", title="场", starts_at=NOW), ClockTicked(now=NOW)],
        [ShowStarted(key="b", command="b", show="s"), ClockTicked(now=NOW + 250)],
        [CommentPosted(key="c", text="好", user="u"), ClockTicked(now=NOW + 500)],
        [ActionAsked(key="d", command="d", action=PinProduct(product="p"), by="x"), ClockTicked(now=NOW + 750)],
        [ShowEnded(key="e", command="e", show="s"), ClockTicked(now=NOW + 1000)],
    ]
    for events in steps:
        app.pump.post("r", list(events), source="t", arrived=NOW).result(30)
    app.pump.stop()
    app.reader.close()
    app.release()
    return folder


@pytest.fixture
def data(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first, tmp_path / "data")
    return tmp_path / "data"


class Bar:
    """A terminal that is none, and what went to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
        self.file = io.StringIO()
        console = Console(file=self.file, force_terminal=terminal, width=80)
        monkeypatch.setattr(command, "err", console)

    @property
    def shown(self) -> str:
        return self.file.getvalue()


def test_check_names_what_is_wrong_and_what_to_do(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fine = run(data, "check").output
    told: list[tuple[float, str]] = []
    run_checks(load_settings(data=data), lambda share, what: told.append((share, what)))
    assert [what for _, what in told] == ["database", "audit chain", "stock", "draws", "rooms"]
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    for what in (
        "settings:",
        "data folder:",
        "database: sound",
        "audit chain: whole",
        "stock:",
        "port:",
        "integrations:",
    ):
        assert what in fine, fine
    with closing(sqlite3.connect(data / "livecue.db")) as db, db:
        db.execute("UPDATE outbox SET state = 'dead'")
        db.execute("INSERT INTO audit VALUES ('main', 'main', 'r', 1, 1, 'x', 'y', 'z', '{}', '', 'made up')")
    ran = run(data, "check")
    assert ran.exit_code == 1
    assert "actions: 1 wait for a person" in ran.output and "Office > Actions" in ran.output
    assert "fail  audit chain" in ran.output and "compare with a backup" in ran.output
    monkeypatch.setenv("LIVECUE_HOST", "0.0.0.0")
    assert "put a TLS proxy before it" in run(data, "check").output


def test_check_of_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    ran = run(tmp_path / "file", "check")
    assert ran.exit_code == 1
    assert "fail  data folder" in ran.output and "--data" in ran.output


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("prot = 8100", "'port'"),
        ('history-place = "x"', "'history_place'"),
        ("zzzzzz = 1", "there are data, host"),
        ('port = "x"', "setting 'port'"),
        ("port = ", "livecue.toml"),
    ],
)
def test_a_misspelt_setting_gets_the_nearest_known(tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "livecue.toml"
    file.write_text(line + "\n")
    with pytest.raises(BadInput) as caught:
        load_settings(file)
    assert says in str(caught.value)
    assert "Extra inputs" not in str(caught.value)


def test_people_are_listed_and_get_links_and_passwords(data: Path) -> None:
    listed = said(data, "user", "list")
    (row,) = listed.splitlines()
    person = row.split()[0]
    assert row.endswith("owner  owner")
    assert "/signin?token=" in said(data, "user", "link", person)
    assert "livecue user list" in wrong(data, "user", "link", "nobody")
    assert "done" in said(data, "user", "password", typed="correct horse battery\ncorrect horse battery\n")
    with closing(SqliteReader(data / "livecue.db")) as reader:
        assert check_password(reader, "owner", "correct horse battery") == (person, "main")
        with pytest.raises(LiveCueError):
            check_password(reader, "owner", "another")
    assert run(data, "user", "password", typed="short\nother\n").exit_code != 0


def test_without_a_database_every_command_says_what_makes_one(tmp_path: Path) -> None:
    for words in (("user", "list"), ("user", "link"), ("backup", str(tmp_path / "b.db")), ("export", "s")):
        assert "livecue serve" in wrong(tmp_path / "none", *words)


def test_a_link_is_for_where_the_program_runs(data: Path) -> None:
    note_address(data, "http://192.0.2.7:8100")
    lock = take_lock(data)
    try:
        assert said(data, "user", "link").startswith("http://192.0.2.7:8100/signin?token=")
    finally:
        lock.close()
    # Killed: what it left behind does not count.
    told = said(data, "user", "link")
    assert told.startswith("http://127.0.0.1:8642/signin?token=") and "does not run" in told


def test_products_are_imported_into_a_brand_that_is_there(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text(PRODUCTS, "utf-8")
    assert "no brand 'nix'" in wrong(data, "import", str(file), "--brand", "nix")
    assert "main" in wrong(data, "import", str(file), "--brand", "nix")
    assert "120 products imported, 0 errors" in said(data, "import", str(file))
    reader = SqliteReader(data / "livecue.db")
    assert len(list_products(reader, "main", "main")) == 120
    reader.close()
    file.write_text(PRODUCTS + "p999,坏,一百\n", "utf-8")
    ran = run(data, "import", str(file))
    assert (ran.exit_code, "row 122" in ran.output) == (1, True)
    assert "does not exist" in wrong(data, "import", str(tmp_path / "no.csv"))


def test_the_stock_of_a_sheet_opens_what_nobody_knew(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("商品编号,商品名称,直播价,规格编码,库存\nx1,篮,12.50,x1a;x1b,80;40\n", "utf-8")
    first = said(data, "import", str(file))
    assert "stock of 2 SKUs opened" in first
    file.write_text("商品编号,商品名称,直播价,规格编码,库存\nx1,篮,12.50,x1a;x1b,1;2\nx2,碗,3,x2,7\n", "utf-8")
    again = said(data, "import", str(file))
    assert "stock of 1 SKUs opened" in again and "x1a, x1b" in again
    reader = SqliteReader(data / "livecue.db")
    stock = {view.sku: view.on_hand for view in list_stock(reader, "main", "main") if view.sku.startswith("x")}
    reader.close()
    assert stock == {"x1a": 80, "x1b": 40, "x2": 7}


def test_a_replay_that_cannot_be_stored_says_so_and_goes_on_later(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that fails for a moment is waited for; one that stays away ends the replay with its own words."""
    recording = tmp_path / "s.jsonl"
    said(data, "export", "s", str(recording))
    monkeypatch.setattr(driving, "backoff_s", lambda *_: 0.0)
    app = App(load_settings(data=data))
    app.start()
    try:
        post, fails = app.pump.post, [0]

        def failing(room: str, *args: Any, **more: Any) -> Any:
            if fails[0] and room.startswith("replay-"):
                fails[0] -= 1
                raise StoreFailed("the disk is full")
            return post(room, *args, **more)

        monkeypatch.setattr(app.pump, "post", failing)
        played = Replay(app, recording)
        fails[0] = driving.STORE_TRIES + 1
        with pytest.raises(StoreFailed, match="the disk is full"):
            played.run(1000.0)
        fails[0] = driving.STORE_TRIES
        totals = Replay(app, recording).run(1000.0)
        assert totals.events == Replay(app, recording).run(None).events > 0
        other = tmp_path / "other" / "s.jsonl"
        other.parent.mkdir()
        other.write_bytes(recording.read_bytes()[:-2] + b" \n")
        assert Replay(app, other).room != totals.room, "the same name and size, and another content"
    finally:
        app.stop()


def test_a_show_is_exported_once(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    assert "events" in said(data, "export", "s", str(file))
    assert [e.text for step in open_recording(file).steps() for e in step.events if isinstance(e, CommentPosted)] == [
        "好"
    ]
    assert "exists already" in wrong(data, "export", "s", str(file))
    assert "no show 'x'" in wrong(data, "export", "x", str(tmp_path / "x.jsonl"))
    assert "another folder" in wrong(data, "export", "s", str(tmp_path / "no" / "s.jsonl"))


def test_a_backup_comes_back_with_its_actions_held(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "livecue.db")) as db, db:
        assert db.execute("UPDATE outbox SET state = 'pending'").rowcount == 1
    file = tmp_path / "b.db"
    assert "make it first" in wrong(data, "backup", str(tmp_path / "no" / "b.db"))
    assert " MB" in said(data, "backup", str(file))
    assert "exists already" in wrong(data, "backup", str(file))
    assert "1 actions are held" in said(tmp_path / "new", "restore", str(file))
    with closing(sqlite3.connect(tmp_path / "new" / "livecue.db")) as db:
        assert db.execute("SELECT state FROM outbox").fetchall() == [("held",)]
    file.write_bytes(file.read_bytes()[:5000])
    assert "b.db" in wrong(tmp_path / "new", "restore", str(file))
    assert "does not exist" in wrong(tmp_path / "new", "restore", str(tmp_path / "no.db"))
    lock = take_lock(data)
    assert "runs already" in wrong(data, "restore", str(file))
    lock.close()


@pytest.mark.parametrize("terminal", [True, False])
def test_long_work_shows_how_far_it_is_on_a_terminal_only(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    """Bars go to standard error; what is piped out holds none."""
    monkeypatch.setattr(house, "settle_heap", lambda: None)
    (tmp_path / "p.csv").write_text(PRODUCTS, "utf-8")
    recording = tmp_path / "s.jsonl"
    for words, title in (
        (("import", str(tmp_path / "p.csv")), "p.csv"),
        (("export", "s", str(recording)), "s.jsonl"),
        (("replay", str(recording)), "s.jsonl"),
        (("replay", str(recording), "--rate", "100"), "s.jsonl"),
        (("backup", str(tmp_path / "b.db")), "backup"),
        (("restore", str(tmp_path / "b.db")), "restore"),
    ):
        bar = Bar(monkeypatch, terminal)
        printed = said(data, *words)
        assert "━" not in printed
        assert (title in bar.shown and "━" in bar.shown) is terminal, (words, bar.shown)


def test_how_far_a_replay_is_reaches_the_end(data: Path, tmp_path: Path) -> None:
    recording = tmp_path / "s.jsonl"
    said(data, "export", "s", str(recording))
    app = App(load_settings(data=data))
    app.start()
    try:
        shares: list[float] = []
        played = Replay(app, recording)
        played.run(None, shares.append)
    finally:
        app.stop()
    lines = recording.read_text().count("\n")
    assert shares == sorted(shares)
    # The last line closes the file; it is no step.
    assert shares[-1] == (lines - 1) / lines


@pytest.fixture
def quiet_serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """``serve`` with everything but the waiting: the door is open, then somebody presses Ctrl+C."""
    seen: dict[str, object] = {}
    handlers = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(house, "settle_heap", lambda: None)
    monkeypatch.setattr(running, "lan_address", lambda: "192.0.2.7")

    def serve(web: object, host: str, port: int, ready: object) -> None:
        assert callable(ready)
        ready()
        seen.update(host=host, port=port, address=seen["note"]())  # type: ignore[operator]

    monkeypatch.setattr(running, "serve", serve)
    yield seen
    signal.signal(signal.SIGTERM, handlers)


def test_serving_the_lan_prints_address_code_and_warning(data: Path, quiet_serving: dict[str, object]) -> None:
    port = free_port()
    quiet_serving["note"] = lambda: (data / "address").read_text()
    printed = said(data, "serve", "--lan", "--port", str(port))
    base = f"http://192.0.2.7:{port}"
    code = io.StringIO()
    segno.make(base).terminal(code, compact=True)
    assert base in printed and f"{base}/signin?token=" in printed
    assert code.getvalue().strip() in printed
    assert "明文 HTTP" in printed and "plain HTTP" in printed
    assert (quiet_serving["host"], quiet_serving["port"], quiet_serving["address"]) == ("0.0.0.0", port, base)
    assert not (data / "address").exists()


def test_serving_stays_on_loopback_without_being_told(data: Path, quiet_serving: dict[str, object]) -> None:
    port = free_port()
    quiet_serving["note"] = lambda: said(data, "user", "link")
    printed = said(data, "serve", "--port", str(port))
    assert f"http://127.0.0.1:{port}/signin?token=" in printed
    assert "plain HTTP" not in printed and "█" not in printed
    assert quiet_serving["host"] == "127.0.0.1"
    assert str(quiet_serving["address"]).startswith(f"http://127.0.0.1:{port}/signin?token=")
