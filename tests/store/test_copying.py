"""Backup, restore and migrate-store: everything arrives, in either kind, or nothing does."""

from pathlib import Path

import pytest

from livecue.app import move, move_target
from livecue.config import load_settings
from livecue.errors import BadInput, Conflict
from livecue.events import CommentPosted, LikeGiven
from livecue.store import (
    Batch,
    Store,
    TransactionWriter,
    append_audit,
    append_batches,
    broken_link,
    copy_store,
    transaction,
)
from tests.postgres import Cluster


def fill(writer: TransactionWriter) -> None:
    events = [LikeGiven(key="k"), CommentPosted(key="c", text="黑色还有吗 \x07 😀")]
    with transaction(writer):
        append_batches(
            writer,
            "o",
            "b",
            [Batch(room="r", number=n, arrived=n, source="s", events=list(events)) for n in range(1, 31)],
        )
        for number in range(5):
            append_audit(writer, at=number, org="o", brand="b", room="r", who="p", what="Did", subject=str(number))
        writer.put("INSERT INTO show_totals VALUES ('o','b','r','s','M1','room',0.1,NULL,3,4,'',5)")
        writer.put(
            "INSERT INTO outbox (org, brand, room, id, number, position, kind, asked_by, blob, state, made_at)"
            " VALUES ('o','b','r','a1',1,0,'PinProduct','',?,'pending',1)",
            (b"\x80\x00\xff",),
        )


def kept(store: Store) -> dict[str, list[tuple[object, ...]]]:
    reader = store.reader()
    try:
        names = ("journal", "audit", "outbox", "show_totals", "seen_keys")
        columns = store.layout()
        return {name: sorted(reader.rows(f"SELECT {', '.join(columns[name])} FROM {name}"), key=repr) for name in names}
    finally:
        reader.close()


def test_everything_arrives_in_either_kind(store: Store, writer: TransactionWriter, other: Store) -> None:
    fill(writer)
    copied = copy_store(store, other)
    assert (copied["journal"], copied["audit"], copied["outbox"]) == (30, 5, 1)
    assert kept(other) == kept(store)
    reader = other.reader()
    assert broken_link(reader) is None
    reader.close()


def test_a_place_that_holds_rows_is_refused(store: Store, writer: TransactionWriter, other: Store) -> None:
    fill(writer)
    copy_store(store, other)
    before = kept(other)
    with pytest.raises(BadInput, match="holds rows already"):
        copy_store(store, other)
    assert kept(other) == before


def test_a_backup_restores_with_actions_held(
    store: Store, writer: TransactionWriter, other: Store, tmp_path: Path
) -> None:
    fill(writer)
    heard: list[tuple[int, int]] = []
    store.backup(tmp_path / "copy.db", lambda done, total: heard.append((done, total)))
    assert heard[-1][0] == heard[-1][1]
    with pytest.raises(BadInput, match="exists already"):
        store.backup(tmp_path / "copy.db")
    assert other.restore(tmp_path / "copy.db") == 1
    found = kept(other)
    assert found["journal"] == kept(store)["journal"]
    assert "held" in found["outbox"][0]
    (tmp_path / "bad.db").write_bytes((tmp_path / "copy.db").read_bytes()[:5000])
    with pytest.raises(BadInput, match="bad"):
        other.restore(tmp_path / "bad.db")
    assert kept(other) == found


def test_there_and_back_again(store: Store, writer: TransactionWriter, postgres: Cluster, tmp_path: Path) -> None:
    fill(writer)
    settings = load_settings(data=tmp_path)
    if not hasattr(store, "path"):
        store.claim("")
        store.release()
        with pytest.raises(Conflict, match="store_installation"):
            move(store, move_target(str(tmp_path / "x.db")), settings)
        return
    there = move_target(postgres.database())
    counts = move(store, there, settings)
    (tmp_path / "home").mkdir()
    back = move_target(str(tmp_path / "home" / "livecue.db"))
    again = move(there, back, settings)
    assert counts["journal"] == again["journal"] == 30
    assert kept(back) == kept(store)
    with pytest.raises(BadInput, match="exists already"):
        move_target(str(tmp_path / "home" / "livecue.db"))
    with pytest.raises(BadInput, match="does not exist"):
        move_target(str(tmp_path / "nowhere" / "livecue.db"))
