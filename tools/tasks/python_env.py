"""The virtual environment in .venv: made on any Python 3.11+, filled from the hash-locked lists.

pip does the installing, because it is the program that knows the person's own settings (mirror, proxy, certificate).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from tools.tasks import debian
from tools.tasks.console import ROOT, Lacking, ask, call_quietly, say

VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "livecue-setup.json"

RUNTIME = ("requirements.txt", "requirements-build.txt")
"""What `run` installs: the program and the backend that links the tree into the environment."""
EVERYTHING = ("requirements-dev.txt",)
"""What `test` installs; it contains the runtime and the build lists at the same versions."""
NODE = ("requirements-node.txt",)

# A person's `--user` habit or another environment's paths must not leak into ours.
CLEAN = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def program(name: str) -> Path:
    """Where the environment keeps a command."""
    return BIN / (f"{name}.exe" if os.name == "nt" else name)


def ensure(lists: tuple[str, ...]) -> None:
    """Make .venv hold these lists and the tree itself; quick when it already does. Raises Lacking."""
    root, installed = _stamp()
    wanted = {name: _digest(ROOT / name) for name in lists}
    if lists != NODE:
        wanted["livecue"] = _digest(ROOT / "pyproject.toml")
    if PYTHON.exists() and root == str(ROOT) and all(installed.get(k) == v for k, v in wanted.items()):
        return
    if not _usable(root):
        _create()
        installed = {}
    for name in lists:
        if installed.get(name) == wanted[name]:
            continue
        say(f"Installing Python packages from {name} (first time about a minute) …")
        # Compiling every module takes a third of the time; what is used is compiled when it is first imported.
        locked = ["--require-hashes", "--no-deps", "--prefer-binary", "--no-compile", "-r", str(ROOT / name)]
        _pip(locked, log=name.removesuffix(".txt"))
        installed[name] = wanted[name]
        if name in EVERYTHING:
            installed.update({inner: _digest(ROOT / inner) for inner in RUNTIME})
        _write_stamp(installed)
    if "livecue" in wanted and installed.get("livecue") != wanted["livecue"]:
        say("Linking the tree into the environment …")
        _pip(["--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)], log="livecue")
        installed["livecue"] = wanted["livecue"]
        _write_stamp(installed)


def _stamp() -> tuple[str, dict[str, str]]:
    """The folder that the environment was made in, and the digest of each list that it holds."""
    try:
        known = json.loads(STAMP.read_text(encoding="utf-8"))
        return str(known["root"]), {str(name): str(digest) for name, digest in known["installed"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", {}


def _write_stamp(installed: dict[str, str]) -> None:
    STAMP.write_text(json.dumps({"root": str(ROOT), "installed": installed}, indent=1), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _usable(root: str) -> bool:
    """Whether the environment there runs, is new enough and was made in this folder (its scripts hold the path)."""
    if not PYTHON.exists() or root not in ("", str(ROOT)):
        return False
    return ask([PYTHON, "-c", "import sys; print(sys.version_info >= (3, 11))"]) == "True"


def _create() -> None:
    """Make the environment by the first way that this machine allows."""
    if VENV.exists():
        shutil.rmtree(VENV)
    base = getattr(sys, "_base_executable", None) or sys.executable
    say(f"Making a virtual environment in .venv (Python {sys.version.split()[0]}) …")
    if importlib.util.find_spec("ensurepip") is None and _debians_own():
        debian.install(("python3-venv",), why="Python's venv module")
    if (_debians_own() or importlib.util.find_spec("ensurepip")) and call_quietly(
        [base, "-m", "venv", str(VENV)], log="venv"
    ):
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    if _own_pip() and call_quietly([base, "-m", "venv", "--without-pip", str(VENV)], log="venv"):
        return
    uv = shutil.which("uv")
    if uv and call_quietly([uv, "venv", "--seed", "--python", base, str(VENV)], log="venv"):
        return
    raise Lacking(
        f"The Python at {base} can make no virtual environment: it lacks the modules venv and ensurepip, and neither\n"
        "pip nor uv is there to help. On Debian or Ubuntu: sudo apt-get install python3-venv"
    )


def _debians_own() -> bool:
    """Whether the running Python is Debian's, so that its missing parts are Debian packages that we may install."""
    return debian.may_install() and sysconfig.get_path("stdlib").startswith("/usr/lib/python3")


def _own_pip() -> bool:
    return importlib.util.find_spec("pip") is not None


def _pip(arguments: list[str], *, log: str) -> None:
    if ask([PYTHON, "-c", "import pip"]) is not None:
        pip: list[str | Path] = [PYTHON, "-m", "pip"]
    else:  # an environment without pip of its own: the one beside the system Python can fill it (pip 22.3+)
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    command = [*pip, "install", "--quiet", "--progress-bar", "off", *arguments]
    for attempt in (1, 2):
        if call_quietly(command, env=CLEAN, log=log):
            return
        if attempt == 1:
            say("Trying that once more …")
    raise Lacking(
        "The Python packages could not be installed. The lines above are pip's; mostly it is the network. A mirror or\n"
        "a proxy is set with pip's own settings (`pip config set global.index-url ADDRESS`, HTTPS_PROXY)."
    )
