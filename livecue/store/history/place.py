"""Where the files of the history lie: a plain folder, or a bucket of object storage."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Protocol

from livecue.errors import BadInput, NotFound, StoreFailed

_PIECE = 1 << 20


class Place(Protocol):
    """Keeps whole files under names with slashes. A name that was put is never written again with other content."""

    name: str
    """For people; never a secret."""

    def check(self) -> None:
        """Raises ``BadInput`` or ``StoreFailed`` with what is wrong with it and what to do; changes nothing."""
        ...

    def put(self, name: str, source: Path) -> None:
        """Keep a file; whole or not at all. Raises ``StoreFailed``, ``BadInput``."""
        ...

    def get(self, name: str, target: Path) -> None:
        """Bring a file; raises ``NotFound`` when there is none."""
        ...

    def names(self) -> list[str]:
        """Every name, sorted."""
        ...

    def remove(self, name: str) -> None:
        """Forget a file; one that is not there is gone already."""
        ...

    def lies(self, name: str) -> Path | None:
        """The file itself where it can be read without being brought."""
        ...


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


class FolderPlace:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = str(folder)

    def check(self) -> None:
        """The folder can be made and written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise self._failed(error) from error
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise StoreFailed(
                f"the history folder {self.name} cannot be written; change its owner or history_place. The journal"
                " is kept meanwhile"
            )

    def put(self, name: str, source: Path) -> None:
        """Copy beside, flush to disk, rename."""
        target = self._folder / name
        part = target.with_name(target.name + ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with source.open("rb") as come, part.open("wb") as gone:
                shutil.copyfileobj(come, gone, _PIECE)
                gone.flush()
                os.fsync(gone.fileno())
            os.replace(part, target)
            _flush_folder(target.parent)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise self._failed(error) from error

    def get(self, name: str, target: Path) -> None:
        """Copy it out."""
        try:
            shutil.copyfile(self._folder / name, target)
        except FileNotFoundError as error:
            raise NotFound(f"the history lacks {name} (in {self.name}); restore it from a backup of that folder") from (
                error
            )
        except OSError as error:
            raise self._failed(error) from error

    def names(self) -> list[str]:
        """Every file but those half written."""
        return sorted(
            path.relative_to(self._folder).as_posix()
            for path in self._folder.rglob("*.parquet")
            if path.is_file() and not path.name.startswith(".")
        )

    def remove(self, name: str) -> None:
        """Delete it, and folders that became empty."""
        path = self._folder / name
        try:
            path.unlink(missing_ok=True)
            for parent in path.parents:
                if parent == self._folder or not parent.is_dir() or any(parent.iterdir()):
                    break
                parent.rmdir()
        except OSError as error:
            raise self._failed(error) from error

    def lies(self, name: str) -> Path | None:
        """In the folder."""
        path = self._folder / name
        return path if path.is_file() else None

    def _failed(self, error: OSError) -> StoreFailed:
        return StoreFailed(
            f"the history folder {self.name} cannot be used: {error.strerror or error}; free space or correct"
            " history_place. The journal is kept meanwhile, nothing is lost"
        )


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def history_place(
    where: str, data: Path, *, endpoint: str = "", region: str = "", key: str = "", secret: str = ""
) -> Place:
    """The place a setting names: "" is the folder ``history`` in ``data``, ``s3://bucket/prefix`` a bucket.

    Raises ``BadInput`` with what is wrong with the setting.
    """
    if where.startswith("s3://"):
        from livecue.store.history.s3 import S3Place

        return S3Place(where, endpoint=endpoint, region=region, key=key, secret=secret)
    if "://" in where:
        raise BadInput(f"history_place = {where!r}: write a folder, or s3://bucket/prefix")
    return FolderPlace(Path(where) if where else data / "history")
