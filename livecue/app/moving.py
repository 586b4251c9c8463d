"""``livecue migrate-store``: from one kind of database into the other."""

from collections.abc import Callable
from pathlib import Path

from livecue.app.lock import claim
from livecue.config import Settings
from livecue.errors import BadInput
from livecue.store import Store, broken_link, copy_store, store_at


def move_target(to: str) -> Store:
    """The place named on the command line. Raises ``BadInput`` when it is a file that exists."""
    if to.startswith(("postgresql://", "postgres://")):
        return store_at(Path(), to)
    path = Path(to)
    if path.exists():
        raise BadInput(f"{path} exists already; name a new file")
    if not path.parent.is_dir():
        raise BadInput(f"the folder {path.parent} does not exist; make it first")
    return store_at(path)


def move(
    source: Store, target: Store, settings: Settings, progress: Callable[[int, int], None] | None = None
) -> dict[str, int]:
    """Copy everything while nobody writes; rows by table. The source is left as it is."""
    if source.name == target.name:
        raise BadInput("source and target are the same place")
    if not source.exists():
        raise BadInput(f"there is no database in {source.name}: nothing to move")
    claim(source, settings)
    try:
        copied = copy_store(source, target, progress)
        claim(target, settings)
        target.release()
    finally:
        source.release()
    reader = target.reader()
    try:
        broken = broken_link(reader)
    finally:
        reader.close()
    if broken is not None:
        raise BadInput(f"all rows were copied, but the audit chain does not fit at row {broken}, there and here")
    return copied
