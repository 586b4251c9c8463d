"""The outbox: actions leave here and nowhere else; its rows commit with the state that asked for them.

States: pending > sending > done | failed | uncertain; held (after a restore) and dead wait for a person. Before that
an action may be asked (a second person must agree) and waiting (a countdown in room time; it can be called off).
"""

from collections.abc import Collection, Sequence
from typing import ClassVar

import msgspec

from livecue.events import (
    Action,
    ActionAsked,
    ActionDone,
    ActionFailed,
    ActionReleased,
    ActionUncertain,
    ClockTicked,
    CommandApplied,
    CommandRefused,
    Event,
    decode_action,
    encode_action,
)
from livecue.flow.ledger import RoomInfo
from livecue.flow.unit import Unit
from livecue.kit import stable_id
from livecue.store import Reader

_DONE = "UPDATE outbox SET state = 'done', result = ?, why = '' WHERE id = ?"
_FAIL = "UPDATE outbox SET state = 'failed', result = ?, why = ? WHERE id = ? AND state <> 'done'"
"""A program that stood still may tell late of a try before the one that went through: what is done stays done."""
_WAIT = "UPDATE outbox SET state = ?, result = '', why = ? WHERE id = ? AND state NOT IN ('done', 'failed')"
"""Who takes over from a program that is gone may ask a person before that one's last word was folded: it stands."""
_INSERT = (
    "INSERT INTO outbox (org, brand, room, id, number, position, kind, asked_by, blob, state, made_at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING"
)
_LEAVE = "UPDATE outbox SET state = 'pending' WHERE id = ? AND state = 'waiting'"
_APPROVE = (
    "UPDATE outbox SET state = ?, why = ? WHERE id = ? AND room = ? AND asked_by <> ? AND state = 'asked' RETURNING id"
)
_CANCEL = (
    "UPDATE outbox SET state = 'failed', result = 'cancelled', why = ?"
    " WHERE id = ? AND room = ? AND state IN ('asked', 'waiting', 'pending') RETURNING id"
)


class OpenAction(msgspec.Struct, frozen=True):
    """An action on its way: what the screens show as pending until the platform says so."""

    action: str
    kind: str
    what: Action
    by: str
    since: int
    state: str = "pending"
    why: str = ""
    due: int = 0
    """Room time at which a waiting one leaves."""


class OutboxPicture(msgspec.Struct, frozen=True):
    """Open actions of the room, oldest first; ``recent`` ended lately, the newest last."""

    actions: list[OpenAction]
    recent: list[OpenAction] = []


class _State(msgspec.Struct):
    open: dict[str, tuple[str, bytes, int, str, str]] = {}
    due: dict[str, int] = {}
    """Waiting actions and the room time at which they leave."""
    recent: list[tuple[str, str, bytes, int, str, str, str]] = []
    """(action, kind, blob, moment, by, state, why) of those that ended."""


GAVE_UP = "gave_up"
"""Code of an action whose tries are used up: it may still be sent again, when a person says so."""

_KEEP = 200
_RECENT = 20


def action_id_of(room: str, ref: str) -> str:
    """The outbox id of an action that its asker named ``ref``: asked for twice, it is one action."""
    return stable_id("action", room, "ref", ref)


def fate_of(unit: Unit, room: str, action: str) -> str:
    """The state of one of the room's actions as this round leaves it; "" when it has no such action."""
    rows = unit.ask("SELECT state FROM outbox WHERE id = ? AND room = ?", (action, room))
    return str(rows[0][0]) if rows else ""


class Outbox:
    """The ledger of actions in one room (a ``Ledger``); flow owns it because nothing may leave past it."""

    name: ClassVar[str] = "outbox"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {ActionAsked, ActionDone, ActionFailed, ActionUncertain, ActionReleased, ClockTicked}
    )

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        self.changes = 0
        """Rises with every action that the runner should look at."""
        self.held_upto = 0
        """What batches up to this number ask for waits for a person: they come out of a backup."""
        self._state = msgspec.msgpack.decode(blob, type=_State) if blob else _State()

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        for place, event in enumerate(events):
            if isinstance(event, ClockTicked):
                if self._state.due:
                    self._leave(event.now, unit)
            elif isinstance(event, ActionAsked):
                self.put(event.action, event.by, f"{event.command or place}", unit)
                if event.command:
                    unit.announce(CommandApplied(command=event.command))
            elif isinstance(event, ActionDone):
                self._end(event.action, "done", event.result, unit.now)
                unit.write(_DONE, (event.result, event.action))
            elif isinstance(event, ActionFailed):
                if event.code == GAVE_UP:
                    self._wait(unit, event.action, "dead", event.why)
                else:
                    self._end(event.action, "failed", event.why or event.code, unit.now)
                    unit.write(_FAIL, (event.code, event.why, event.action))
            elif isinstance(event, ActionUncertain):
                self._wait(unit, event.action, "uncertain", event.why)
            elif isinstance(event, ActionReleased):
                self._release(event, unit)

    def put(self, action: Action, by: str, place: str, unit: Unit) -> None:
        """Make the outbox row; its id is the same in every replay."""
        self.changes += 1
        action_id = (
            action_id_of(self._room.room, action.ref)
            if action.ref
            else stable_id("action", self._room.room, unit.number, place)
        )
        kind, blob = type(action).__name__, encode_action(action)
        state = "asked" if action.second else "waiting" if action.wait_ms else "pending"
        if state != "asked" and unit.number <= self.held_upto:
            state = "held"
        self._state.open[action_id] = (kind, blob, unit.now, by, state)
        if state == "waiting":
            self._state.due[action_id] = unit.now + action.wait_ms
        if len(self._state.open) > _KEEP:
            # What waits for a second person or for its countdown is not forgotten: both are known only here.
            waits = ("asked", "waiting")
            oldest = next((name for name, known in self._state.open.items() if known[4] not in waits), None)
            if oldest is not None:
                del self._state.open[oldest]
        room = self._room
        unit.write(
            _INSERT, (room.org, room.brand, room.room, action_id, unit.number, 0, kind, by, blob, state, unit.now)
        )

    def hold(self, held: Collection[str]) -> None:
        """These wait for a person: a restore held them in the database while the room was shut."""
        for action in held:
            known = self._state.open.get(action)
            if known is not None and known[4] != "held":
                self._state.open[action] = (*known[:4], "held")
                self._state.due.pop(action, None)

    def _leave(self, now: int, unit: Unit) -> None:
        """Let go what has waited its time."""
        for action in [name for name, due in self._state.due.items() if due <= now]:
            del self._state.due[action]
            known = self._state.open.get(action)
            if known is not None:
                self._state.open[action] = (*known[:4], "pending")
            unit.write(_LEAVE, (action,))
            self.changes += 1

    def _end(self, action: str, state: str, why: str, now: int) -> None:
        self._state.due.pop(action, None)
        known = self._state.open.pop(action, None)
        if known is not None:
            kind, blob, _, by, _ = known
            self._state.recent = [*self._state.recent[1 - _RECENT :], (action, kind, blob, now, by, state, why)]

    def _wait(self, unit: Unit, action: str, state: str, why: str) -> None:
        known = self._state.open.get(action)
        if known is not None:
            self._state.open[action] = (*known[:4], state)
        unit.write(_WAIT, (state, why, action))

    def _release(self, event: ActionReleased, unit: Unit) -> None:
        if event.decision in ("approve", "cancel"):
            self._agree(event, unit)
            return
        state = {"retry": "pending", "drop": "failed", "happened": "done"}.get(event.decision)
        if state is None:
            unit.announce(
                CommandRefused(command=event.command, code="bad_decision", why="decide retry, drop or happened")
            )
            return
        found = unit.ask(
            "UPDATE outbox SET state = ?, why = ?, attempts = 0, next_at = 0"
            " WHERE id = ? AND room = ? AND state IN ('held', 'uncertain', 'dead') RETURNING id",
            (state, f"{event.decision} by {event.by}", event.action, self._room.room),
        )
        if not found:
            unit.announce(CommandRefused(command=event.command, code="not_waiting", why="this action waits for nobody"))
            return
        self.changes += 1
        if state == "pending":
            known = self._state.open.get(event.action)
            if known is not None:
                self._state.open[event.action] = (*known[:4], "pending")
        else:
            self._end(event.action, state, event.decision, unit.now)
        unit.announce(CommandApplied(command=event.command))

    def _agree(self, event: ActionReleased, unit: Unit) -> None:
        """A second person agrees, or somebody calls an action off that has not left."""
        known = self._state.open.get(event.action)
        if event.decision == "cancel":
            if not unit.ask(_CANCEL, (f"cancelled by {event.by}", event.action, self._room.room)):
                unit.announce(CommandRefused(command=event.command, code="left_already", why="it has left already"))
                return
            self._end(event.action, "cancelled", event.by, unit.now)
            unit.announce(CommandApplied(command=event.command))
            return
        if known is not None and known[3] == event.by:
            unit.announce(
                CommandRefused(command=event.command, code="second_person", why="somebody else must agree to this")
            )
            return
        wait = decode_action(known[1]).wait_ms if known is not None else 0
        state = "waiting" if wait else "pending"
        # An action of another room is none of ours, and whoever asked for it never agrees to it by another way in.
        if not unit.ask(_APPROVE, (state, f"approved by {event.by}", event.action, self._room.room, event.by)):
            unit.announce(CommandRefused(command=event.command, code="not_waiting", why="this action waits for nobody"))
            return
        if known is not None:
            self._state.open[event.action] = (*known[:4], state)
        if wait:
            self._state.due[event.action] = unit.now + wait
        self.changes += 1
        unit.announce(CommandApplied(command=event.command))

    def picture(self, now: int) -> OutboxPicture:
        state = self._state
        return OutboxPicture(
            [
                OpenAction(action, kind, decode_action(blob), by, since, step, due=state.due.get(action, 0))
                for action, (kind, blob, since, by, step) in state.open.items()
            ],
            [
                OpenAction(action, kind, decode_action(blob), by, at, step, why)
                for action, kind, blob, at, by, step, why in state.recent
            ],
        )

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self._state)


class ActionRow(msgspec.Struct, frozen=True):
    """An outbox row as the office sees it."""

    action: str
    org: str
    brand: str
    room: str
    kind: str
    by: str
    what: Action
    state: str
    attempts: int
    next_at: int
    made_at: int
    result: str
    why: str


def action_kinds(db: Reader, org: str, actions: Sequence[str]) -> dict[str, str]:
    """What each of these actions does (at most some hundreds); ids of anything else are left out."""
    if not actions:
        return {}
    places = ",".join("?" * len(actions))
    rows = db.rows(f"SELECT id, kind FROM outbox WHERE org = ? AND id IN ({places})", (org, *actions))
    return {str(row[0]): str(row[1]) for row in rows}


def kind_of_action(db: Reader, room: str, action: str) -> str:
    """The kind of one of the room's actions, "" when it has no such action."""
    rows = db.rows("SELECT kind FROM outbox WHERE id = ? AND room = ?", (action, room))
    return str(rows[0][0]) if rows else ""


def list_actions(db: Reader, states: Sequence[str], rooms: Sequence[str], limit: int = 200) -> list[ActionRow]:
    """Actions of these rooms in any of ``states``, newest first."""
    places, mine = (",".join("?" * len(those)) or "NULL" for those in (states, rooms))
    rows = db.rows(
        "SELECT id, org, brand, room, kind, asked_by, blob, state, attempts, next_at, made_at, result, why FROM outbox"
        f" WHERE state IN ({places}) AND room IN ({mine}) ORDER BY made_at DESC, id LIMIT ?",
        (*states, *rooms, limit),
    )
    return [
        ActionRow(r[0], r[1], r[2], r[3], r[4], r[5], decode_action(r[6]), r[7], r[8], r[9], r[10], r[11], r[12])
        for r in rows
    ]
