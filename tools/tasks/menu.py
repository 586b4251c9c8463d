"""The tasks by name. Each takes the arguments behind its name and returns an exit code."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tools.tasks import debian, locks, python_env, screens, steps
from tools.tasks.console import ROOT, Lacking, alone, call, say

Task = Callable[[list[str]], int]


def run(arguments: list[str]) -> int:
    """Set up what the program needs and become it: `livecue demo`."""
    _ready()
    command = [str(python_env.program("livecue")), "demo", *arguments]
    if os.name == "nt":
        return call(command)
    os.execv(command[0], command)


def setup(arguments: list[str]) -> int:
    _ready()
    say("Ready.")
    return 0


def _ready() -> None:
    with alone("this tree"):
        python_env.ensure(python_env.RUNTIME)
        screens.ensure_built()


def check(arguments: list[str]) -> int:
    """Licences, and whether training the shipped model anew gives the same bytes; with arguments licences alone."""
    with alone("this tree"):
        python_env.ensure(python_env.RUNTIME if arguments else python_env.EVERYTHING)
    code = call([python_env.PYTHON, "-m", "tools.tasks.licences", *arguments])
    return code if arguments else max(code, _trained_alike())


def _trained_alike() -> int:
    """The desk's triage, trained anew (two minutes) and compared byte by byte: 0 also where the set is not there."""
    real = os.environ.get("LIVECUE_REAL_DATA", "")
    if not real or not (Path(real) / "text" / "cold" / "train.csv.gz").is_file():
        say("training: not run, the variable LIVECUE_REAL_DATA names no folder with text/cold (docs/en/triage.md)")
        return 0
    say("training: the desk's triage is trained anew, about two minutes")
    return call([python_env.PYTHON, ROOT / "tools" / "train_triage.py", "--check"])


def docs(arguments: list[str]) -> int:
    with alone("this tree"):
        python_env.ensure(python_env.EVERYTHING)
    if not steps.has_docs():
        raise Lacking("Nothing generates docs yet (livecue/docs).")
    return call([python_env.PYTHON, "-m", "livecue.docs", *arguments])


def bench(arguments: list[str]) -> int:
    with alone("this tree"):
        python_env.ensure(python_env.EVERYTHING)
        screens.ensure_built()
    if not (ROOT / "bench" / "__main__.py").exists():
        raise Lacking("There is no bench yet (bench/__main__.py).")
    return call([python_env.PYTHON, "-m", "bench", *arguments])


def pictures(arguments: list[str]) -> int:
    """The READMEs' pictures, taken anew from a demo of their own (two minutes)."""
    with alone("this tree"):
        debian.install(debian.FOR_PICTURES, why="the pictures")
        python_env.ensure(python_env.EVERYTHING)
        screens.ensure_built()
    return call([python_env.PYTHON, "-m", "tools.tasks.pictures", *arguments])


def _guarded(task: Task) -> Task:
    """A task whose lack is told in plain words instead of a traceback."""

    def guarded(arguments: list[str]) -> int:
        try:
            return task(arguments)
        except Lacking as lacking:
            say(str(lacking))
            return 1
        except KeyboardInterrupt:
            say("Stopped.")
            return 130

    return guarded


TASKS: dict[str, Task] = {
    name: _guarded(task)
    for name, task in {
        "run": run,
        "test": steps.test,
        "docs": docs,
        "check": check,
        "bench": bench,
        "pictures": pictures,
        "faults": steps.long_tests("faults"),
        "soak": steps.long_tests("soak"),
        "wheel": locks.wheel,
        "lock": locks.lock,
        "setup": setup,
    }.items()
}
