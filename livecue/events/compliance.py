"""What may be said: the house's own words."""

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
