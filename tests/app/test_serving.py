"""A real server: slow senders are let go while others are served; the port and the screens are said plainly."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from livecue.app import free_port, serving
from livecue.errors import BadInput
from livecue.events import LikeGiven
from livecue.store import read_batches
from livecue.web.pushed import Pushed
from tests.web.conftest import House


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[House, int]]:
    monkeypatch.setattr(serving, "HEADER_S", 0.3)
    house = House(tmp_path / "data")
    house.web.state.services.body_timeout_s = 0.3
    with opened(house.web) as port:
        yield house, port
    house.app.pump.stop()
    house.app.reader.close()


@contextmanager
def opened(web: Any) -> Iterator[int]:
    """An application behind our protocol; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    config = uvicorn.Config(
        web, port=port, lifespan="off", http=serving.PatientProtocol, log_level="critical", access_log=False
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield port
    server.should_exit = True
    thread.join(10)


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


@pytest.mark.parametrize("told", [True, False], ids=["its-length-is-told", "in-chunks"])
@pytest.mark.parametrize("last", [False, True], ids=["more-may-come", "connection-close"])
def test_a_batch_of_100_mb_is_refused_and_the_next_one_taken(served: tuple[House, int], told: bool, last: bool) -> None:
    house, port = served
    house.web.state.services.body_timeout_s = 60.0
    url, headers = "/bridge/v1/rooms/r1/events", {"Authorization": f"Bearer {house.token()}"}
    line = b'{"kind":"LikeGiven","count":1,"user":"u"}\n'
    block = line * ((1 << 20) // len(line))
    count = (100 << 20) // len(block) + 1
    sender = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    length = {"Content-Length": str(count * len(block))} if told else {}
    closing = {"Connection": "close"} if last else {}
    # Who sends to the end before it reads finds the answer there, also when nothing is to follow on this connection.
    sender.request("POST", url, (block for _ in range(count)), headers | length | closing, encode_chunked=not told)
    answered = sender.getresponse()
    message = json.loads(answered.read())["message"]
    assert answered.status == 422
    assert (
        "a body of 100 MB; send at most 32 MB at once" if told else "larger than 32 MB; send less at once"
    ) in message
    kept = [event for batch in read_batches(house.app.reader, "r1", 0) for event in batch.events]
    assert not any(type(event) is LikeGiven for event in kept), "nothing of it was taken"
    # The same connection goes on where it may: the loop lives.
    sender.request("POST", url, line, headers)
    assert json.loads(sender.getresponse().read())["accepted"] == 1
    sender.close()


REFUSED = b"POST /bridge/v1/rooms/r1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n"


@pytest.mark.parametrize("ending", [b"", b"Connection: close\r\n"], ids=["more-may-come", "connection-close"])
@pytest.mark.parametrize("bound", ["REST_S", "REST_BYTES"])
def test_who_goes_on_sending_what_was_refused_is_let_go(
    served: tuple[House, int], monkeypatch: pytest.MonkeyPatch, ending: bytes, bound: str
) -> None:
    house, port = served
    monkeypatch.setattr(serving, bound, {"REST_S": 0.3, "REST_BYTES": 1 << 20}[bound])
    token = f"Authorization: Bearer {house.token()}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=15) as line:
        line.sendall(REFUSED + ending + token)
        assert b"send at most 32 MB at once" in line.recv(65536)
        # Slowly, so that no single wait is long; or much of it at once.
        part = b"x" if bound == "REST_S" else b"x" * 65536
        with pytest.raises(OSError):
            for _ in range(5_000):
                line.sendall(part)
                threading.Event().wait(0.01)


def test_nobody_waits_for_the_end_of_what_was_refused(served: tuple[House, int]) -> None:
    house, port = served
    token = f"Authorization: Bearer {house.token()}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=15) as line:
        line.sendall(REFUSED + b"Connection: close\r\n" + token)
        line.settimeout(2)
        said = b"".join(iter(lambda: line.recv(65536), b""))
        assert said.endswith(b"}") and b"send at most 32 MB at once" in said, "who reads to the end comes to it"


def test_a_taken_port_says_what_to_do(served: tuple[House, int]) -> None:
    with pytest.raises(BadInput, match="--port"):
        free_port("127.0.0.1", served[1])


PICTURE = b"p" * 30_000
MOST_PICTURES = 20


def test_a_screen_that_is_slow_is_told_the_newest_and_not_what_was_long_ago() -> None:
    told, stalled = 0, threading.Event()

    async def pictures() -> AsyncIterator[bytes]:
        nonlocal told
        while told < 1_000:
            watch = asyncio.get_running_loop().call_later(0.5, stalled.set)
            yield PICTURE
            watch.cancel()
            told += 1
        stalled.set()

    async def web(scope: Any, receive: Any, send: Any) -> None:
        await Pushed(pictures())(scope, receive, send)

    with opened(web) as port, socket.create_connection(("127.0.0.1", port), timeout=15) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        # Who reads nothing holds up what is told; a thousand would have been told to who reads.
        assert stalled.wait(15)
        assert 0 < told < MOST_PICTURES, f"{told} pictures lie on the way to a screen that reads none"
