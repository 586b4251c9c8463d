"""The named rules of the debrief and their bounds, read from ``presets.toml``."""

import tomllib
from importlib.resources import files
from typing import Any, Literal

import msgspec

from livecue.errors import Defect
from livecue.reference import Words


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule of the debrief; ``rule`` "" takes the cue rule that it speaks of."""

    code: str
    rule: str
    kind: Literal["highlight", "problem"]
    owners: tuple[str, ...]
    most: int
    mark: Literal["S", "E", "D"]
    values: dict[str, float]
    text: Words
    improve: Words | None = None
    metrics: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    due_h: int = 24
    talk: bool = False

    def value(self, name: str) -> float:
        """The bound of that name; a rule that asks for one its preset lacks is a defect."""
        try:
            return self.values[name]
        except KeyError:
            raise Defect(f"debrief preset {self.code} has no value {name!r}") from None


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds that are no rule's."""

    grace_s: int
    return_days: int
    past_shows: int


def _file() -> dict[str, Any]:
    return tomllib.loads(files("livecue.debrief").joinpath("presets.toml").read_text(encoding="utf-8"))


def read_presets() -> dict[str, Preset]:
    """Every rule of the debrief by its code, in the order in which it is asked."""
    found = {}
    for code, row in _file()["rule"].items():
        try:
            found[code] = msgspec.convert({"code": code, **row}, Preset)
        except msgspec.ValidationError as error:
            raise Defect(f"debrief presets.toml, {code}: {error}") from error
    return found


def read_settings() -> Settings:
    """The shipped settings."""
    return msgspec.convert(_file()["settings"], Settings)


PRESETS = read_presets()
SETTINGS = read_settings()
