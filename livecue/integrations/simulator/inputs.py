"""The inputs of a simulation on disk: with them the same show can be gone through again after a kill."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Union

import msgspec

from livecue.errors import BadInput
from livecue.events import ACTION_KINDS, Action, CommandApplied, CommandRefused, Event, decode_event, encode_event

_AnyAction = Union[tuple(ACTION_KINDS.values())]  # type: ignore[valid-type]  # noqa: UP007  # built from the vocabulary itself


class Asked(msgspec.Struct, frozen=True):
    """The platform was asked to carry out ``what`` at room time ``t``."""

    t: int
    action: str
    what: Action

    def identity(self) -> tuple[str, ...]:
        """Every call counts, repeats too."""
        return ("action", self.action, str(self.t))


class Heard(msgspec.Struct, frozen=True):
    """The room was told ``heard`` at room time ``t``."""

    t: int
    heard: Event

    def identity(self) -> tuple[str, ...]:
        """What makes hearing it twice the same: the command, the cue, or the key."""
        event = self.heard
        kind = type(event).__name__
        command = getattr(event, "command", "")
        if isinstance(event, CommandApplied | CommandRefused):
            return ("answered", command)
        return (kind, command or getattr(event, "cue", "") or event.key or encode_event(event).decode())


class InputLog:
    """A file of one JSON object a line, each on disk before it has an effect."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, one: Asked | Heard) -> None:
        """Write a line and wait until it is on the disk."""
        if isinstance(one, Asked):
            line = msgspec.json.encode({"t": one.t, "action": one.action, "what": one.what})
        else:
            line = msgspec.json.encode({"t": one.t, "heard": msgspec.Raw(encode_event(one.heard))})
        with self._path.open("ab") as file:
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> Iterator[Asked | Heard]:
        """The inputs by time. A last line cut off by a kill is taken away; a bad line elsewhere is an error."""
        if not self._path.exists():
            return
        raw = self._path.read_bytes()
        whole, _, torn = raw.rpartition(b"\n")
        if torn:
            with self._path.open("r+b") as file:
                file.truncate(len(raw) - len(torn))
        inputs: list[Asked | Heard] = []
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                row = msgspec.json.decode(line)
                if "action" in row:
                    inputs.append(Asked(row["t"], row["action"], msgspec.convert(row["what"], _AnyAction)))
                else:
                    inputs.append(Heard(row["t"], decode_event(msgspec.json.encode(row["heard"]))))
            except (msgspec.DecodeError, KeyError, TypeError) as error:
                raise BadInput(f"{self._path.name}, line {number}, is no input of a simulation: {error}") from error
        yield from sorted(inputs, key=lambda one: one.t)
