"""One decision of the service desk: a working copy of what is kept, changed by the events of a run, then frozen."""

from livecue.desk.service.state import ServiceState
from livecue.desk.service.turn.customers import Customers
from livecue.desk.service.turn.moments import Moments
from livecue.desk.service.turn.people import People
from livecue.desk.service.turn.spread import serving

__all__ = ["Turn", "serving"]


class Turn(Customers, People, Moments):
    """Mutable while it lasts; ``state`` freezes it. Nothing of the old state is changed."""

    def state(self) -> ServiceState:
        """Give what nobody has, write and announce what was decided; the next state."""
        self._spread()
        self._settle_line()
        return self._written()
