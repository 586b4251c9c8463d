"""One decision of the desk: a working copy of what is kept, changed by the events of a run, then frozen again."""

from livecue.desk.turn.lineup import due, running_show, same_lineup
from livecue.desk.turn.said import Said
from livecue.desk.turn.ticks import Ticks
from livecue.desk.turn.told import Told

__all__ = ["Turn", "due", "running_show", "same_lineup"]


class Turn(Said, Told, Ticks):
    """Mutable while it lasts; ``state`` freezes it. Nothing of the old state is changed."""
