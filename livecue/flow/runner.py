"""The runner performs actions out of the outbox, each at most once unless it may be repeated.

``sending`` is committed before the call; the answer comes back as an event. After a crash an action found in
``sending`` is repeated only if its door calls the kind idempotent, read back if it can be confirmed, and
otherwise shown to a person as uncertain (design: acting once).
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from livecue.errors import AuthFailed, IntegrationError, NotFound, Refused, Unavailable
from livecue.events import Action, ActionDone, ActionFailed, ActionUncertain, Performed, decode_action
from livecue.flow.inbox import Inbox
from livecue.flow.ledger import RoomInfo
from livecue.flow.outbox import GAVE_UP
from livecue.kit import Clock, SystemClock, backoff_s, failpoint, span
from livecue.store import Reader, Row, Sharer, Writer, last_number, read_cursor

_log = logging.getLogger("livecue.flow")

MOST_ATTEMPTS = 8
SETTLE_S = 1.0
"""How often it is looked for what a program left behind that is gone."""


class Door(Protocol):
    """What the runner needs of an integration bound to one room."""

    real: bool
    """Whether it reaches a real platform; such a door opens for real rooms only."""

    def idempotent(self, action: Action) -> bool:
        """Whether doing it twice is the same as once."""
        ...

    def perform(self, action_id: str, action: Action) -> Performed:
        """Do it. May raise the four integration errors."""
        ...

    def confirm(self, action_id: str, action: Action) -> bool | None:
        """Whether it happened, asked after a crash; None when that cannot be known."""
        ...


class Runner:
    """One thread that performs. ``doors`` gives the door of a room for an action, None when nobody can do it."""

    def __init__(
        self,
        pump: Inbox,
        rooms: Callable[[str], RoomInfo | None],
        doors: Callable[[RoomInfo, Action], Door | None],
        clock: Clock | None = None,
        program: Sharer | None = None,
        reader: Reader | None = None,
    ) -> None:
        """``program``: this one among others that perform too; None when it is the only one. Then ``reader`` tells how
        far their rooms are folded."""
        self._program = program
        self._reader = reader
        self._pump = pump
        self._rooms = rooms
        self._doors = doors
        self._clock = clock or SystemClock()
        self._wake = threading.Event()
        self._stopping = False
        self._started = False
        self._unsettled = False
        """Something may stand in ``sending`` that nobody sends."""
        self._told: set[str] = set()
        """Among other programs: ended, and it is journalled; ``sending`` until the owner of its room folds that."""
        self._heard: dict[str, int] = {}
        """Of what was left behind: the number up to which its room's journal may hold the last word about it."""
        self._thread = threading.Thread(target=self._loop, name="runner", daemon=True)

    def start(self) -> None:
        """Settle what a crash left behind, then start the thread."""
        self.settle()
        self._started = True
        self._thread.start()

    @property
    def _me(self) -> str:
        """By what name actions are ours; "" where nobody else performs."""
        return self._program.name if self._program is not None else ""

    @property
    def alive(self) -> bool:
        """False when it was started and has ended though nobody stopped it."""
        return not self._started or self._stopping or self._thread.is_alive()

    def settle(self) -> None:
        """Decide about every action that stands in ``sending`` while nobody sends it.

        A crash left it, or its answer could not be kept: our own, or that of a program that is gone. What cannot be
        decided now (a platform that is away, a room that is full) is asked again later.
        """
        self._unsettled = False
        left = self._pump.run(lambda writer: _left_sending(writer, self._me)).result()
        names = {str(row[0]) for row in left}
        self._told &= names
        self._heard = {name: upto for name, upto in self._heard.items() if name in names}
        for row in left:
            if row[0] in self._told:
                continue
            try:
                if self._heard_out(row[0], row[1]):
                    self._settle_left(row)
                else:
                    self._unsettled = True
            except Exception:
                _log.exception("action %s of room %s is not settled; it is looked at again", row[0], row[1])
                self._unsettled = True

    def _heard_out(self, action: str, room: str) -> bool:
        """Whether the room's owner has folded all that whoever performed the action may have said of it.

        Its outcome may stand in the journal and be folded a moment later: who decides before asks a person about what
        is known, or performs it anew.
        """
        if self._reader is None:
            return True
        if action not in self._heard:
            self._heard[action] = last_number(self._reader, room)
        return read_cursor(self._reader, room) >= self._heard[action]

    def stop(self) -> None:
        """Finish the action at hand, end the thread."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def _loop(self) -> None:
        settled = time.monotonic()
        while not self._stopping:
            self._wake.wait(timeout=0.5)
            self._wake.clear()
            try:
                if (self._unsettled or self._program is not None) and time.monotonic() - settled >= SETTLE_S:
                    settled = time.monotonic()
                    self.settle()
                while not self._stopping and self.step():
                    pass
            except Exception:
                # Whatever it was, the actions behind it leave; what was being sent is looked at again.
                _log.exception("the runner goes on after an error")
                self._unsettled = True

    def step(self) -> bool:
        """Perform one pending action; False when none is due."""
        now = self._clock.now_ms()
        row = self._pump.run(lambda writer: _claim(writer, now, self._me)).result()
        if row is None:
            return False
        action_id, room_id, blob, attempts = row
        self._told.discard(action_id)
        action = decode_action(blob)
        failpoint("sending")
        room = self._rooms(room_id)
        door = self._doors(room, action) if room is not None else None
        if room is None or door is None:
            self._tell(
                room_id,
                ActionFailed(key=action_id, action=action_id, code="nobody_can", why="no door of this room does it"),
            )
        elif _barred(door, room):
            self._tell_barred(room, action_id)
        else:
            self._perform(door, room_id, action_id, action, int(attempts))
        return True

    def _perform(self, door: Door, room: str, action_id: str, action: Action, attempts: int) -> None:
        try:
            with span("perform", room=room, kind=type(action).__name__, attempt=attempts):
                answer = door.perform(action_id, action)
        except Refused as error:
            answer = Performed(outcome="refused", result=error.code, why=str(error))
        except AuthFailed as error:
            answer = Performed(outcome="refused", result=error.code, why=str(error))
        except Unavailable as error:
            repeat = door.idempotent(action)
            answer = Performed(outcome="later" if repeat else "unknown", why=str(error), wait_s=error.retry_after_s)
        except IntegrationError as error:
            answer = Performed(outcome="unknown", why=str(error))
        except Exception as error:
            # A hole in a door: nobody knows how far it came. What it says may hold people's data.
            _log.error("%s in room %s: the door failed: %s", type(action).__name__, room, type(error).__name__)
            answer = Performed(outcome="unknown", why=f"the door failed: {type(error).__name__}")
        failpoint("after_vendor")
        key = self._key(action_id, attempts)
        if answer.outcome == "done":
            self._tell(room, ActionDone(key=action_id, action=action_id, result=answer.result))
        elif answer.outcome == "refused":
            self._tell(room, ActionFailed(key=key, action=action_id, code=answer.result or "refused", why=answer.why))
        elif answer.outcome == "later" and attempts < MOST_ATTEMPTS:
            wait = max(answer.wait_s, backoff_s(attempts + 1))
            due = self._clock.now_ms() + int(wait * 1000)
            self._pump.run(lambda writer: _postpone(writer, self._me, action_id, due, answer.why)).result()
        elif answer.outcome == "later":
            self._tell(room, ActionFailed(key=key, action=action_id, code=GAVE_UP, why=answer.why))
        else:
            self._tell(room, ActionUncertain(key=key, action=action_id, why=answer.why))

    def _key(self, action_id: str, attempts: int) -> str:
        # With the moment: sent again by a person its tries begin anew, and the same may become of it.
        return f"{action_id}.{attempts}.{self._clock.now_ms()}"

    def _tell_barred(self, room: RoomInfo, action_id: str) -> None:
        why = f"a {room.nature} room reaches no platform"
        self._tell(room.room, ActionFailed(key=action_id, action=action_id, code="not_real", why=why))

    def _tell(self, room: str, event: ActionDone | ActionFailed | ActionUncertain) -> None:
        failpoint("before_done")
        try:
            self._pump.post(room, [event], source="livecue").result()
            if self._program is not None:
                self._told.add(event.action)
        except NotFound:
            # The room is gone, and nobody there can hear it.
            self._pump.run(lambda writer: _drop(writer, self._me, event.action, f"there is no room {room}")).result()
        failpoint("after_done")

    def _settle_left(self, row: Row) -> None:
        action_id, room_id, blob, attempts = row
        action = decode_action(blob)
        room = self._rooms(room_id)
        door = self._doors(room, action) if room is not None else None
        if room is not None and door is not None and _barred(door, room):
            # It was never sent: such a room's actions are not. The platform is not even asked.
            self._tell_barred(room, action_id)
            return
        if door is not None and door.idempotent(action):
            self._pump.run(
                lambda writer: _postpone(writer, self._me, action_id, 0, "repeated after a restart")
            ).result()
            return
        happened = door.confirm(action_id, action) if door is not None else None
        if happened:
            self._tell(room_id, ActionDone(key=action_id, action=action_id, result="confirmed"))
        elif happened is False:
            self._pump.run(lambda writer: _postpone(writer, self._me, action_id, 0, "it had not happened")).result()
        else:
            key = self._key(action_id, attempts)
            self._tell(room_id, ActionUncertain(key=key, action=action_id, why="the program stopped while it was sent"))


def _barred(door: Door, room: RoomInfo) -> bool:
    """Simulated, replayed and rehearsed rooms reach no real platform."""
    return door.real and room.nature != "real"


_OWNED = " AND EXISTS (SELECT 1 FROM leases l JOIN programs p ON p.program = l.owner WHERE l.room = o.room)"


def _claim(writer: Writer, now: int, program: str) -> Row | None:
    """The next due action becomes ours; where rooms are shared, under its room's epoch and while that has an owner."""
    rows = writer.rows(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, program = ?,"
        " epoch = COALESCE((SELECT l.epoch FROM leases l WHERE l.room = outbox.room), 0) WHERE id ="
        " (SELECT o.id FROM outbox o WHERE o.state = 'pending' AND o.next_at <= ?"
        f"{_OWNED if program else ''} ORDER BY o.made_at, o.number, o.id LIMIT 1)"
        # Asked again once the row is locked: another runner may have been faster.
        " AND state = 'pending' RETURNING id, room, blob, attempts",
        (program, now),
    )
    return rows[0] if rows else None


def _left_sending(writer: Writer, program: str) -> list[Row]:
    """Actions whose performer is gone; they are ours from now on, so that only one decides about them."""
    if not program:
        # Also those of programs that shared these rooms before.
        return writer.rows("UPDATE outbox SET program = '' WHERE state = 'sending' RETURNING id, room, blob, attempts")
    return writer.rows(
        "UPDATE outbox SET program = ? WHERE state = 'sending'"
        # Our own as well: this is asked between two actions, when we send none.
        " AND (program = ? OR NOT EXISTS (SELECT 1 FROM programs p WHERE p.program = outbox.program))"
        " RETURNING id, room, blob, attempts",
        (program, program),
    )


_STILL_OURS = " WHERE id = ? AND state = 'sending' AND program = ?"
"""Who stood still meanwhile and was replaced decides nothing: another may be performing it at this moment."""


def _postpone(writer: Writer, program: str, action_id: str, due: int, why: str) -> None:
    writer.write(
        "UPDATE outbox SET state = 'pending', next_at = ?, why = ?" + _STILL_OURS, (due, why, action_id, program)
    )


def _drop(writer: Writer, program: str, action_id: str, why: str) -> None:
    writer.write(
        "UPDATE outbox SET state = 'failed', result = 'no_room', why = ?" + _STILL_OURS, (why, action_id, program)
    )
