"""Debian's packages: installed by ourselves when we are root, named exactly when we are not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.tasks.console import Lacking, ask, call_quietly, say

FOR_TESTS = ("chromium", "fonts-noto-cjk", "nats-server", "postgresql")
"""What the tests need of the system: a browser, letters for the Chinese screens, servers to start ourselves."""

FOR_PICTURES = ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji")
"""What the pictures of the READMEs need: viewers write emoji."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNATTENDED = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def may_install() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def missing(packages: Sequence[str]) -> list[str]:
    """Those of ``packages`` that the system lacks; on systems without dpkg, judged by what they bring."""
    if shutil.which("dpkg-query"):
        state = ["dpkg-query", "--show", "--showformat=${db:Status-Abbrev}"]
        lacking = [name for name in packages if not (ask([*state, name]) or "").startswith("ii")]
    else:
        lacking = list(packages)
    if any(shutil.which(name) for name in BROWSERS):
        lacking = [name for name in lacking if name != "chromium"]
    if "postgresql" in lacking and any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        lacking.remove("postgresql")
    if "nats-server" in lacking and shutil.which("nats-server"):
        lacking.remove("nats-server")
    if "fonts-noto-cjk" in lacking and ask(["fc-list", ":lang=zh"]):
        lacking.remove("fonts-noto-cjk")
    return lacking


def install(packages: Sequence[str], *, why: str) -> None:
    """Install what is missing. Raises Lacking with the command to type when we may not, or when it fails."""
    lacking = missing(packages)
    if not lacking:
        return
    by_hand = f"sudo apt-get install {' '.join(lacking)}"
    if not may_install():
        raise Lacking(f"{why}: missing {', '.join(lacking)}. On Debian or Ubuntu: {by_hand}")
    say(f"Installing Debian packages for {why}: {', '.join(lacking)} …")
    wait = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"]
    # A broken third-party source fails the update although the packages wanted can be had: the install decides.
    call_quietly(["apt-get", *wait, "update"], env=UNATTENDED, log="apt-update")
    command = ["apt-get", *wait, "install", "--yes", "--no-install-recommends", *lacking]
    if not call_quietly(command, env=UNATTENDED, log="apt-install"):
        raise Lacking(f"{why}: apt-get could not install {', '.join(lacking)}. By hand: {by_hand}")
