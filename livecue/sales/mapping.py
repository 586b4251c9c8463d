"""What each platform calls our states: one data file a platform under ``platforms``."""

import tomllib
from importlib.resources import files

import msgspec

from livecue.errors import Defect
from livecue.sales.machine import CASE, CASE_TYPES, ORDER, PARCEL

CLOSED = "closed"
"""Cancelled while unpaid, closed_refunded afterwards: some platforms have one word for both."""


class StateMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One platform's words. ``confidence``: A vendor's documentation, B two implementations agree, C one source."""

    zh: str
    en: str
    source: str
    confidence: str
    orders: dict[str, str] = {}
    cases: dict[str, str] = {}
    types: dict[str, str] = {}
    parcels: dict[str, str] = {}


def _load() -> dict[str, StateMap]:
    found: dict[str, StateMap] = {}
    places = [p for p in files("livecue.sales").joinpath("platforms").iterdir() if p.name.endswith(".toml")]
    for place in sorted(places, key=lambda item: item.name):
        try:
            made = msgspec.convert(tomllib.loads(place.read_text(encoding="utf-8")), StateMap)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise Defect(f"{place.name}: {error}") from error
        wrong = {
            *(set(made.orders.values()) - ORDER.states.keys() - {CLOSED}),
            *(set(made.cases.values()) - CASE.states.keys()),
            *(set(made.types.values()) - set(CASE_TYPES)),
            *(set(made.parcels.values()) - PARCEL.states.keys()),
        }
        if wrong:
            raise Defect(f"{place.name} maps to what does not exist: {', '.join(sorted(wrong))}")
        found[place.name.removesuffix(".toml")] = made
    return found


STATE_MAPS = _load()
"""Map by the name that events give as ``system``."""


_OWN_WORDS = {word.lower(): state.code for state in ORDER.states.values() for word in (state.zh, state.en)}
"""What our own exports write."""


def order_state(system: str, status: str) -> str | None:
    """Our state, ``CLOSED``, or None when nobody knows the word. Without a system: our codes alone.

    Journals are folded with this: what a word without a system meant once it means for ever.
    """
    if not system:
        return status if status in ORDER.states or status == CLOSED else None
    known = STATE_MAPS.get(system)
    return known.orders.get(status) if known else None


def own_code(status: str) -> str:
    """A state as a file of ours names it, by code or in words, as its code; another word as it stands."""
    word = status.strip()
    return _OWN_WORDS.get(word.lower(), word)


def case_state(system: str, status: str) -> str | None:
    """The state of an after-sale case; None when nobody knows the word."""
    if not system:
        return status if status in CASE.states else None
    known = STATE_MAPS.get(system)
    return known.cases.get(status) if known else None


def case_type(system: str, word: str) -> str:
    """The type of a case; "" when nobody knows the word."""
    if word in CASE_TYPES:
        return word
    known = STATE_MAPS.get(system)
    return known.types.get(word, "") if known else ""


def parcel_state(system: str, status: str) -> str | None:
    """The state of a parcel; None when nobody knows the word."""
    if not system:
        return status if status in PARCEL.states else None
    known = STATE_MAPS.get(system)
    return known.parcels.get(status) if known else None
