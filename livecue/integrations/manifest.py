"""What each integration can do, as its ``manifest.toml`` says: the screens grey out what nobody can perform."""

import importlib
import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Literal

import msgspec

from livecue.errors import Defect, NotFound
from livecue.events import ACTION_KINDS, EVENT_KINDS

VERBS = frozenset({"check", "listen", "receive", "sync", "perform", "decode"})
"""What an integration may offer; ``decode`` is a translator without a connection of its own (``contract.Decoder``)."""


def load_object(place: str) -> Any:
    """The object at ``module:name``."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value that a person gives. ``secret`` ones never reach a screen or a log."""

    name: str
    zh: str
    en: str
    secret: bool = False
    default: str = ""


class Recordable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of file of this platform that can be replayed; ``reader`` is ``module:object``."""

    kind: str
    reader: str
    zh: str
    en: str

    def load(self) -> Any:
        """The object that reads such files (``recording.LineFormat``)."""
        return load_object(self.reader)


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of whole file that a person may import; ``reader`` is a function of its bytes, ``gives`` what it returns.

    ``gives`` is events (a list of them), products (``cards`` for the catalogue) or rooms.
    """

    kind: str
    reader: str
    gives: Literal["events", "products", "rooms"]
    zh: str
    en: str

    def load(self) -> Any:
        """The function that reads such a file."""
        return load_object(self.reader)


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One door. ``events`` and ``actions`` are kinds of the vocabulary; ``unverified`` lists what stays 待核验.

    ``verbs`` says where each verb is (``module:object``), so that ``app`` uses it without knowing the platform.
    """

    id: str
    platform: str
    zh: str
    en: str
    official: bool
    events: tuple[str, ...]
    page: str
    verbs: dict[str, str] = {}
    actions: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    recordings: tuple[Recordable, ...] = ()
    documents: tuple[Document, ...] = ()
    unverified_zh: str = ""
    unverified_en: str = ""

    def load(self, verb: str) -> Any:
        """The object behind a verb; raises ``NotFound`` when this integration does not offer it."""
        place = self.verbs.get(verb)
        if place is None:
            raise NotFound(f"{self.id} cannot {verb}; it offers: {', '.join(self.verbs) or 'files only'}")
        return load_object(place)


@cache
def load_manifests() -> dict[str, Manifest]:
    """Every manifest of this package by its id; raises ``Defect`` when one is wrong."""
    found: dict[str, Manifest] = {}
    for place in _manifests(resources.files("livecue.integrations")):
        manifest = _read(place)
        if manifest.id in found:
            raise Defect(f"two manifests are called {manifest.id}")
        found[manifest.id] = manifest
    return dict(sorted(found.items()))


def _manifests(folder: Traversable, depth: int = 0) -> list[Traversable]:
    found = []
    for place in sorted(folder.iterdir(), key=lambda item: item.name):
        if place.name == "manifest.toml":
            found.append(place)
        elif depth < 3 and place.is_dir() and not place.name.startswith(("_", ".")):
            found += _manifests(place, depth + 1)
    return found


def _read(place: Traversable) -> Manifest:
    try:
        manifest = msgspec.convert(tomllib.loads(place.read_text(encoding="utf-8")), Manifest)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Defect(f"{place}: {error}") from error
    wrong = [
        *(f"verb {verb}" for verb in manifest.verbs if verb not in VERBS),
        *(f"event {kind}" for kind in manifest.events if kind not in EVENT_KINDS),
        *(f"action {kind}" for kind in manifest.actions if kind not in ACTION_KINDS),
    ]
    if wrong:
        raise Defect(f"{place} names what does not exist: {', '.join(wrong)}")
    return manifest
