"""Saying what is done, and running other programs with a limit of time."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build"
"""Everything the tasks write beside .venv and the screens: stamps, logs, test output. Ignored by git."""


class Lacking(Exception):
    """Something is missing that the tasks cannot bring themselves; the text says what to do."""


def say(text: str, sink: IO[str] | None = None) -> None:
    print(f"[livecue] {text}", file=sink, flush=True)


def clock() -> float:
    """Seconds, for durations only."""
    return time.monotonic()


_running: dict[subprocess.Popen[bytes], bool] = {}
"""What ``call`` waits for, and whether it leads a group of its own."""


_ending = threading.Event()


def end_running() -> None:
    """End what ``call`` and ``alone`` still wait for in other threads: Ctrl-C reaches only the first."""
    _ending.set()
    for process, own_group in list(_running.items()):
        _end(process, own_group)


def _end(process: subprocess.Popen[bytes], own_group: bool) -> None:
    if own_group:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
            time.sleep(2)
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def call(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    limit_s: float | None = None,
    sink: IO[str] | None = None,
) -> int:
    """Run a program; return its exit code, 124 when it took longer than ``limit_s``.

    Its output goes to ``sink``, or to this terminal. On the limit the whole process group is ended, so that no server
    of a stuck test stays behind.
    """
    plain = {} if sink is None and sys.stdout.isatty() else {"NO_COLOR": "1"}
    full = {**os.environ, **plain, **(env or {})}
    own_group = limit_s is not None and os.name != "nt"
    errors = None if sink is None else subprocess.STDOUT
    process = subprocess.Popen(
        [str(part) for part in command], cwd=cwd, env=full, start_new_session=own_group, stdout=sink, stderr=errors
    )
    _running[process] = own_group
    try:
        return process.wait(limit_s)
    except (subprocess.TimeoutExpired, KeyboardInterrupt) as why:
        _end(process, own_group)
        process.wait()
        if isinstance(why, KeyboardInterrupt):
            raise
        say(f"Stopped after {limit_s:.0f} s: {Path(str(command[0])).name} took too long.", sink)
        return 124
    finally:
        _running.pop(process, None)


def call_quietly(
    command: Sequence[str | Path], *, log: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> bool:
    """Run a program with its output in ``build/log/<log>.log``; on failure show the end of it and return False."""
    path = OUT / "log" / f"{log}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as sink:
        code = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code == 0:
        return True
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in lines[-30:]:
        print(f"    {line}", file=sys.stderr)
    say(f"That failed (exit code {code}); the whole output is in {path.relative_to(ROOT)}.")
    return False


def ask(command: Sequence[str | Path], *, cwd: Path = ROOT) -> str | None:
    """The standard output of a short program, or None when it is missing or fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


@contextlib.contextmanager
def alone(what: str) -> Iterator[None]:
    """Hold the tree's set-up lock, so that two tasks started together do not install into each other."""
    OUT.mkdir(exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows: one task at a time is left to the person
        yield
        return
    with (OUT / "setup.lock").open("w") as held:
        told = False
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    say(f"Waiting for another task that sets up {what} …")
                told = True
                # A lock that is waited for in another thread would not hear Ctrl-C.
                if _ending.wait(0.2):
                    raise KeyboardInterrupt from None
        yield
