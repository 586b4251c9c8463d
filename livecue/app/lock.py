"""One program per data folder: two pumps over one journal would each believe to be the owner."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from livecue.config import Settings
from livecue.errors import Conflict
from livecue.store import Store


def take_lock(folder: Path) -> IO[str]:
    """Hold the folder until the returned file is closed or the process ends. Raises ``Conflict`` when it is held."""
    file = open(folder / "livecue.lock", "a+", encoding="ascii")  # noqa: SIM115 (it stays open as long as we run)
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        who = file.read().strip()
        file.close()
        process = f" (process {who})" if who else ""
        raise Conflict(f"LiveCue runs already over {folder}{process}; stop it, or choose another --data") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def note_address(folder: Path, base: str) -> None:
    """Keep where the program of this folder can be reached, for commands beside it: after --port or --lan, say."""
    (folder / "address").write_text(base, "ascii")


def forget_address(folder: Path) -> None:
    """It cannot be reached any more."""
    (folder / "address").unlink(missing_ok=True)


def address_of(folder: Path) -> str:
    """Where the program of this folder can be reached; "" when none runs, whatever a killed one left behind."""
    kept = folder / "address"
    if not kept.is_file():
        return ""
    try:
        take_lock(folder).close()
    except Conflict:
        return kept.read_text("ascii").strip()
    return ""


def claim(store: Store, settings: Settings, patient: bool = False, on_lost: Callable[[], None] | None = None) -> None:
    """Become the one program that owns the rooms there, for the installation this folder belongs to."""
    _belongs(settings, lambda known: store.claim(known, patient, on_lost))


def join(store: Store, settings: Settings, roles: frozenset[str], on_lost: Callable[[], None] | None = None) -> None:
    """Become one of the programs that share the rooms there."""
    _belongs(settings, lambda known: store.join(known, roles, on_lost))


def _belongs(settings: Settings, enter: Callable[[str], str]) -> None:
    """Remembers in the data folder which installation it belongs to."""
    kept = settings.data / "installation"
    known = kept.read_text("ascii").strip() if kept.is_file() else ""
    own = enter(settings.store_installation or known)
    if own and own != known:
        kept.write_text(own, "ascii")
