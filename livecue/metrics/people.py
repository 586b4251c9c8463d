"""The people of the room: a number for each pseudonym, who is present now and where from."""

from collections.abc import Callable

import msgspec

_STEP = 1_024
AWAY = 0
BEFORE = -1
"""Present since before the counters began: the entry is not among the counted ones."""


class People(msgspec.Struct):
    """Numbers are given in order of appearance; 0 is nobody (a masked user)."""

    numbers: dict[str, int] = msgspec.field(default_factory=lambda: {"": 0})
    visits: list[int] = msgspec.field(default_factory=lambda: [AWAY] * _STEP)
    """Room ms of the entry that has not been left yet; AWAY or BEFORE."""
    vias: list[int] = msgspec.field(default_factory=lambda: [0] * _STEP)
    """Number of the traffic source of the newest entry."""
    present: int = 0
    """Known people in the room by our own count."""
    masked_present: int = 0
    """Entries less leaves of people who cannot be told apart."""

    @property
    def in_room(self) -> int:
        """People present by our own count; only worth something where leaves are told."""
        return self.present + self.masked_present

    def meet(self, user: str) -> int:
        """The number of a person seen for the first time."""
        number = self.numbers[user] = len(self.numbers)
        if number >= len(self.visits):
            self.visits.extend([AWAY] * _STEP)
            self.vias.extend([0] * _STEP)
        return number

    def staying(self, via_now: Callable[[int], int]) -> "People":
        """Only those who are present now, for the next show; ``via_now`` maps the numbers of traffic sources."""
        kept = People(masked_present=self.masked_present)
        for user, number in self.numbers.items():
            if number and self.visits[number] != AWAY:
                fresh = kept.meet(user)
                kept.visits[fresh] = BEFORE
                kept.vias[fresh] = via_now(self.vias[number])
        kept.present = len(kept.numbers) - 1
        return kept
