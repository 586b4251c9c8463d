"""Makes ``livecue`` processes quickly: the program is read in once, and every process is forked from it.

Called as ``python -m tests.forge``: reads a JSON line for each (arguments, environment, log, island) and writes its
process id.
"""

import ctypes
import json
import os
import signal
import sys
from typing import Any

from livecue.cli import main as livecue
from livecue.compliance import engine_of
from livecue.flow import RoomInfo
from livecue.store import postgres, programs, signals
from tests.network import NAMESPACES

READY = (postgres, programs, signals)
"""Read in here, once for all."""


def child(wanted: dict[str, Any]) -> None:
    """Become ``livecue`` with the arguments, on the island that is named."""
    if wanted["island"]:
        to = os.open(NAMESPACES / wanted["island"], os.O_RDONLY)
        # os.setns is there from Python 3.12 on.
        if ctypes.CDLL(None, use_errno=True).setns(to, 0):
            raise OSError(ctypes.get_errno(), "setns")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(wanted["environment"])
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(log, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["livecue", *wanted["arguments"]]
    livecue()


def main() -> None:
    """See the module."""
    for name in [name for name in os.environ if name.startswith("LIVECUE_")]:
        del os.environ[name]
    # A second apiece otherwise.
    engine_of(RoomInfo(room="r", org="main", brand="main", platform="p", nature="rehearsed")).warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                child(json.loads(line))
                code = 0
            except SystemExit as stopped:
                code = stopped.code if isinstance(stopped.code, int) else 1
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
