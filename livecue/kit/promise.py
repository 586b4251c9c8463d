"""An answer that comes, whoever still waits for it."""

from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class Promise(Future[T]):
    """A future that nobody can take back.

    A sender that hangs up, or whose time is over, cancels what it waits for. Its work goes on all the same: it shares a
    transaction with that of others, and a cancelled future would fail them when the answers are given.
    """

    def cancel(self) -> bool:
        """False: it cannot be."""
        return False
