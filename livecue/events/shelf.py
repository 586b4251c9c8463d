"""Live actions on shelf, price, stock, offers and draws: asked for, previewed, planned along the rundown."""

import msgspec

from livecue.events.action import (
    ChangePrice,
    DelistProduct,
    EndDraw,
    EndOffer,
    ListProduct,
    PinProduct,
    SetStock,
    StartDraw,
    StartOffer,
    UnpinProduct,
)
from livecue.events.base import Event
from livecue.events.show import CommandAsked

LiveAction = (
    PinProduct
    | UnpinProduct
    | ListProduct
    | DelistProduct
    | ChangePrice
    | SetStock
    | StartOffer
    | EndOffer
    | StartDraw
    | EndDraw
)


class LiveActionAsked(CommandAsked, frozen=True, kw_only=True):
    """A person asks for a live action: it is checked, then waits, then leaves. ``dry``: only say what it would do."""

    action: LiveAction
    dry: bool = False
    undoes: str = ""
    """Id of the action this one takes back."""


class ShelfStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of the timed plan: ``offset_s`` after its segment began."""

    step: str
    segment: str
    action: LiveAction
    offset_s: int = 0


class ShelfPlanSet(CommandAsked, frozen=True, kw_only=True):
    """The timed plan of a show, whole; steps that were taken stay as they were."""

    show: str
    steps: tuple[ShelfStep, ...] = ()
    version: int = 0
    """That of the plan it was made from, plus one; 0 does not look."""


class ShelfStepDecided(CommandAsked, frozen=True, kw_only=True):
    """A person decides about a step that is open: ``now`` takes it at once, ``skip`` leaves it out, ``wait`` lets a
    held one wait for its time again."""

    show: str
    step: str
    decision: str


class ActionPreviewed(Event, frozen=True, kw_only=True):
    """What a live action would do: ``problems`` stop it, ``warnings`` want a look; each code with what it names."""

    command: str
    effect: dict[str, int | str] = {}
    before: dict[str, int | str] = {}
    problems: dict[str, dict[str, str]] = {}
    warnings: dict[str, dict[str, str]] = {}
    second: bool = False
    wait_s: int = 0
    undoable: bool = False


class ShelfStepMissed(Event, frozen=True, kw_only=True):
    """A step of the timed plan was not taken: what stood against it, or late."""

    step: str
    segment: str
    why: str
    held: bool = False
    """It was not left out: it waits for a person, since its segment ended or left the rundown before it was due."""
