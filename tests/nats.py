"""Real nats-servers for the tests: one, or a cluster of three, each with its own folder and ports."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import nats.errors

from livecue.store import Broker
from tests.loops import run
from tests.network import Island
from tests.programs import free_port

PLACES = ("/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server")


def server_program() -> str | None:
    """The installed nats-server; None when there is none."""
    return shutil.which("nats-server") or next((place for place in PLACES if Path(place).is_file()), None)


class Node:
    """One server: started, killed, started again over the same folder."""

    def __init__(self, folder: Path, name: str, port: int, more: str, host: str, island: str) -> None:
        self.name, self.port, self.folder, self.host = name, port, folder / name, host
        self._island = ["ip", "netns", "exec", island] if island else []
        self.folder.mkdir()
        self._given = self.folder / "server.conf"
        self._given.write_text(
            f'server_name: {name}\nhost: "{host}"\nport: {port}\nmax_payload: 8MB\n'
            f'pid_file: "{self.folder}/pid"\n{more}\n',
            "ascii",
        )
        self.log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        program = server_program()
        assert program is not None
        self._process = subprocess.Popen(
            [*self._island, program, "-c", str(self._given), "-l", str(self.log)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 20
        while True:
            assert self._process.poll() is None and time.monotonic() < end, self.log.read_text("utf-8")[-2000:]
            with suppress(OSError), socket.create_connection((self.host, self.port), 1) as probe:
                if probe.recv(5) == b"INFO ":
                    return
            time.sleep(0.03)

    def sign(self, how: signal.Signals) -> None:
        """Send it a signal; after a killing one it is gone."""
        assert self._process is not None
        self._process.send_signal(how)
        if how in (signal.SIGKILL, signal.SIGTERM):
            self._process.wait(20)

    def remove(self) -> None:
        """Away with it."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(20)


class Nats:
    """Servers that are thrown away; ``more`` stands in the configuration of each in place of plain JetStream.

    With an ``island`` the last node lives there, and the others listen at our end of the cable.
    """

    def __init__(self, nodes: int = 1, more: str | None = None, island: Island | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="livecue-nats-", dir="/tmp"))
        self._made = 0
        ports = [free_port() for _ in range(nodes)]
        routes = [free_port() for _ in range(nodes)]
        hosts = [island.here if island else "127.0.0.1"] * nodes
        if island:
            hosts[-1] = island.there
        self.nodes: list[Node] = []
        for number in range(nodes):
            said = f'jetstream {{ store_dir: "{self.folder}/n{number}/js" }}' if more is None else more
            if nodes > 1:
                others = ", ".join(f'"nats://{host}:{port}"' for host, port in zip(hosts, routes, strict=True))
                said += (
                    f'\ncluster {{ name: tests, host: "{hosts[number]}", port: {routes[number]}, no_advertise: true,'
                    f" routes: [{others}] }}"
                )
            away = island.name if island and number == nodes - 1 else ""
            self.nodes.append(Node(self.folder, f"n{number}", ports[number], said, hosts[number], away))

    def start(self) -> None:
        """Start every node; a cluster then has a leader."""
        for node in self.nodes:
            node.start()
        if len(self.nodes) > 1:
            end = time.monotonic() + 30
            while not any("leader" in node.log.read_text("utf-8") for node in self.nodes):
                assert time.monotonic() < end, self.nodes[0].log.read_text("utf-8")[-2000:]
                time.sleep(0.05)

    @property
    def url(self) -> str:
        """How to reach them."""
        return ",".join(f"nats://{node.host}:{node.port}" for node in self.nodes)

    def broker(self, **given: object) -> Broker:
        """A place of its own on them."""
        self._made += 1
        said: dict[str, object] = {"prefix": f"test{self._made}", "replicas": min(3, len(self.nodes)), **given}
        return Broker(self.url, **said)  # type: ignore[arg-type]

    def caught_up(self) -> bool:
        """Whether every copy of every stream is there and as new as its leader's: another node may then go."""

        async def asked() -> bool:
            client = await nats.connect(self.url.split(","), connect_timeout=5)
            try:
                answer = await client.request("$JS.API.STREAM.LIST", b"{}", timeout=5)
            finally:
                await client.close()
            copies = [
                copy for stream in json.loads(answer.data)["streams"] for copy in stream["cluster"].get("replicas", ())
            ]
            return bool(copies) and all(copy.get("current") and not copy.get("offline") for copy in copies)

        try:
            return run(asked())
        except (OSError, TimeoutError, nats.errors.Error):
            return False

    def remove(self) -> None:
        """Away with all."""
        for node in self.nodes:
            node.remove()
        shutil.rmtree(self.folder, ignore_errors=True)
