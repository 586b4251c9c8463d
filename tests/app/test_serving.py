"""A real server: slow senders are let go while others are served; the port and the screens are said plainly."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from livecue.app import free_port, serving
from livecue.errors import BadInput
from tests.web.conftest import House


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[House, int]]:
    monkeypatch.setattr(serving, "HEADER_S", 0.3)
    house = House(tmp_path / "data")
    house.web.state.services.body_timeout_s = 0.3
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    config = uvicorn.Config(house.web, port=port, http=serving.PatientProtocol, log_level="critical", access_log=False)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield house, port
    server.should_exit = True
    thread.join(10)
    house.app.pump.stop()
    house.app.reader.close()


def talk(port: int, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=15) as line:
        line.sendall(sent)
        said = b""
        while part := line.recv(65536):
            said += part
            if b"\r\n\r\n" in said and b"Connection: close" in sent:
                return said
        return said


def test_a_sender_that_never_ends_its_head_is_let_go(served: tuple[House, int]) -> None:
    _, port = served
    assert talk(port, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ") == b""
    assert talk(port, b"") == b""
    assert b"HTTP/1.1 " in talk(port, b"GET /favicon.svg HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")


def test_a_sender_that_never_ends_its_body_is_answered(served: tuple[House, int]) -> None:
    house, port = served
    token = house.token()
    head = (
        f"POST /bridge/v1/rooms/r1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        "Content-Length: 5000\r\nConnection: close\r\n\r\n"
    ).encode()
    assert b"took longer" in talk(port, head + b'{"kind":"LikeGiven"}\n')


def test_a_taken_port_says_what_to_do(served: tuple[House, int]) -> None:
    with pytest.raises(BadInput, match="--port"):
        free_port("127.0.0.1", served[1])
