"""The outbox: actions leave here and nowhere else; its rows commit with the state that asked for them.

States: pending > sending > done | failed | uncertain; held (after a restore) and dead wait for a person.
"""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from livecue.events import (
    Action,
    ActionAsked,
    ActionDone,
    ActionFailed,
    ActionReleased,
    ActionUncertain,
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

_SETTLE = "UPDATE outbox SET state = ?, result = ?, why = ? WHERE id = ?"
_INSERT = (
    "INSERT INTO outbox (org, brand, room, id, number, position, kind, asked_by, blob, state, made_at)"
    " VALUES (?,?,?,?,?,?,?,?,?,'pending',?) ON CONFLICT (id) DO NOTHING"
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


class OutboxPicture(msgspec.Struct, frozen=True):
    """Open actions of the room, oldest first."""

    actions: list[OpenAction]


class _State(msgspec.Struct):
    open: dict[str, tuple[str, bytes, int, str, str]] = {}


_KEEP = 200


def action_id_of(room: str, ref: str) -> str:
    """The outbox id of an action that its asker named ``ref``: asked for twice, it is one action."""
    return stable_id("action", room, "ref", ref)


class Outbox:
    """The ledger of actions in one room (a ``Ledger``); flow owns it because nothing may leave past it."""

    name: ClassVar[str] = "outbox"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {ActionAsked, ActionDone, ActionFailed, ActionUncertain, ActionReleased}
    )

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        self.changes = 0
        """Rises with every action that the runner should look at."""
        self._state = msgspec.msgpack.decode(blob, type=_State) if blob else _State()

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        for place, event in enumerate(events):
            if isinstance(event, ActionAsked):
                self.put(event.action, event.by, f"{event.command or place}", unit)
                if event.command:
                    unit.announce(CommandApplied(command=event.command))
            elif isinstance(event, ActionDone):
                self._settle(unit, event.action, "done", event.result, "")
            elif isinstance(event, ActionFailed):
                self._settle(unit, event.action, "failed", event.code, event.why)
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
        self._state.open[action_id] = (kind, blob, unit.now, by, "pending")
        if len(self._state.open) > _KEEP:
            del self._state.open[next(iter(self._state.open))]
        room = self._room
        unit.write(_INSERT, (room.org, room.brand, room.room, action_id, unit.number, 0, kind, by, blob, unit.now))

    def _settle(self, unit: Unit, action: str, state: str, result: str, why: str) -> None:
        self._state.open.pop(action, None)
        unit.write(_SETTLE, (state, result, why, action))

    def _wait(self, unit: Unit, action: str, state: str, why: str) -> None:
        known = self._state.open.get(action)
        if known is not None:
            self._state.open[action] = (*known[:4], state)
        unit.write(_SETTLE, (state, "", why, action))

    def _release(self, event: ActionReleased, unit: Unit) -> None:
        state = {"retry": "pending", "drop": "failed", "happened": "done"}.get(event.decision)
        if state is None:
            unit.announce(
                CommandRefused(command=event.command, code="bad_decision", why="decide retry, drop or happened")
            )
            return
        found = unit.ask(
            "UPDATE outbox SET state = ?, why = ?, attempts = 0, next_at = 0"
            " WHERE id = ? AND state IN ('held', 'uncertain', 'dead') RETURNING id",
            (state, f"{event.decision} by {event.by}", event.action),
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
            self._state.open.pop(event.action, None)
        unit.announce(CommandApplied(command=event.command))

    def picture(self, now: int) -> OutboxPicture:
        return OutboxPicture(
            [
                OpenAction(action, kind, decode_action(blob), by, since, state)
                for action, (kind, blob, since, by, state) in self._state.open.items()
            ]
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


def list_actions(db: Reader, states: Sequence[str], limit: int = 200) -> list[ActionRow]:
    """Actions in any of ``states``, newest first."""
    places = ",".join("?" * len(states)) or "NULL"
    rows = db.rows(
        "SELECT id, org, brand, room, kind, asked_by, blob, state, attempts, next_at, made_at, result, why FROM outbox"
        f" WHERE state IN ({places}) ORDER BY made_at DESC, id LIMIT ?",
        (*states, limit),
    )
    return [
        ActionRow(r[0], r[1], r[2], r[3], r[4], r[5], decode_action(r[6]), r[7], r[8], r[9], r[10], r[11], r[12])
        for r in rows
    ]
