"""State machines as data: ``states.toml`` says which states there are and which moves are legal; nothing else is."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from typing import Literal

import msgspec

from livecue.errors import Defect


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state; ``rank`` how far along it is, ``ends`` a last one, ``trouble`` somebody must look, ``ours`` it
    is our move."""

    code: str
    zh: str
    en: str
    rank: int
    ends: bool = False
    trouble: bool = False
    ours: bool = False


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from"}):
    """A legal move: in any state of ``source``, ``event`` leads to ``to``."""

    source: tuple[str, ...]
    event: str
    to: str
    mark: Literal["S", "D"]
    zh: str
    en: str


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rows of one machine as the file holds them."""

    start: str
    state: tuple[State, ...]
    move: tuple[Move, ...]


Told = tuple[int, str, str]
"""(source time in ms or 0, state, key of the event): one word of a platform about a state."""


class Machine:
    """One machine, made of its table. Raises ``Defect`` when the table names what does not exist."""

    def __init__(self, name: str, table: Table) -> None:
        self.name, self.table, self.start = name, table, table.start
        self.states = {state.code: state for state in table.state}
        self._steps: dict[tuple[str, str], str] = {}
        for move in table.move:
            for source in move.source:
                if source not in self.states or move.to not in self.states:
                    raise Defect(f"{name}: the move {move.event} names a state that does not exist")
                if self._steps.setdefault((source, move.event), move.to) != move.to:
                    raise Defect(f"{name}: {move.event} leads to two states from {source}")
        if self.start not in self.states:
            raise Defect(f"{name}: it starts nowhere")
        self._reached = {state: self._reach(state) for state in self.states}

    def _reach(self, start: str) -> frozenset[str]:
        found: set[str] = set()
        edge = {start}
        while edge:
            edge = {to for (source, _), to in self._steps.items() if source in edge} - found
            found |= edge
        return frozenset(found)

    def step(self, state: str, event: str) -> str | None:
        """The state after ``event``; None when that is no legal move."""
        return self._steps.get((state, event))

    def reaches(self, state: str, target: str) -> bool:
        """Whether legal moves lead from one state to the other: a platform's poll does not tell every one."""
        return target == state or target in self._reached[state]

    def settle(self, told: Iterable[Told]) -> tuple[str, tuple[str, ...]]:
        """Where a set of told states leads, and which of them do not follow: the same in whatever order they came.

        They are taken by time where all of them tell one, else by rank.
        """
        known = set(told)
        items = sorted(known, key=self._order(known))
        state, refused = self.start, []
        for _, target, _ in items:
            if self.reaches(state, target):
                state = target
            else:
                refused.append(f"{target}<{state}")
        return state, tuple(dict.fromkeys(refused))

    def _order(self, told: Iterable[Told]) -> Callable[[Told], tuple[int, int, str, str]]:
        timed = all(at for at, _, _ in told)
        ranks = {code: state.rank for code, state in self.states.items()}
        if timed:
            return lambda item: (item[0], ranks[item[1]], item[1], item[2])
        return lambda item: (ranks[item[1]], item[0], item[1], item[2])


def _load() -> Mapping[str, Machine]:
    text = files("livecue.sales").joinpath("states.toml").read_text(encoding="utf-8")
    try:
        tables = msgspec.convert(tomllib.loads(text), dict[str, Table])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Defect(f"states.toml: {error}") from error
    return {name: Machine(name, table) for name, table in tables.items()}


MACHINES = _load()
ORDER, PARCEL, CASE = MACHINES["order"], MACHINES["parcel"], MACHINES["case"]
CASE_TYPES = ("refund_only", "return_refund", "exchange", "reship", "repair", "price_protection")
