#!/usr/bin/env python3
"""LiveCue's one script: `python3 tasks.py run` opens it, `python3 tasks.py test` proves it.

`make` only forwards to this file. It needs Python 3.11 or newer and nothing else: it sets up what is missing, and
what it cannot set up it names exactly. This file itself stays readable for any Python 3, to be able to say so.
"""

import os
import shutil
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")

HELP = """LiveCue tasks: python3 tasks.py TASK [ARGUMENTS]

  run      set up and open LiveCue with a living, simulated show (arguments go to `livecue demo`)
  test     set up, check everything, print a summary (arguments go to pytest)
  docs     write the generated pages of docs/ anew (--check: only say whether they are up to date)
  check    print the licence of every dependency and asset, train the shipped model anew; fail on GPL, AGPL or other bytes
  bench    measure speed and memory (arguments go to the bench)
  pictures take the READMEs' pictures anew from a living demo, in both languages
  faults   the tests that kill and starve the program (longer than a minute)
  soak     the tests that run for long
  wheel    build the installable package with the screens in it, into dist/
  lock     solve the dependencies anew, with hashes (--upgrade: take newer versions)
  setup    set up only
"""


def right_python():
    # type: () -> None
    """Go on in a Python that is new enough, or say what is lacking and stop."""
    if sys.version_info >= (3, 11):
        return
    for name in NEWER:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, os.path.join(ROOT, "tasks.py")] + sys.argv[1:])
    version = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(
        "LiveCue needs Python 3.11 or newer; this is Python " + version + " (" + sys.executable + ") and no newer one\n"
        "is on the PATH. On Debian 12 or Ubuntu 24.04: sudo apt-get install python3 python3-venv"
    )


def keep_compiled():
    # type: () -> None
    """Python compiles a module once for all programs we start, also where it may write nothing beside the source.

    Some containers forbid that (PYTHONDONTWRITEBYTECODE): each of the hundred programs that the tests start would
    then compile two thousand modules anew, five seconds each. What is compiled goes into build/ there.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", os.path.join(ROOT, "build", "compiled"))


def main():
    # type: () -> int
    right_python()
    keep_compiled()
    sys.path.insert(0, ROOT)
    try:
        from tools.tasks.menu import TASKS
    except ModuleNotFoundError as lacking:
        if (lacking.name or "").startswith("tools"):
            raise
        sys.exit(
            "This Python lacks a part of its own standard library (" + str(lacking.name) + ").\n"
            "On Debian or Ubuntu: sudo apt-get install python3 python3-venv"
        )
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name in ("help", "-h", "--help"):
        print(HELP)
        return 0
    if name not in TASKS:
        print(HELP)
        print("There is no task " + repr(name) + ".")
        return 2
    return TASKS[name](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
