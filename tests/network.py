"""A machine of its own for the tests, as far as its network goes: a namespace at the end of a cable that can be cut."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMESPACES = Path("/var/run/netns")


def may_cut() -> str:
    """ "" where namespaces can be made here, else why not."""
    if os.geteuid() != 0:
        return "not run: network namespaces (only root may make them)"
    if shutil.which("ip") is None:
        return "not run: network namespaces (install iproute2)"
    tried = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "not run: network namespaces (this machine does not permit them)"


class Island:
    """A namespace and a cable to it; ``here`` is our address, ``there`` its, of a net kept for tests (RFC 2544)."""

    def __init__(self) -> None:
        place = os.getpid() % 250
        self.name, self._cable = f"livecue{place}", f"lc{place}"
        self.here, self.there = f"198.18.{place}.1", f"198.18.{place}.2"

    def make(self) -> None:
        """Dig it and lay the cable."""
        self.remove()
        _ip("netns", "add", self.name)
        _ip("link", "add", f"{self._cable}a", "type", "veth", "peer", "name", f"{self._cable}b", "netns", self.name)
        _ip("addr", "add", f"{self.here}/24", "dev", f"{self._cable}a")
        _ip("link", "set", f"{self._cable}a", "up")
        for arguments in (
            ("addr", "add", f"{self.there}/24", "dev", f"{self._cable}b"),
            ("link", "set", f"{self._cable}b", "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-n", self.name, *arguments)

    def cut(self) -> None:
        """Nothing gets through any more; nobody is told."""
        _ip("-n", self.name, "link", "set", f"{self._cable}b", "down")

    def mend(self) -> None:
        """What waits at either end gets through again."""
        _ip("-n", self.name, "link", "set", f"{self._cable}b", "up")

    def remove(self) -> None:
        """Away with both."""
        for arguments in (("link", "del", f"{self._cable}a"), ("netns", "del", self.name)):
            subprocess.run(["ip", *arguments], capture_output=True, check=False)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(arguments)}: {done.stderr}"
