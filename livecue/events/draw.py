"""Draws that the team holds itself by a word in the comments (口令抽奖), so that anybody can recompute who won."""

import msgspec

from livecue.events.base import Event
from livecue.events.show import CommandAsked


class DrawRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is published and stays as it is: compliance 4.5. ``value`` of one prize in minor units."""

    title: str
    prize: str
    prizes: int
    value: int
    method: str
    """Who may take part and how."""
    word: str
    """The comment by which one takes part."""
    duration_s: int
    claim_days: int
    """How long a prize can be claimed."""


class WordDrawAsked(CommandAsked, frozen=True, kw_only=True):
    """Somebody wants to hold a draw. ``commitment`` binds the seed that is already drawn; ``dry``: only look."""

    draw: str
    rules: DrawRules
    commitment: str = ""
    """SHA-256 of the draw's id and its seed: published before anybody can take part."""
    dry: bool = False
    segment: str = ""
    """The segment whose planned draw it is: what was signed stays. "" is a draw that nobody planned."""


class WordDrawAgreed(CommandAsked, frozen=True, kw_only=True):
    """A second person agrees that the draw is held."""

    draw: str


class WordDrawVoided(CommandAsked, frozen=True, kw_only=True):
    """A draw is called off before it was drawn, with the reason that the room is told."""

    draw: str
    reason: str


class PrizeNoted(CommandAsked, frozen=True, kw_only=True):
    """What became of a prize: told, sent, declined or lapsed. ``code`` is the winner's in the proof."""

    draw: str
    code: str
    state: str
    note: str = ""


class WordDrawOpened(Event, frozen=True, kw_only=True):
    """From now on one takes part by the word; nothing about the draw changes any more."""

    draw: str
    show: str
    rules: DrawRules
    commitment: str
    until: int
    """Room time, ms."""


class WordDrawHeld(Event, frozen=True, kw_only=True):
    """The draw was held: the seed is revealed, and with the entrants' codes it says who won."""

    draw: str
    show: str
    seed: str
    entrants: int
    digest: str
    """SHA-256 over the sorted codes of who took part."""
    winners: tuple[str, ...] = ()
    """Their codes, the first prize first."""


class WordDrawFailed(Event, frozen=True, kw_only=True):
    """The draw could not be held: voided, or its seed does not fit what was published."""

    draw: str
    show: str
    why: str
