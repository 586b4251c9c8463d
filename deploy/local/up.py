#!/usr/bin/env python3
"""Brings the scaled shape up on this machine: PostgreSQL, three NATS nodes, two pumps, two webs, nginx in front; all on
loopback.

    python3 deploy/local/up.py --folder /tmp/livecue-town

Needs Debian's packages postgresql, nats-server and nginx-light, and LiveCue with its extra nats (``make test`` once,
or ``pip install 'livecue[nats]'``). Stops everything at Ctrl+C; started again over the same folder it goes on where it
was. Programs that end are started anew.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
PROGRAMS = {
    "pump1": "pump,runner",
    "pump2": "pump,runner",
    "web1": "intake,web",
    "web2": "intake,web",
}
SERVERS = ("/usr/lib/postgresql/18", "/usr/lib/postgresql/17", "/usr/lib/postgresql/16", "/usr/lib/postgresql/15")
NATS = 3
"""Nodes of the cluster; every batch is kept by all of them. 0 leaves the journal in PostgreSQL."""
NATS_CONF = """\
server_name: {name}
listen: "127.0.0.1:{port}"
max_payload: 8MB
jetstream {{ store_dir: "{folder}/{name}" }}
cluster {{ name: livecue, listen: "127.0.0.1:{route}", no_advertise: true, routes: [{routes}] }}
"""
SHORT_S = 5.0
"""A program that ends sooner than this is not started anew at once."""
NGINX = """\
daemon off;
error_log {folder}/nginx.log;
pid {folder}/nginx.pid;
worker_processes 1;
{user}
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_max_body_size 64m;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  # A browser stays with one web program: searches, sign-in limits and uploads live in one process.
  upstream screens {{ ip_hash; {webs} }}
  # Senders may meet any of them: who appends is not who owns the room.
  upstream bridge {{ least_conn; {webs} }}
  map $http_upgrade $upgrade_to {{ default upgrade; '' ''; }}
  server {{
    listen 127.0.0.1:{port};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $upgrade_to;
    # Frames leave as they come, and may come for hours.
    proxy_buffering off;
    proxy_read_timeout 1h;
    proxy_connect_timeout 2s;
    # Another program is asked when one cannot be reached; a command that was sent is never sent twice.
    proxy_next_upstream error timeout;
    location /bridge/ {{ proxy_pass http://bridge; }}
    location / {{ proxy_pass http://screens; }}
  }}
}}
"""


class Lacking(Exception):
    """Something is not there; the message says what to do."""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def livecue(nats: bool) -> list[str]:
    """How LiveCue is called here."""
    for python in (TREE / ".venv/bin/python", Path(sys.executable)):
        if python.is_file() and imports(python, "livecue"):
            if nats and not imports(python, "nats"):
                raise Lacking(
                    f"{python} lacks the client for NATS: run `make test` once, or `pip install 'livecue[nats]'`; or"
                    " --nats 0, which leaves the journal in PostgreSQL"
                )
            return [str(python), "-m", "livecue"]
    found = shutil.which("livecue")
    if found:
        return [found]
    raise Lacking("LiveCue is not installed: run `make run` once in its tree, or `pip install 'livecue[nats]'`")


def imports(python: Path, name: str) -> bool:
    """Whether that Python has the module."""
    return not subprocess.run([python, "-c", f"import {name}"], capture_output=True, cwd="/").returncode


class Postgres:
    """A server in the folder, run as another user when we are root."""

    def __init__(self, folder: Path) -> None:
        self.binaries = next((Path(place) / "bin" for place in SERVERS if (Path(place) / "bin/initdb").is_file()), None)
        if self.binaries is None:
            raise Lacking("PostgreSQL 15 or newer is lacking: apt-get install postgresql")
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.folder, self.data = folder, folder / "postgres"
        self.port = free_port()

    def call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of its programs."""
        assert self.binaries is not None
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program != "pg_ctl" else subprocess.DEVNULL,
            text=True,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PGHOST": str(self.data), "PGPORT": str(self.port)},
        )

    def start(self) -> str:
        """Start it; how to reach LiveCue's database."""
        fresh = not (self.data / "PG_VERSION").is_file()
        if fresh:
            self.data.mkdir(mode=0o700, exist_ok=True)
            if self.user:
                os.chown(self.data, self.user.pw_uid, self.user.pw_gid)
            made = self.call("initdb", "-D", str(self.data), "-A", "trust", "-E", "UTF8", "--locale=C", "-U", "livecue")
            if made.returncode:
                raise Lacking(f"initdb failed: {made.stdout[-500:]}")
        given = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.data} -c max_connections=200"
        done = self.call("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.data / "log"), "-o", given, "start")
        if done.returncode:
            raise Lacking(f"PostgreSQL does not start: see {self.data / 'log'}")
        if fresh:
            self.call("createdb", "-U", "livecue", "-E", "UTF8", "-T", "template0", "livecue")
        return f"postgresql://livecue@127.0.0.1:{self.port}/livecue"

    def stop(self) -> None:
        """Stop it in order."""
        self.call("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")


class Child:
    """A program that is started anew when it ends."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name, self._command, self._environment, self._log = name, command, environment, log
        self._began = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Start it, or start it anew when it has ended; not more often than every few seconds."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            if time.monotonic() - self._began < SHORT_S:
                return
            print(
                f"{self.name} ended ({self.process.returncode}) and is started anew; its log: {self._log}", flush=True
            )
        self._began = time.monotonic()
        with open(self._log, "ab") as log:
            # A group of its own: Ctrl+C is ours to pass on, in our order.
            self.process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def stop(self) -> None:
        """Stop it in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            self.process.kill()


class Brokers:
    """A cluster of nats-servers in the folder."""

    def __init__(self, folder: Path, nodes: int) -> None:
        found = shutil.which("nats-server") or shutil.which("/usr/sbin/nats-server")
        if found is None:
            raise Lacking(
                "nats-server is lacking: apt-get install nats-server (or --nats 0: the journal in PostgreSQL)"
            )
        self.program, self.folder = found, folder
        self.names = [f"nats{number + 1}" for number in range(nodes)]
        self.ports = {name: free_port() for name in self.names}
        self._routes = {name: free_port() for name in self.names}

    def children(self) -> list[Child]:
        """Each node as a program that is started anew when it ends."""
        routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in self._routes.values())
        made = []
        for name in self.names:
            given = self.folder / f"{name}.conf"
            text = NATS_CONF.format(
                name=name, port=self.ports[name], route=self._routes[name], routes=routes, folder=self.folder
            )
            if len(self.names) == 1:
                text = "".join(line for line in text.splitlines(True) if not line.startswith("cluster"))
            given.write_text(text, "utf-8")
            made.append(Child(name, [self.program, "-c", str(given)], dict(os.environ), self.folder / f"{name}.log"))
        return made

    def url(self) -> str:
        """How programs reach them."""
        return ",".join(f"nats://127.0.0.1:{port}" for port in self.ports.values())


class Town:
    """The whole shape over one folder."""

    def __init__(self, folder: Path, port: int, nodes: int = NATS) -> None:
        nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
        if nginx is None:
            raise Lacking("nginx is lacking: apt-get install nginx-light")
        if not port_is_free(port):
            raise Lacking(f"port {port} is taken; choose another with --port")
        self.folder, self.port, self.nginx = folder.resolve(), port, nginx
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        self.postgres = Postgres(self.folder)
        self.brokers = Brokers(self.folder, nodes) if nodes else None
        self.ports = {name: free_port() for name in PROGRAMS}
        self.children: list[Child] = []

    def start(self) -> None:
        """Everything, in order; returns when the proxy answers."""
        program = livecue(self.brokers is not None)
        dsn = self.postgres.start()
        kept = self.folder / "installation"
        if not kept.is_file():
            kept.write_text(secrets.token_hex(8), "ascii")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LIVECUE_")} | {
            "LIVECUE_STORE_DSN": dsn,
            "LIVECUE_STORE_INSTALLATION": kept.read_text("ascii"),
        }
        if self.brokers is not None:
            environment["LIVECUE_STORE_NATS"] = self.brokers.url()
            environment["LIVECUE_STORE_NATS_REPLICAS"] = str(len(self.brokers.names))
            self.children += self.brokers.children()
            for child in self.children:
                child.keep()
            self._leader()
        for name, roles in PROGRAMS.items():
            command = [*program, "serve", "--data", str(self.folder / name), "--port", str(self.ports[name])]
            self.children.append(Child(name, [*command, "--roles", roles], environment, self.folder / f"{name}.log"))
        webs = " ".join(
            f"server 127.0.0.1:{self.ports[name]} max_fails=1 fail_timeout=2s;" for name in ("web1", "web2")
        )
        user = "user nobody nogroup;" if os.geteuid() == 0 else ""
        text = NGINX.format(folder=self.folder, port=self.port, webs=webs, user=user)
        (self.folder / "nginx.conf").write_text(text, "utf-8")
        command = [self.nginx, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        self.children.append(Child("nginx", command, environment, self.folder / "nginx.log"))
        for child in self.children:
            child.keep()
        self._wait()
        (self.folder / "environment").write_text(
            "".join(f"{name}={value}\n" for name, value in environment.items() if name.startswith("LIVECUE_STORE_"))
        )

    def _leader(self) -> None:
        """Wait until the brokers have one: streams can be made from then on."""
        assert self.brokers is not None
        logs = [self.folder / f"{name}.log" for name in self.brokers.names]
        word = "metadata leader" if len(logs) > 1 else "Server is ready"
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for child in self.children:
                child.keep()
            if any(word in log.read_text("utf-8") for log in logs if log.is_file()):
                return
            time.sleep(0.2)
        raise Lacking(f"the NATS nodes chose no leader within a minute: see {', '.join(map(str, logs))}")

    def _wait(self) -> None:
        end = time.monotonic() + 180
        while time.monotonic() < end:
            for child in self.children:
                child.keep()
            with contextlib.suppress(OSError, urllib.error.URLError):
                ports = [self.port, *self.ports.values()]
                for port in ports:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                return
            time.sleep(0.3)
        raise Lacking(f"it did not come up within three minutes: see the logs in {self.folder}")

    def link(self) -> str:
        """A sign-in link as a web has printed it; "" when everybody signs in by password."""
        for name in ("web1", "web2"):
            found = re.findall(r"/signin\?token=(\S+)", (self.folder / f"{name}.log").read_text("utf-8"))
            if found:
                return f"http://127.0.0.1:{self.port}/signin?token={found[-1]}"
        return ""

    def watch(self) -> None:
        """Keep everything running until somebody stops us."""
        while True:
            for child in self.children:
                child.keep()
            time.sleep(0.5)

    def stop(self) -> None:
        """The proxy first, the database last."""
        for child in reversed(self.children):
            child.stop()
        self.postgres.stop()


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where everything is kept; made when it is missing")
    parser.add_argument("--port", type=int, default=8642, help="where the proxy listens (default 8642)")
    parser.add_argument(
        "--nats", type=int, default=NATS, choices=(0, 1, 3), help="NATS nodes (default 3); 0: journal in PostgreSQL"
    )
    given = parser.parse_args()

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    town: Town | None = None
    try:
        town = Town(given.folder, given.port, given.nats)
        town.start()
        print(f"LiveCue runs behind http://127.0.0.1:{given.port}")
        print(f"sign in (one time): {town.link() or 'by password'}")
        for name, port in town.ports.items():
            print(f"  {name:<6} {PROGRAMS[name]:<12} http://127.0.0.1:{port}/healthz   log {town.folder / name}.log")
        for name, port in (town.brokers.ports if town.brokers is not None else {}).items():
            print(f"  {name:<6} {'journal':<12} nats://127.0.0.1:{port}   log {town.folder / name}.log")
        print("Ctrl+C stops everything", flush=True)
        town.watch()
    except Lacking as error:
        print(f"deploy/local: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if town is not None:
            town.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
