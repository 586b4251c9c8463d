"""Named places where a test may kill or fail the real process."""

import os
import signal

_ARMED = os.environ.get("LIVECUE_FAILPOINT", "")
_name, _, _count = _ARMED.partition(":")
_left = int(_count or 1) if _name else 0


def failpoint(name: str) -> None:
    """Kill this process with SIGKILL at the n-th passage of ``name``.

    Armed only by ``LIVECUE_FAILPOINT=name:n`` in the environment; otherwise a
    single string comparison.
    """
    global _left
    if name == _name:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
