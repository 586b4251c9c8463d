"""One room in memory: opened from its newest readable snapshot and the journal after it."""

import logging
from collections import deque
from collections.abc import Mapping, Sequence

import msgspec

from livecue.errors import BadInput, StoreFailed
from livecue.events import (
    ActionDone,
    ActionFailed,
    ActionUncertain,
    BrandSaved,
    ClockTicked,
    CommandRefused,
    Event,
    decode_events,
)
from livecue.flow.duplicates import FORGET_MS, Duplicates, forget
from livecue.flow.folding import LATE, LateUnit, Parts
from livecue.flow.ledger import Decider, Ledger, RoomInfo
from livecue.flow.outbox import Outbox
from livecue.flow.rulings import Rulings
from livecue.kit import failpoint
from livecue.store import (
    Batch,
    Reader,
    Record,
    Snapshot,
    TransactionWriter,
    Writer,
    append_audit,
    append_batches,
    append_later,
    held_upto,
    keep_folded,
    last_number,
    read_batches,
    read_cursor,
    read_records,
    read_snapshots,
    save_cursor,
    save_record,
    save_snapshot,
    take_numbers,
)

_log = logging.getLogger("livecue.flow")

MASS_TAIL = 50_000
"""How many events before the cursor are read again for the keys of mass events."""

SNAPSHOT_BATCHES = 2_000
SNAPSHOT_EVENTS = 200_000
SNAPSHOT_BYTES = 20
"""A larger state is kept less often, so that an event never costs more than so many bytes of snapshot."""

PERSON = "person:"
"""Source of a batch that holds a person's command; the person's id follows. Such batches are audited."""
_NO_FEED = (PERSON, LATE, "livecue")
"""Batches of these come from nobody outside."""
_NOT_AUDITED = frozenset(
    {"key", "command", "by", "kind", "at", "name", "login", "text", "title", "segments", "products"}
    # What may name a guest of an activity: the chain can lose nobody's name.
    | {"guests", "steps", "goal", "summary", "resources"}
)
_SUBJECTS = (
    "cue", "improvement", "task", "comment", "segment", "rule", "person", "show", "room", "sku", "product", "action",
)  # fmt: skip
_DETAIL = 2_000
_OUTCOMES: frozenset[type[Event]] = frozenset({ActionDone, ActionFailed, ActionUncertain})
"""What the runner tells of an action: the chain holds who asked and what became of it."""

Makers = tuple[Sequence[type[Ledger]], Sequence[Decider]]
"""Ledgers (in the order they fold) and deciders of a room, as ``app`` lists them."""


class Room:
    """The live state of one room. Only its owner, the pump's thread, touches it."""

    def __init__(self, info: RoomInfo, makers: Makers, writer: Writer) -> None:
        self.info = info
        self._makers = makers
        self.owed: dict[str, tuple[int, bytes]] = {
            name: (since, state)
            for name, since, state in writer.rows("SELECT decider, since, state FROM owed WHERE room = ?", (info.room,))
        }
        self.rulings = Rulings(writer, info.room)
        self.folded = read_cursor(writer, info.room)
        self.appended = last_number(writer, info.room)
        self.parts, start, _ = self._from_snapshot(writer, self.folded)
        self.parts.outbox.held_upto = held_upto(writer, info.room, self.appended)
        deciding = frozenset(self.parts.deciders) - self.owed.keys()
        self.differing = self._refold(writer, self.parts, start, self.folded, deciding)
        held = writer.rows("SELECT id FROM outbox WHERE room = ? AND state = 'held'", (info.room,))
        self.parts.outbox.hold({str(row[0]) for row in held})
        for name, (_, state) in self.owed.items():
            if name in self.parts.deciders:
                self.parts.owed.add(name)
                self.parts.states[name] = self.parts.deciders[name].open(info, state)
        self.duplicates = self._load_duplicates(writer)
        # Here and not at every snapshot: it looks at every key.
        forget(writer, info.room, self.parts.now - FORGET_MS)
        self.waiting: deque[Batch] = deque(read_batches(writer, info.room, self.folded, self.appended))
        self._folded_now: list[Batch] = []
        """Batches folded since the cursor was moved last."""
        self.behind = False
        """Whether others may have added to the journal what is not in ``waiting`` yet."""
        self.heard: dict[str, int] = {}
        """When each feed told something last (arrival, ms), since the room was opened here."""
        self._snapshot_at = self.folded
        self._events_since = 0
        self._size = 1
        """How many times larger a snapshot is than ``SNAPSHOT_EVENTS`` events may pay for."""
        self.stopped = ""
        for part, error in writer.rows("SELECT part, error FROM stopped WHERE room = ?", (info.room,)):
            self.stopped = f"{part}: {error}"

    def _from_snapshot(self, writer: Writer, upto: int) -> tuple[Parts, int, int]:
        for snapshot in read_snapshots(writer, self.info.room, upto):
            try:
                return self._open(snapshot), snapshot.number, snapshot.now
            except (BadInput, ValueError, KeyError) as error:
                _log.warning("snapshot %s of room %s is passed over: %s", snapshot.number, self.info.room, error)
        return self._open(None), 0, 0

    def _open(self, snapshot: Snapshot | None) -> Parts:
        blobs = snapshot.parts if snapshot else {}
        makers, deciders = self._makers
        ledgers: list[Ledger] = []
        listed: list[type[Ledger]] = [*makers, Outbox]
        for maker in listed:
            if snapshot is not None and maker.name not in blobs:
                raise BadInput(f"it knows nothing of {maker.name}")
            ledgers.append(maker(self.info, blobs.get(maker.name)))
        opened = {d.name: (d, d.open(self.info, blobs.get(d.name))) for d in deciders}
        if snapshot is not None and not blobs.keys() >= opened.keys():
            raise BadInput("it does not know every decider")
        parts = Parts(self.info, ledgers, opened)
        parts.now = snapshot.now if snapshot else 0
        return parts

    def _refold(
        self,
        writer: Writer,
        parts: Parts,
        after: int,
        upto: int,
        deciding: frozenset[str],
        late: LateUnit | None = None,
    ) -> list[str]:
        differing: list[str] = []
        by_other_rules: set[str] = set()
        rules = parts.rules()
        page = 500
        for start in range(after, upto, page):
            end = min(start + page, upto)
            records = read_records(writer, self.info.room, start, end)
            for batch in read_batches(writer, self.info.room, start, end):
                failpoint("refold")
                record = records.get(batch.number, Record())
                others = self.rulings.others(batch.number, rules)
                by_other_rules |= others
                differing += parts.refold(batch, record, writer, deciding, late, others)
        if by_other_rules:
            named = ", ".join(sorted(by_other_rules))
            _log.info(
                "room %s: the rules of %s have changed; what was announced stays as recorded", parts.room.room, named
            )
        if parts.newer:
            _log.info(
                "room %s: %s came with a newer program than the record's; where they ask, they are told what is so now",
                parts.room.room,
                ", ".join(sorted(parts.newer)),
            )
        if differing:
            _log.error("room %s: a rebuild says otherwise than the record: %s", self.info.room, differing[:5])
        return differing

    def _load_duplicates(self, writer: Writer) -> Duplicates:
        duplicates = Duplicates(self.info, writer, max(0, self.parts.now - FORGET_MS))
        duplicates.now = self.parts.now
        for batch in read_batches(writer, self.info.room, self._tail_start(writer), self.folded):
            duplicates.recall(batch)
        return duplicates

    def _tail_start(self, writer: Writer) -> int:
        events, oldest = 0, self.folded + 1
        for number, count in writer.rows(
            "SELECT number, count FROM journal WHERE room = ? AND number <= ? ORDER BY number DESC LIMIT 20000",
            (self.info.room, self.folded),
        ):
            events, oldest = events + int(count), int(number)
            if events >= MASS_TAIL:
                break
        # What has left the journal is of shows that closed days ago: nobody sends it again.
        return oldest - 1

    def fetch(self, writer: Writer, known: Mapping[int, Batch], most: int) -> list[int]:
        """Take in what others appended behind the newest batch known here, about ``most`` events at once.

        ``known`` are batches that need not be read again. Returns their numbers that were folded before.
        """
        for number in sorted(known):
            if number > self.appended + 1:
                self._read_on(writer, number - 1, 1 << 62)
            if number == self.appended + 1:
                self.waiting.append(known[number])
                self.appended = number
        if self.behind:
            try:
                self.behind = self._read_on(writer, None, most)
            except StoreFailed as error:
                if writer.log is None:
                    raise
                # The journal outside cannot be read just now: other rooms go on, and it is looked for again soon.
                _log.warning("room %s is not read on: %s", self.info.room, error)
                self.behind = False
        return [number for number in known if number <= self.folded]

    def _read_on(self, writer: Writer, upto: int | None, most: int) -> bool:
        events = 0
        for batch in read_batches(writer, self.info.room, self.appended, upto):
            self.waiting.append(batch)
            self.appended = batch.number
            events += len(batch.events)
            if events >= most:
                return True
        return False

    def recorded(self, reader: Reader, number: int) -> tuple[list[int], list[Event]]:
        """What a folded batch brought about: (places of duplicates, announcements)."""
        return outcome_of(read_records(reader, self.info.room, number - 1, number).get(number, Record()))

    def fold(self, batch: Batch, writer: Writer) -> tuple[list[int], Sequence[Event], list[Event]]:
        """Fold the next batch in the open transaction: (places of duplicates, new events, announcements).

        Raises ``PartFailed``; then this object is no longer good and must be dropped.
        """
        failpoint("before_fold")
        events, dropped = self.duplicates.sift(batch, writer)
        record = Record(dropped=dropped)
        self.rulings.note(writer, self.info, batch.number, self.parts.rules())
        announced = self.parts.fold(batch, events, writer, record) if events else []
        if batch.source.startswith(PERSON) or not _OUTCOMES.isdisjoint(map(type, events)):
            self._audit(batch, events, announced, writer)
        save_record(writer, self.info.org, self.info.brand, self.info.room, batch.number, record)
        self.folded = batch.number
        tick = len(events) == 1 and type(events[0]) is ClockTicked
        if events and not tick and not batch.source.startswith(_NO_FEED):
            self.heard[batch.source] = batch.arrived
        if writer.log is not None:
            self._folded_now.append(batch)
        self._events_since += len(events)
        failpoint("after_fold")
        return dropped, events, announced

    def _audit(self, batch: Batch, events: Sequence[Event], announced: Sequence[Event], writer: Writer) -> None:
        refused = {event.command: event.code for event in announced if isinstance(event, CommandRefused)}
        # What the office edits outside any brand belongs to the whole organisation, whose brand is "".
        own = "" if self.info.brand == "*" else self.info.brand
        for event in events:
            if getattr(event, "dry", False) or not getattr(event, "audited", True):
                # Nothing was done, or it is too small to be a link of the chain.
                continue
            raw = msgspec.to_builtins(event)
            org, brand = raw.get("org", self.info.org), raw.get("brand", own)
            detail = {name: value for name, value in raw.items() if name not in _NOT_AUDITED}
            if isinstance(event, BrandSaved):
                detail["name"] = event.name  # Nobody's own: what a brand was called may be told for ever.
            if raw.get("command") in refused:
                detail["refused"] = refused[raw["command"]]
            append_audit(
                writer,
                at=batch.arrived,
                org=org,
                brand=brand,
                room=self.info.room,
                who=batch.source.removeprefix(PERSON),
                what=raw["kind"],
                subject=str(
                    next((raw[name] for name in _SUBJECTS if raw.get(name)), raw.get("card", {}).get("product", ""))
                ),
                detail=msgspec.json.encode(detail).decode()[:_DETAIL],
            )

    def finish(self, writer: Writer, wall_ms: int) -> None:
        """Move the cursor; make a snapshot when enough has happened since the last."""
        info = self.info
        keep_folded(writer, info.org, info.brand, self._folded_now)
        self._folded_now = []
        save_cursor(writer, info.org, info.brand, info.room, self.folded)
        batches, events = self.folded - self._snapshot_at, self._events_since
        if batches >= SNAPSHOT_BATCHES * self._size or events >= SNAPSHOT_EVENTS * self._size:
            self.snapshot(writer, wall_ms)

    def snapshot(self, writer: Writer, wall_ms: int) -> None:
        """Keep the state of every part."""
        info = self.info
        failpoint("before_snapshot")
        snapshot = Snapshot(self.folded, self.parts.now, self.parts.dump())
        save_snapshot(writer, info.org, info.brand, info.room, wall_ms, snapshot)
        self._size = max(1, sum(map(len, snapshot.parts.values())) // (SNAPSHOT_BYTES * SNAPSHOT_EVENTS))
        self._snapshot_at, self._events_since = self.folded, 0
        failpoint("after_snapshot")

    def owe(self, name: str, writer: Writer, error: str, wall_ms: int) -> None:
        """From the next batch on ``name`` is skipped; its state now is kept for when it catches up."""
        info = self.info
        state = self.parts.deciders[name].dump(self.parts.states[name])
        writer.write(
            "INSERT INTO owed (org, brand, room, decider, since, attempts, next_at, error, state)"
            " VALUES (?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (room, decider) DO NOTHING",
            (info.org, info.brand, info.room, name, self.folded, 0, wall_ms + 1_000, error, state),
        )
        self.owed[name] = (self.folded, state)
        self.parts.owed.add(name)

    def catch_up(self, name: str, writer: TransactionWriter) -> tuple[LateUnit, object]:
        """Let an owed decider decide over what it missed, with the ledgers as they were then.

        Returns its outputs and its state; raises whatever it raises. The room itself is not changed.
        """
        since, blob = self.owed[name]
        shadow, start, _ = self._from_snapshot(writer, since)
        self._refold(writer, shadow, start, since, frozenset())
        shadow.states[name] = shadow.deciders[name].open(self.info, blob)
        late = LateUnit(name, self.info.room, since, shadow.now, "", writer, [])
        self._refold(writer, shadow, since, self.folded, frozenset(), late)
        return late, shadow.states[name]

    def append_late(self, name: str, events: list[Event], arrived: int, writer: Writer) -> None:
        """Append the batch that tells the others what ``name`` said after catching up."""
        room = self.info.room
        batch = Batch(room=room, number=0, arrived=arrived, source=LATE + name, events=events)
        if append_later(writer, self.info.org, self.info.brand, batch, self.folded):
            return
        last = take_numbers(writer, [room])[room]
        self._read_on(writer, last, 1 << 62)
        batch = msgspec.structs.replace(batch, number=last + 1)
        append_batches(writer, self.info.org, self.info.brand, [batch])
        self.waiting.append(batch)
        self.appended = batch.number


def outcome_of(record: Record) -> tuple[list[int], list[Event]]:
    """Of what was recorded about a batch: places of duplicates, and every announcement."""
    return record.dropped, [event for *_, blob in record.rounds for event in decode_events(blob)]
