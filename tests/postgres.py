"""A real PostgreSQL for the tests: its own folder, port and socket, run as another user when we are root."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg

from livecue.store import store_at
from tests.programs import free_port

FOLDERS = "/usr/lib/postgresql"
NEWEST_FIRST = ("18", "17", "16", "15")
USERS = ("postgres", "nobody")


def server_folder() -> Path | None:
    """Where the newest server from 15 on lies; None when there is none, or nobody it could be run as."""
    if os.geteuid() == 0 and _user() is None:
        return None
    for version in NEWEST_FIRST:
        folder = Path(FOLDERS) / version / "bin"
        if (folder / "initdb").is_file():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _user() -> pwd.struct_passwd | None:
    for name in USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


class Cluster:
    """A server that is started, stopped and thrown away. ``durable`` leaves fsync on; it listens at ``address``."""

    def __init__(self, durable: bool = False, address: str = "127.0.0.1") -> None:
        binaries = server_folder()
        assert binaries is not None
        self._binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="livecue-pg-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        self._as = _user() if os.geteuid() == 0 else None
        if self._as is not None:
            os.chown(self.data, self._as.pw_uid, self._as.pw_gid)
        self.port = free_port()
        self._durable = durable
        self._address = address
        self._made = 0
        self._call("initdb", "-D", str(self.data), "-U", "livecue", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        if address != "127.0.0.1":
            with (self.data / "pg_hba.conf").open("a") as allowed:
                allowed.write("host all all samenet trust\n")

    def start(self) -> None:
        """Start it and wait until it answers."""
        given = f"-c listen_addresses={self._address} -p {self.port} -k {self.data} -c shared_buffers=64MB"
        if not self._durable:
            given += " -c fsync=off -c full_page_writes=off"
        self._call("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.data / "log"), "-o", given, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: ``immediate`` is as good as a crash."""
        self._call("pg_ctl", "-D", str(self.data), "-w", "-m", how, "stop")

    def remove(self) -> None:
        """Stop it and throw it away."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            # SIGQUIT is an immediate stop; nobody needs what is thrown away.
            os.kill(int((self.data / "postmaster.pid").read_text("ascii").splitlines()[0]), signal.SIGQUIT)
        # The databases of a whole run are gigabytes: nobody waits until they are gone.
        subprocess.Popen(["rm", "-rf", str(self.folder)], start_new_session=True, stderr=subprocess.DEVNULL)

    def dsn(self, database: str = "postgres") -> str:
        """How to reach a database of it."""
        return f"postgresql://livecue@{self._address}:{self.port}/{database}"

    def database(self, schema: bool = True) -> str:
        """The DSN of a new database; with LiveCue's schema in it, unless that is what is tested."""
        self._made += 1
        return new_database(self.dsn(), f"test{self._made}", schema)

    def _call(self, program: str, *arguments: str) -> None:
        given: Sequence[str] = [str(self._binaries / program), *arguments]
        done = subprocess.run(
            given,
            user=self._as.pw_uid if self._as else None,
            group=self._as.pw_gid if self._as else None,
            extra_groups=[] if self._as else None,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        )
        if done.returncode:
            log = self.data / "log"
            raise RuntimeError(
                f"{program} failed: {log.read_text('utf-8')[-2000:] if log.is_file() else done.stdout!r}"
            )


def new_database(server: str, name: str, schema: bool = True) -> str:
    """The DSN of a new database ``name`` beside the one that ``server`` names."""
    beside = server.rpartition("/")[0]
    with psycopg.connect(server, autocommit=True) as connection:
        if schema and not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'template'").fetchall():
            connection.execute("CREATE DATABASE template TEMPLATE template0")
            store_at(Path(), f"{beside}/template").migrate()
        # Files that nobody fears for are copied in half the time that it takes to write them down first.
        made = f"CREATE DATABASE {name} TEMPLATE {'template' if schema else 'template0'} STRATEGY FILE_COPY"
        connection.execute(made.encode())
    return f"{beside}/{name}"
