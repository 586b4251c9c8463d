"""Named places where a test may kill or fail the real process."""

import os
import signal

_name = ""
_left = 0


def arm(where: str) -> None:
    """Arm ``name:n``; "" disarms. The environment's ``LIVECUE_FAILPOINT`` is armed at the start."""
    global _name, _left
    _name, _, count = where.partition(":")
    _left = int(count or 1) if _name else 0


def failpoint(name: str) -> None:
    """Kill this process with SIGKILL at the n-th passage of ``name``.

    Unless armed it costs a single string comparison.
    """
    global _left
    if name == _name:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("LIVECUE_FAILPOINT", ""))
