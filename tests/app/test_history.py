"""A show that has left the journal: its room opens, replays and exports as before, with snapshots and without."""

import shutil
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from livecue.app import App, export_show, history_of, offline, verify_history
from livecue.cli import cli
from livecue.config import Settings, load_settings
from livecue.errors import BadInput, NotFound
from livecue.integrations.recording import open_recording
from livecue.kit import ManualClock
from livecue.store import history_files, read_batches, store_at, transaction
from tests.flows.killing import ROOM, START, run_show


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after a show."""
    folder = tmp_path_factory.mktemp("shown") / "data"
    folder.mkdir()
    run_show(folder)
    return folder


@pytest.fixture
def data(shown: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shown, tmp_path / "data"))


def settings_of(data: Path) -> Settings:
    return load_settings(data=data, history_keep_days=0)


def archive(data: Path) -> None:
    store = store_at(data / "livecue.db")
    reader, archiver, _ = offline(store, settings_of(data))
    done = archiver.step()
    assert done.written == 1 and done.dropped > 100
    reader.close()


def opened(data: Path) -> tuple[dict[str, object], list[str]]:
    """What the room's screens would show, and what a rebuild says otherwise than the record."""
    app = App(settings_of(data), clock=ManualClock(START))
    app.pump.start()
    seen = msgspec.json.decode(app.pump.screen(ROOM).result(60))
    differing = app.pump.differing().get(ROOM, [])
    app.pump.stop()
    app.reader.close()
    app.release()
    return seen, differing


@pytest.mark.parametrize("snapshots", ["kept", "lost"])
def test_the_room_opens_as_before(data: Path, snapshots: str) -> None:
    before, _ = opened(data)
    archive(data)
    writer = store_at(data / "livecue.db").writer()
    with transaction(writer):
        if snapshots == "lost":
            writer.put("DELETE FROM snapshots", ())
    assert writer.rows("SELECT COUNT(*) FROM journal WHERE room = ?", (ROOM,)) == [(0,)]
    writer.close()
    after, differing = opened(data)
    assert after == before
    assert differing == []


def test_an_export_is_the_same_and_replays(data: Path, tmp_path: Path) -> None:
    reader = store_at(data / "livecue.db").reader()
    ((show,),) = reader.rows("SELECT show FROM shows WHERE room = ?", (ROOM,))
    counted = export_show(reader, show, tmp_path / "before.jsonl")
    archive(data)
    with pytest.raises(BadInput, match="history_place"):
        export_show(reader, show, tmp_path / "without.jsonl")
    reader.close()
    assert not (tmp_path / "without.jsonl").exists()
    told = CliRunner().invoke(
        cli, ["history", "restore", show, str(tmp_path / "after.jsonl"), "--data", str(data)]
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert f"{counted} events" in told.output
    assert (tmp_path / "after.jsonl").read_bytes() == (tmp_path / "before.jsonl").read_bytes()
    assert sum(len(step.events) for step in open_recording(tmp_path / "after.jsonl").steps()) == counted


def test_the_commands_say_what_is_and_what_is_wrong(data: Path) -> None:
    archive(data)
    run = CliRunner()
    told = run.invoke(cli, ["history", "status", "--data", str(data)]).output
    assert f"{ROOM}: " in told and "1 files" in told and "left the journal" in told
    assert "0 files written" in run.invoke(cli, ["history", "archive", "--data", str(data)]).output
    assert run.invoke(cli, ["history", "verify", "--data", str(data)]).exit_code == 0
    reader = store_at(data / "livecue.db").reader()
    (file,) = history_files(reader, ROOM)
    path = data / "history" / file.name
    kept = path.read_bytes()
    path.write_bytes(kept[:-4] + b"PAR2")
    (data / "history" / "journal" / "stray.parquet").write_bytes(kept)
    found = {state.verdict for state in verify_history(reader, history_of(settings_of(data)), None)}
    assert found == {"damaged", "left_over"}
    mended = run.invoke(cli, ["history", "verify", "--mend", "--data", str(data)])
    assert mended.exit_code == 1 and "copy of the history" in mended.output
    path.write_bytes(kept)
    reader.past = history_of(settings_of(data))
    assert len(list(read_batches(reader, ROOM, 0))) == file.batches
    path.unlink()
    with pytest.raises(NotFound, match="lacks"):
        list(read_batches(reader, ROOM, 0))
    reader.close()
