"""Folding one batch: runs, rounds, the record, and the same again in a rebuild."""

import logging
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, compress
from typing import Any

import msgspec

from livecue.errors import Defect, StoreFailed
from livecue.events import PEOPLE, Action, ClockTicked, Event, decode_events, encode_events
from livecue.flow.duplicates import MASS
from livecue.flow.ledger import Decider, Ledger, RoomInfo, Ruled
from livecue.flow.outbox import Outbox
from livecue.flow.unit import Row
from livecue.store import Batch, LateFailure, Record, Writer

ROUNDS = 3
_log = logging.getLogger("livecue.flow")


class PartFailed(Exception):
    """A ledger raised, or the rounds did not end; names the part. The room must stop."""

    def __init__(self, part: str, error: BaseException) -> None:
        super().__init__(f"{part}: {type(error).__name__}: {error}")
        self.part = part


class DeciderFailed(PartFailed):
    """A decider raised twice: from this batch on it is owed."""


@lru_cache(4096)
def _marked(part: str, statement: str) -> str:
    """Part and question: a program that asks otherwise than the record's must not be given the answer to another."""
    return f"{part}#{zlib.crc32(statement.encode()):08x}"


class LiveUnit:
    """A ``Unit`` that writes. Each part gets its own, so that a decider's outputs can be thrown away."""

    rebuilding = False
    recorded: Sequence[Event] | None = None

    def __init__(
        self, part: str, room: str, number: int, now: int, source: str, writer: Writer, answers: list[tuple[str, bytes]]
    ) -> None:
        self.part, self.room, self.number, self.now, self.source = part, room, number, now, source
        self._writer = writer
        self._answers = answers
        self.statements: list[tuple[str, Any, bool]] = []
        self.announced: list[Event] = []
        self.actions: list[Action] = []

    def write(self, statement: str, values: Sequence[Any] = ()) -> None:
        self.statements.append((statement, values, False))

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self.statements.append((statement, list(rows), True))

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        self.flush()
        rows = self._writer.rows(statement, values)
        self._answers.append((_marked(self.part, statement), msgspec.msgpack.encode(rows)))
        return rows

    def announce(self, *events: Event) -> None:
        self.announced.extend(events)

    def act(self, *actions: Action) -> None:
        self.actions.extend(actions)

    def flush(self) -> None:
        """Send the statements that wait to the open transaction."""
        for statement, values, many in self.statements:
            if many:
                self._writer.write_many(statement, values)
            else:
                self._writer.put(statement, values)
        self.statements.clear()


class RebuildUnit(LiveUnit):
    """A ``Unit`` that writes nothing and gives the recorded answers."""

    rebuilding = True
    asked_anew = False
    """Whether the part asked what it did not ask then: a newer program. It is answered as things are now."""

    def write(self, statement: str, values: Sequence[Any] = ()) -> None:
        return

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        return

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        marked = _marked(self.part, statement)
        for place, (asked, blob) in enumerate(self._answers):
            # Records of older versions name the part only: its answers are taken in their order.
            if asked in (marked, self.part):
                del self._answers[place]
                return [tuple(row) for row in msgspec.msgpack.decode(blob)]
        # A part that is new, or asks more than it did: the room must open all the same, for an upgrade is no defect.
        self.asked_anew = True
        return self._writer.rows(statement, values)

    def flush(self) -> None:
        return


class LateUnit(LiveUnit):
    """A decider's unit while it catches up: past ledgers are as they were, its own outputs are kept for now.

    What it wrote is sent before it asks: who keeps a line as rows must find those it put there. The caller holds a
    savepoint, so that an attempt that fails leaves nothing behind. Answers are not recorded: a snapshot follows.
    """

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        self.flush()
        return self._writer.rows(statement, values)


_ALONE = PEOPLE | {ClockTicked}


def runs_of(events: Sequence[Event]) -> list[Sequence[Event]]:
    """Cut at every tick and at every command, each a run of its own.

    What a command brings about is announced in its own rounds: events behind it must find it done, however the
    stream was cut.
    """
    runs: list[Sequence[Event]] = []
    start = 0
    if _ALONE.isdisjoint(map(type, events)):
        return [events] if events else []
    for place, event in enumerate(events):
        if type(event) in _ALONE:
            if place > start:
                runs.append(events[start:place])
            runs.append((event,))
            start = place + 1
    if start < len(events):
        runs.append(events[start:])
    return runs


class Parts:
    """Ledgers and deciders of one room, their state, and the fold over them."""

    def __init__(self, room: RoomInfo, ledgers: Sequence[Ledger], deciders: Mapping[str, tuple[Decider, Any]]) -> None:
        self.room = room
        self.ledgers = list(ledgers)
        self.deciders = {name: decider for name, (decider, _) in deciders.items()}
        self.states: dict[str, Any] = {name: state for name, (_, state) in deciders.items()}
        self.owed: set[str] = set()
        """Deciders that failed: they are skipped until they have caught up."""
        self.pictures: dict[str, Any] = {}
        self.newer: set[str] = set()
        """Parts that asked in a rebuild what the program of the record did not: they came with an upgrade."""
        self.now = 0
        listed: list[Ledger | Decider] = [*self.ledgers, *self.deciders.values()]
        self._ruled: dict[str, Ruled] = {part.name: part for part in listed if isinstance(part, Ruled)}
        self.probe: Callable[[str], None] | None = None
        """Called before every decider with its name: tests make it raise."""

    def rules(self) -> dict[str, str]:
        """The version of the rules in force, of each part that has any."""
        return {name: part.rules(self.room) for name, part in self._ruled.items()}

    def running(self) -> dict[str, str]:
        """Every part that folds or decides now, with the version of its rules; "" has none. Who is owed is left out."""
        names = [*(part.name for part in self.ledgers), *(name for name in self.deciders if name not in self.owed)]
        return {name: "" for name in names} | {name: rules for name, rules in self.rules().items() if name in names}

    def fold(self, batch: Batch, events: Sequence[Event], writer: Writer, record: Record) -> list[Event]:
        """Fold a new batch whose duplicates are gone; fills ``record``; returns the announcements.

        Raises ``PartFailed`` when a ledger fails: the caller rolls back and stops the room.
        """
        announced: list[Event] = []
        for run, items in enumerate(runs_of(events)):
            self._tick(items)
            rounds: list[tuple[str, Sequence[Event]]] = [(_teller(batch), items)]
            for step in range(1, ROUNDS + 1):
                said = self._round(batch, rounds, writer, record.answers, step == 1)
                for part, told in said:
                    record.rounds.append((run, step + 1, part, encode_events(told)))
                    announced.extend(told)
                rounds = said
                if not said:
                    break
            if rounds:
                raise PartFailed(rounds[0][0], Defect("a fourth round of announcements"))
        return announced

    def _tick(self, items: Sequence[Event]) -> None:
        if type(items[0]) is ClockTicked:
            self.now = items[0].now

    def _round(
        self,
        batch: Batch,
        told: list[tuple[str, Sequence[Event]]],
        writer: Writer,
        answers: list[tuple[str, bytes]],
        first: bool,
    ) -> list[tuple[str, Sequence[Event]]]:
        said: list[tuple[str, Sequence[Event]]] = []
        ticked = first and type(told[0][1][0]) is ClockTicked
        heard = _Told(told)
        for ledger in self.ledgers:
            items = heard.by(ledger)
            if not items:
                continue
            unit = LiveUnit(ledger.name, batch.room, batch.number, self.now, batch.source, writer, answers)
            try:
                ledger.fold(items, unit)
                unit.flush()
            except (StoreFailed, LateFailure):
                # Not this part's fault: the transaction, or the room's share of it, is tried again.
                raise
            except Exception as error:
                raise PartFailed(ledger.name, error) from error
            if unit.actions:
                raise PartFailed(ledger.name, Defect("a ledger does not act"))
            if unit.announced:
                said.append((ledger.name, unit.announced))
        if ticked or not self.pictures:
            self.pictures = {ledger.name: ledger.picture(self.now) for ledger in self.ledgers}
        for name, decider in self.deciders.items():
            if name in self.owed:
                continue
            items = heard.by(decider)
            if not items:
                continue
            decided = self._decide(name, decider, items, batch, writer, answers)
            if decided.announced:
                said.append((name, decided.announced))
        return said

    def _decide(
        self,
        name: str,
        decider: Decider,
        items: Sequence[Event],
        batch: Batch,
        writer: Writer,
        answers: list[tuple[str, bytes]],
    ) -> LiveUnit:
        # Outputs wait in the unit until the decider has returned: a failure leaves nothing behind.
        # One immediate second try heals what was only a moment's trouble.
        for last in (False, True):
            asked: list[tuple[str, bytes]] = []
            unit = LiveUnit(name, batch.room, batch.number, self.now, batch.source, writer, asked)
            try:
                if self.probe is not None:
                    self.probe(name)
                state = decider.decide(self.states[name], items, self.pictures, unit)
            except (StoreFailed, LateFailure):
                raise
            except Exception as error:
                if last:
                    raise DeciderFailed(name, error) from error
                _log.warning("decider %s failed on batch %s of room %s, trying again", name, batch.number, batch.room)
                continue
            self.states[name] = state
            answers.extend(asked)
            try:
                self.perform(name, unit)
            except (StoreFailed, LateFailure):
                raise
            except Exception as error:
                raise DeciderFailed(name, error) from error
            return unit
        raise Defect("unreachable")

    def perform(self, name: str, unit: LiveUnit) -> None:
        """Send a decider's statements and put its actions into the outbox."""
        for place, action in enumerate(unit.actions):
            self.outbox.put(action, action.by, f"{name}/{self.now}/{place}/{type(action).__name__}", unit)
        unit.flush()

    @property
    def outbox(self) -> Outbox:
        """The ledger of actions."""
        return next(ledger for ledger in self.ledgers if isinstance(ledger, Outbox))

    def refold(
        self,
        batch: Batch,
        record: Record,
        writer: Writer,
        deciding: frozenset[str],
        late: LateUnit | None = None,
        others: frozenset[str] = frozenset(),
    ) -> list[str]:
        """Fold a batch again as ``record`` says, writing nothing.

        ``deciding`` names the deciders that take part; ``late`` collects what the one that catches up says;
        ``others`` names the parts that judged it by other rules: the record is their truth, not a difference.
        Returns what came out differently from the record: a sign of a changed program or a defect.
        """
        dropped = frozenset(record.dropped)
        events = [e for place, e in enumerate(batch.events) if place not in dropped]
        recorded: dict[tuple[int, int], list[tuple[str, Sequence[Event]]]] = {}
        for run, step, part, blob in record.rounds:
            recorded.setdefault((run, step), []).append((part, decode_events(blob)))
        answers = list(record.answers)
        differing: list[str] = []
        for run, items in enumerate(runs_of(events)):
            self._tick(items)
            told: list[tuple[str, Sequence[Event]]] = [(_teller(batch), items)]
            for step in range(1, ROUNDS + 2):
                following = recorded.get((run, step + 1), [])
                kept = {part: list(events) for part, events in following}
                then = {part: kept.get(part, []) for part in others}
                said = self._reround(batch, told, writer, answers, step == 1, deciding, late, then)
                told = following
                for part in kept.keys() | said.keys():
                    checked = part not in others and (part in deciding or part not in self.deciders)
                    # What the record's program did not know is no defect of ours.
                    checked = checked and part not in self.newer
                    if checked and kept.get(part, []) != said.get(part, []):
                        differing.append(f"{part} in {batch.room}/{batch.number}")
                if not told:
                    break
        return differing

    def _reround(
        self,
        batch: Batch,
        told: list[tuple[str, Sequence[Event]]],
        writer: Writer,
        answers: list[tuple[str, bytes]],
        first: bool,
        deciding: frozenset[str],
        late: LateUnit | None,
        then: Mapping[str, Sequence[Event]],
    ) -> dict[str, list[Event]]:
        said: dict[str, list[Event]] = {}
        ticked = first and type(told[0][1][0]) is ClockTicked
        heard = _Told(told)
        for ledger in self.ledgers:
            items = heard.by(ledger)
            if items:
                unit = RebuildUnit(ledger.name, batch.room, batch.number, self.now, batch.source, writer, answers)
                unit.recorded = then.get(ledger.name)
                ledger.fold(items, unit)
                if unit.asked_anew:
                    self.newer.add(ledger.name)
                if unit.announced:
                    said[ledger.name] = unit.announced
        if ticked or not self.pictures:
            self.pictures = {ledger.name: ledger.picture(self.now) for ledger in self.ledgers}
        for name, decider in self.deciders.items():
            if late is not None and late.part == name:
                items = heard.by(decider)
                if items:
                    late.number, late.now, late.source = batch.number, self.now, batch.source
                    self.states[name] = decider.decide(self.states[name], items, self.pictures, late)
            elif name in deciding and (items := heard.by(decider)):
                unit = RebuildUnit(name, batch.room, batch.number, self.now, batch.source, writer, answers)
                unit.recorded = then.get(name)
                self.states[name] = decider.decide(self.states[name], items, self.pictures, unit)
                self.perform(name, unit)
                if unit.asked_anew:
                    self.newer.add(name)
                if unit.announced:
                    said[name] = unit.announced
        return said

    def dump(self) -> dict[str, bytes]:
        """The state of every part by name, for a snapshot."""
        parts = {ledger.name: ledger.dump() for ledger in self.ledgers}
        parts.update({name: decider.dump(self.states[name]) for name, decider in self.deciders.items()})
        return parts


LATE = "late:"
"""Source of a batch that holds what a decider said after it caught up; its name follows."""


def _teller(batch: Batch) -> str:
    return batch.source.removeprefix(LATE) if batch.source.startswith(LATE) else ""


class _Told:
    """What is told in one round, sorted out for each part: most parts hear little of it."""

    def __init__(self, told: list[tuple[str, Sequence[Event]]]) -> None:
        self._told = [(who, _Sorted(items)) for who, items in told]

    def by(self, part: Ledger | Decider) -> Sequence[Event]:
        """What the part folds, in order; nothing of its own."""
        heard = [
            told.of(part.kinds)
            for who, told in self._told
            if who != part.name and not told.kinds.isdisjoint(part.kinds)
        ]
        return heard[0] if len(heard) == 1 else list(chain.from_iterable(heard))


class _Sorted:
    """The events of one teller, picked by kinds; what was picked once is the base of narrower picks."""

    def __init__(self, items: Sequence[Event]) -> None:
        kinds = list(map(type, items))
        self.kinds = frozenset(kinds)
        self._picked: dict[frozenset[type[Event]], tuple[Sequence[Event], list[type[Event]]]] = {
            self.kinds: (items, kinds)
        }
        if not self.kinds.isdisjoint(MASS):
            # Three in four events are of kinds that only one or two parts want.
            self._pick(self.kinds - MASS)

    def of(self, kinds: frozenset[type[Event]]) -> Sequence[Event]:
        """Those of ``kinds``, in order."""
        wanted = self.kinds & kinds
        found = self._picked.get(wanted)
        return found[0] if found is not None else self._pick(wanted)

    def _pick(self, wanted: frozenset[type[Event]]) -> Sequence[Event]:
        items, kinds = min((base for of, base in self._picked.items() if of >= wanted), key=lambda base: len(base[0]))
        picks = list(map(wanted.__contains__, kinds))
        picked = list(compress(items, picks)), list(compress(kinds, picks))
        self._picked[wanted] = picked
        return picked[0]
