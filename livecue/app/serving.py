"""Serving: the web application over a running house, in one process."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from livecue.app.house import App
from livecue.app.practising import Practice
from livecue.app.pushers import Integrations
from livecue.app.rehearsing import Rehearsals
from livecue.app.simulated import Demo
from livecue.errors import BadInput
from livecue.integrations.transcription import Transcriber
from livecue.web import Services, create_app


def web_of(app: App, demo: Demo | None = None, lan: bool = False) -> FastAPI:
    """The web application over ``app``."""
    settings = app.settings
    rehearsals = Rehearsals(app)
    practice = Practice(app)
    app.on_stop += [rehearsals.close, practice.close]
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
        rehearsals=rehearsals,
        practice=practice,
        lan_address=f"http://{address}:{settings.port}" if address else "",
        body_bytes=settings.body_mb << 20,
        body_timeout_s=settings.body_timeout_s,
        transcribe=_transcriber(app),
        sizes=app.sizes,
        boards=app.boards,
        pushers=Integrations(),
        retention=app.retention,
        eraser=app.eraser,
        begin_erasing=app.archiving.wake,
        metrics_token=settings.metrics_token.get_secret_value(),
        shared=app.shared,
    )
    hosts = {name.strip() for name in settings.hosts.split(",") if name.strip()}
    if settings.host not in ("0.0.0.0", "::"):
        hosts.add(settings.host)
    return create_app(services, frozenset(hosts | ({address} if address else set())), app.roles)


def _transcriber(app: App) -> Callable[[bytes, str, str], str] | None:
    settings = app.settings
    if not settings.transcription_url:
        return None
    key = settings.transcription_key.get_secret_value()
    return Transcriber(settings.transcription_url, key, settings.transcription_model).text_of


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


HEADER_S = 15.0
SENT_AHEAD = 128 * 1024
"""Bytes that may lie on the way to a reader. The system would hold 4 MB, a hundred pictures: a screen that is slow for
a moment would draw its way through what was half a minute ago. So it is told the newest as soon as it can read."""


REST_S = 30.0
REST_BYTES = 512 << 20
"""Of a request that was answered before it had all come: so long, and so much of it, is read and thrown away.
To close at once would reset the connection, and whoever sends to the end before reading would never see the answer."""


class PatientProtocol(HttpToolsProtocol):
    """Lets go of a sender that takes longer than ``HEADER_S`` to send a request's head (slow loris), lets one that was
    refused send the rest, and is at most ``SENT_AHEAD`` ahead of a reader."""

    _deadline: asyncio.TimerHandle | None = None
    _rest_bytes = -1
    """What came behind the answer; negative while nothing was answered too soon."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connects."""
        super().connection_made(transport)
        # A socket in memory, as a test may give, has no options.
        if (held := transport.get_extra_info("socket")) is not None:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_AHEAD)
        self._let_go_in(HEADER_S)

    def on_message_begin(self) -> None:
        """A further request begins."""
        super().on_message_begin()
        self._let_go_in(HEADER_S)

    def on_headers_complete(self) -> None:
        """The head is whole: the body has bounds of its own."""
        self._in_time()
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = _Answering(self.transport, self.cycle)  # type: ignore[assignment]

    def on_body(self, body: bytes) -> None:
        """A part of a request, or of the rest of one that was answered."""
        super().on_body(body)
        if self._rest_bytes >= 0:
            self._rest_bytes += len(body)
            if self._rest_bytes > REST_BYTES:
                self.transport.close()

    def on_message_complete(self) -> None:
        """A request has come to its end."""
        super().on_message_complete()
        if self._rest_bytes >= 0:
            self._rest_bytes = -1
            self._in_time()
            if not self.cycle.keep_alive:
                self.transport.close()

    def on_response_complete(self) -> None:
        """A request was answered."""
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body and not self.transport.is_closing():
            self._rest_bytes = 0
            self._let_go_in(REST_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone."""
        self._in_time()
        super().connection_lost(exc)

    def _let_go_in(self, seconds: float) -> None:
        self._in_time()
        self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _in_time(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class _Answering:
    """The transport as the answer to one request sees it: before the request has all come, only the answer ends."""

    def __init__(self, transport: asyncio.Transport, cycle: RequestResponseCycle) -> None:
        self._transport, self._cycle = transport, cycle
        self.write, self.is_closing = transport.write, transport.is_closing

    def close(self) -> None:
        if self._cycle.response_complete and self._cycle.more_body and self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()


def serve(web: FastAPI, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until interrupted; ``ready`` is called when the door is open."""

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    config = uvicorn.Config(
        web,
        http=PatientProtocol,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    Server(config).run()
