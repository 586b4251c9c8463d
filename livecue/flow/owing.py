"""What becomes of a part that failed: a decider is owed and catches up, a ledger stops its room."""

from collections.abc import Callable

from livecue.errors import StoreFailed
from livecue.flow.folding import LateUnit, LiveUnit, PartFailed
from livecue.flow.ledger import RoomInfo
from livecue.flow.room import Room
from livecue.kit import backoff_s
from livecue.store import TransactionWriter, Writer


def retry_owed(room: Room, writer: TransactionWriter, wall: int, probe: Callable[[str], None] | None) -> None:
    """Let every owed decider whose time has come try again over what it missed."""
    for name in list(room.owed):
        rows = writer.rows("SELECT next_at, attempts FROM owed WHERE room = ? AND decider = ?", (room.info.room, name))
        if not rows or rows[0][0] > wall or name not in room.parts.deciders:
            continue
        # What the decider writes on the way is there for what it asks next, and gone when it fails again.
        writer.savepoint("late")
        try:
            if probe is not None:
                probe(name)
            late, state = room.catch_up(name, writer)
            late.flush()
            writer.release("late")
        except StoreFailed:
            raise
        except Exception as error:
            writer.back_to("late")
            attempts = int(rows[0][1]) + 1
            writer.write(
                "UPDATE owed SET attempts = ?, next_at = ?, error = ? WHERE room = ? AND decider = ?",
                (attempts, wall + int(backoff_s(attempts, 1.0, 300.0) * 1000), str(error), room.info.room, name),
            )
            continue
        _settle_owed(room, writer, name, late, state, wall)


def _settle_owed(room: Room, writer: TransactionWriter, name: str, late: LateUnit, state: object, wall: int) -> None:
    writer.write("DELETE FROM owed WHERE room = ? AND decider = ?", (room.info.room, name))
    room.owed.pop(name)
    room.parts.owed.discard(name)
    room.parts.states[name] = state
    unit = LiveUnit(name, room.info.room, room.folded, room.parts.now, "", writer, [])
    unit.actions = late.actions
    room.parts.perform(name, unit)
    # From here a snapshot must know the decider's new state: the journal alone would not bring it back.
    room.snapshot(writer, wall)
    if late.announced:
        room.append_late(name, late.announced, wall, writer)


def stop_room(writer: Writer, info: RoomInfo, error: PartFailed, number: int, wall: int) -> None:
    """Note that the room folds nothing from batch ``number`` on."""
    writer.write(
        "INSERT INTO stopped (org, brand, room, part, number, error, at) VALUES (?,?,?,?,?,?,?)"
        " ON CONFLICT (room) DO UPDATE SET part = excluded.part, number = excluded.number, error = excluded.error",
        (info.org, info.brand, info.room, error.part, number, str(error), wall),
    )
