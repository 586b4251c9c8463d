"""Compares what was acknowledged with the rows and with what the platform saw.

It shares nothing with the program's own reading of its tables but the codecs of journal and records.
"""

import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec
import zstandard

from livecue.events import ActionAsked, CommandApplied, CommentJudged, Event, decode_action, decode_events
from livecue.store import Record, Store, store_at
from tests.faults.show import CONFIRMED, REPEATABLE, ROOM, SHOW, STOCK, Expected


def copied(folder: Path) -> Path:
    """The database as the killed process left it, beside: opening it there repairs nothing here."""
    beside = folder.parent / f"{folder.name}-seen"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    for file in folder.glob("livecue.db*"):
        shutil.copy(file, beside)
    return beside / "livecue.db"


def journalled(store: Store) -> set[str]:
    """The keys of everything in the room's journal."""
    reader = store.reader()
    try:
        rows = reader.rows("SELECT blob FROM journal WHERE room = ?", (ROOM,))
        return {event.key for (blob,) in rows for event in decode_events(blob)}
    finally:
        reader.close()


def lost(folder: Path, dsn: str, acknowledged: set[str]) -> list[str]:
    """Acknowledged keys that are not in the journal right after a kill, before anything is sent again."""
    store = store_at(Path(), dsn) if dsn else store_at(copied(folder))
    return sorted(acknowledged - journalled(store))


def _records(store: Store) -> tuple[list[Event], list[Event]]:
    """(what of the journal counts, what was announced)."""
    reader = store.reader()
    records = {
        number: msgspec.msgpack.decode(
            zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 26), type=Record
        )
        for number, blob in reader.rows("SELECT number, blob FROM records WHERE room = ?", (ROOM,))
    }
    counted: list[Event] = []
    announced: list[Event] = []
    for number, blob in reader.rows("SELECT number, blob FROM journal WHERE room = ? ORDER BY number", (ROOM,)):
        record = records.get(number, Record())
        dropped = set(record.dropped)
        counted += [event for place, event in enumerate(decode_events(blob)) if place not in dropped]
        for _, _, _, told in record.rounds:
            announced += decode_events(told)
    reader.close()
    return counted, announced


def wrong(
    folder: Path, dsn: str, expected: Expected, effects: Mapping[str, int], refusals: Mapping[str, int]
) -> list[str]:
    """What is lost, doubled or untrue at the end; nothing when all is well.

    ``effects`` is how often the platform did an action, ``refusals`` how often it said no, by the action's id.
    """
    store = store_at(folder / "livecue.db", dsn)
    found = _rows(store, expected) + _announced(store, expected)
    return found + _actions(store, expected, effects, refusals)


def _rows(store: Store, expected: Expected) -> list[str]:
    reader = store.reader()
    found = []
    comments = Counter(str(row[0]) for row in reader.rows("SELECT comment FROM comments WHERE room = ?", (ROOM,)))
    if set(comments) != expected.comments or comments.total() != len(expected.comments):
        found.append(f"comments: {comments.total()} rows, {len(expected.comments)} sent")
    orders = {str(n): int(a) for n, a in reader.rows("SELECT number, amount FROM orders WHERE room = ?", (ROOM,))}
    if orders != expected.orders:
        found.append(f"orders: {len(orders)} rows of {sum(orders.values())}, {len(expected.orders)} sent")
    stock = reader.rows("SELECT on_hand, reserved FROM stock WHERE sku = 's1'")
    if [int(a) - int(b) for a, b in stock] != [STOCK - expected.pieces]:
        found.append(f"stock: {stock}, {STOCK - expected.pieces} must be left")
    wanted = {
        "M25.likes": expected.likes,
        "M25.comments": len(expected.comments),
        "M03": expected.entries,
        "M41": sum(expected.orders.values()),
    }
    told = dict(
        reader.rows("SELECT metric, num FROM show_totals WHERE room = ? AND show = ? AND scope = 'room'", (ROOM, SHOW))
    )
    for metric, value in wanted.items():
        if told.get(metric) != value:
            found.append(f"{metric}: {told.get(metric)} counted, {value} sent")
    reader.close()
    return found


def _announced(store: Store, expected: Expected) -> list[str]:
    counted, announced = _records(store)
    found = []
    judged = Counter(event.comment for event in announced if isinstance(event, CommentJudged))
    if set(judged) != expected.comments or judged.total() != len(expected.comments):
        found.append(f"judgements: {judged.total()} announced, {len(expected.comments)} comments")
    applied = Counter(event.command for event in announced if isinstance(event, CommandApplied))
    twice = [command for command in expected.asked if applied[command] != 1]
    if twice:
        found.append(f"commands not applied exactly once: {twice}")
    asked = Counter(event.command for event in counted if isinstance(event, ActionAsked))
    if asked != Counter(list(expected.asked)):
        found.append(f"commands in the journal: {asked.total()}, {len(expected.asked)} sent")
    return found


def _actions(store: Store, expected: Expected, effects: Mapping[str, int], refusals: Mapping[str, int]) -> list[str]:
    reader = store.reader()
    found = []
    kinds = Counter()
    known = set()
    for action, kind, blob, state in reader.rows("SELECT id, kind, blob, state FROM outbox WHERE room = ?", (ROOM,)):
        what = decode_action(blob)
        mark = getattr(what, "comment", "") or getattr(what, "product", "")
        kinds[f"ask-{mark}", kind] += 1
        known.add(action)
        done = effects.get(action, 0)
        if done > 1 and kind not in REPEATABLE:
            found.append(f"{kind} {action} was done {done} times")
        fits = {
            "done": done >= 1,
            "failed": done == 0 and refusals.get(action, 0) >= 1,
            "uncertain": kind not in (*REPEATABLE, *CONFIRMED),
        }
        if not fits.get(state, False):
            found.append(f"{kind} {action} is {state}; the platform did it {done} times")
    if kinds != Counter({(command, kind): 1 for command, kind in expected.asked.items()}):
        found.append(f"{kinds.total()} actions in the outbox, {len(expected.asked)} asked for")
    if effects.keys() - known:
        found.append("the platform was asked for what is not in the outbox")
    reader.close()
    return found
