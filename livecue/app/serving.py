"""Serving: the web application over a running house, in one process."""

import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from livecue.app.house import App
from livecue.app.simulated import Demo
from livecue.errors import BadInput
from livecue.web import Services, create_app


def web_of(app: App, demo: Demo | None = None, lan: bool = False) -> FastAPI:
    """The web application over ``app``."""
    settings = app.settings
    address = lan_address() if lan else ""
    services = Services(
        reader=app.reader,
        pump=app.pump,
        bus=app.bus,
        runner=app.runner,
        clock=app.clock,
        rooms=app.rooms,
        capabilities=app.capabilities,
        org=settings.org,
        version=app.version,
        demo=demo,
        lan_address=f"http://{address}:{settings.port}" if address else "",
        body_bytes=settings.body_mb << 20,
        body_timeout_s=settings.body_timeout_s,
    )
    hosts = {settings.host} if settings.host not in ("0.0.0.0", "::") else set()
    return create_app(services, frozenset(hosts | ({address} if address else set())))


def lan_address() -> str:
    """The address by which other devices of the local network reach this machine."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        # Connecting a datagram socket sends nothing; it only chooses the outgoing address.
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    except OSError:
        return "127.0.0.1"
    finally:
        probe.close()


def free_port(host: str, port: int) -> None:
    """Raises ``BadInput`` with what to do when the port is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadInput(
                f"port {port} on {host} cannot be used ({error.strerror}); choose another with --port"
            ) from error


def serve(web: FastAPI, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until interrupted; ``ready`` is called when the door is open."""

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    config = uvicorn.Config(
        web,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    Server(config).run()
