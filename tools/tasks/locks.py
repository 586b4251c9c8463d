"""The hash-locked lists (`tasks.py lock`) and the installable package (`tasks.py wheel`)."""

from __future__ import annotations

import shutil

from tools.tasks import python_env, screens
from tools.tasks.console import ROOT, Lacking, call, say

# The widest list is solved first; the others take its versions, so that the lists never disagree.
WIDEST = "requirements-dev.txt"
LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (WIDEST, ("pyproject.toml", "--group", "build", "--group", "dev")),
    ("requirements.txt", ("pyproject.toml",)),
    ("requirements-build.txt", ("--group", "build")),
    ("requirements-node.txt", ("--group", "node")),
)


def lock(arguments: list[str]) -> int:
    """Solve pyproject.toml anew for every system and Python from 3.11 on. No address of an index is written."""
    uv = _uv()
    for name, source in LISTS:
        say(f"Solving {name} …")
        command: list[str] = [uv, "pip", "compile", *source, "--output-file", name]
        command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--quiet"]
        command += ["--custom-compile-command", "python3 tasks.py lock", "--no-emit-find-links", *arguments]
        if name != WIDEST:
            command += ["--constraints", WIDEST]
        if call(command) != 0:
            return 1
    return 0


def _uv() -> str:
    """The solver: any that is at hand, because the lists themselves may be what is broken."""
    own = python_env.program("uv")
    if not own.exists() and (elsewhere := shutil.which("uv")):
        return elsewhere
    if not own.exists():
        python_env.ensure(python_env.EVERYTHING)
    return str(own)


def wheel(arguments: list[str]) -> int:
    """Build the screens and the wheel that contains them, without the network."""
    python_env.ensure(python_env.RUNTIME)
    screens.ensure_built()
    if not (screens.BUILT / "index.html").exists():
        raise Lacking("There are no screens to put into the package: ui/ is missing.")
    code = call([python_env.PYTHON, "-m", "hatchling", "build", "--target", "wheel", "--directory", "dist", *arguments])
    if code == 0:
        newest = max((ROOT / "dist").glob("livecue-*.whl"), key=lambda path: path.stat().st_mtime)
        say(f"Built {newest.relative_to(ROOT)} ({newest.stat().st_size // 1024} kB).")
    return code
