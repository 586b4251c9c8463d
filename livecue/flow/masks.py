"""Ids that stand for nobody: what a platform writes where it withholds who a viewer is (``masks.toml``)."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from livecue.events import Event


class _General(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digits: str
    least: int
    most: int


class _Masks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    general: _General
    platforms: dict[str, list[str]]


@cache
def masks_of(platform: str) -> frozenset[str]:
    """The ids that are nobody's on ``platform``; the general ones where nothing is known of it."""
    told = _read()
    if platform in told.platforms:
        return frozenset(told.platforms[platform])
    general = told.general
    return frozenset(digit * length for digit in general.digits for length in range(general.least, general.most + 1))


@cache
def _read() -> _Masks:
    text = files("livecue.flow").joinpath("masks.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Masks)


def unmasked(events: list[Event], platform: str) -> list[Event]:
    """The events with "" for every user who is a mask, so that nobody counts a crowd as one person."""
    masks = masks_of(platform)
    # Nearly every batch holds none: one look tells, and nothing is made anew.
    if masks.isdisjoint([getattr(event, "user", "") for event in events]):
        return events
    return [_cleared(event) if getattr(event, "user", "") in masks else event for event in events]


def _cleared(event: Event) -> Event:
    # Where an event is about one person (a mute), there is no "" to put: it stays as it was told.
    fields = {field.name: field for field in msgspec.structs.fields(type(event))}
    return msgspec.structs.replace(event, user="") if fields["user"].default == "" else event
