"""Gift combos: one combo comes as many messages with a rising count, and must count once."""

from collections import OrderedDict

MOST_COMBOS = 10_000
"""How many combos of a room are remembered; the oldest is forgotten first."""


class Combos:
    """The combos of one connection: what each has reached and how much of it was told."""

    def __init__(self) -> None:
        self._combos: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def reach(self, combo: str, count: int) -> None:
        """The combo has reached ``count`` and goes on: nothing is told yet."""
        reached, told = self._combos.get(combo, (0, 0))
        self._keep(combo, max(reached, count), told)

    def end(self, combo: str, count: int) -> int:
        """The combo ends at ``count``: how many gifts to tell now; 0 when they were told already."""
        reached, told = self._combos.get(combo, (0, 0))
        reached = max(reached, count)
        self._keep(combo, reached, reached)
        return max(0, reached - told)

    def grow(self, combo: str, count: int) -> int:
        """For feeds that never say "end": how many more than were told before."""
        return self.end(combo, count)

    @property
    def open(self) -> dict[str, int]:
        """Combos that have not ended, with what they have reached."""
        return {combo: reached for combo, (reached, told) in self._combos.items() if reached > told}

    def _keep(self, combo: str, reached: int, told: int) -> None:
        self._combos[combo] = (reached, told)
        self._combos.move_to_end(combo)
        while len(self._combos) > MOST_COMBOS:
            self._combos.popitem(last=False)
