"""What may be said: own words, the review of a show's texts and its signature, trainings."""

from livecue.events.base import Event
from livecue.events.show import CommandAsked


class OwnWordSet(CommandAsked, frozen=True, kw_only=True):
    """A word of the house is forbidden, warned of or let pass, with the reason why.

    Told to every room it is meant for; the closest scope wins: room, brand, org. ``undoes`` is the command it takes
    back.
    """

    word: str
    severity: str = "warn"
    """block, warn, or silent: the word is let pass whatever a pack says (a product's name)."""
    reason: str = ""
    advice: str = ""
    reword: str = ""
    """What is offered in its place; "" is to take it out."""
    doors: tuple[str, ...] = ()
    """script, speech, title, reply, comment; none is all but comments."""
    scope: str = "room"
    """org, brand or room."""
    removed: bool = False
    undoes: str = ""


class ReviewAsked(CommandAsked, frozen=True, kw_only=True):
    """The texts of a show go to whoever signs. ``digest`` is that of the texts that were seen."""

    show: str
    digest: str
    declared: dict[str, str] = {}
    """What the author says of the picture: label to yes, no or none ("not needed"); see ``compliance.LABELS``."""
    note: str = ""


class HitDecided(CommandAsked, frozen=True, kw_only=True):
    """A reviewer lets a hit stand by an exemption, or wants it changed (``decision`` accepted or change)."""

    show: str
    hit: str
    decision: str = "accepted"
    exemption: str = ""
    """Which case of the guideline of 2023 applies: attitude, own_range, instruction, standard, name, award, order;
    evidence where the claim is proved; other_sense where it means something else."""
    evidence: str = ""
    """Where the proof lies, or why."""
    alone: bool = False
    """As in ``SignOffGiven``."""


class ScriptRead(CommandAsked, frozen=True, kw_only=True):
    """The author, who signs alone, has read all texts a first time."""

    show: str
    digest: str


class SignOffGiven(CommandAsked, frozen=True, kw_only=True):
    """Somebody signs the texts with ``digest``; the room checks who may."""

    show: str
    digest: str
    note: str = ""
    alone: bool = False
    """Nobody but the author holds the right here. The door says it, whatever the sender wrote."""
    reread: bool = False
    """The author has read all of it a second time."""


class SignOffRefused(CommandAsked, frozen=True, kw_only=True):
    """The texts go back to their author, with the reason."""

    show: str
    digest: str
    reason: str


class ShowHeld(Event, frozen=True, kw_only=True):
    """Whether a show may go on air as far as its texts go: ``reasons`` stand in the way, none is free to go."""

    show: str
    reasons: tuple[str, ...] = ()
    """block (a hit nobody decided), unsigned, returned, changed (after the signature) or rules (new
    rules hit it)."""
    digest: str = ""


class TrainingHeld(CommandAsked, frozen=True, kw_only=True):
    """A training was held (F22, R068): who came, by person id. Saved again under its id it is corrected."""

    org: str
    brand: str
    training: str
    subject: str
    day: str
    """As 2026-11-22."""
    attended: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    trainer: str = ""
    minutes: int = 0
    note: str = ""


class TrainingRemoved(CommandAsked, frozen=True, kw_only=True):
    """A training was entered by mistake."""

    org: str
    brand: str
    training: str
    reason: str = ""
