"""No body is larger or slower than its bound, whoever sends it; the answer says why."""

import asyncio
import json
from typing import Any

import pytest
from starlette.types import Message

from livecue.web import bounds
from livecue.web.bounds import Bound
from tests.loops import run
from tests.web.conftest import House

SMALL = Bound(1_000, 0.05)


def answer_to(
    house: House, path: str, parts: list[bytes], headers: dict[str, str], stays: bool
) -> tuple[int, Any, int]:
    """Status, answer, and how many parts were taken; ``stays``: nothing comes behind the parts."""
    sent: list[Message] = []
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        if taken < len(parts):
            taken += 1
            return {"type": "http.request", "body": parts[taken - 1], "more_body": stays or taken < len(parts)}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "headers": [(name.encode(), value.encode()) for name, value in {"host": "testserver", **headers}.items()],
    }  # fmt: skip
    run(house.web(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], json.loads(body), taken


FORM = {"content-type": "application/json"}
UPLOAD = {"content-type": "multipart/form-data; boundary=x"}
PART = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'


@pytest.mark.parametrize(
    ("path", "headers", "head"),
    [
        ("/api/session", FORM, b""),
        ("/api/rooms/r1/commands", FORM, b""),
        ("/api/catalog/import", UPLOAD, PART),
    ],
    ids=["sign-in", "command", "upload"],
)
@pytest.mark.parametrize("slow", [False, True], ids=["large", "slow"])
def test_a_body_beyond_its_bound_is_refused_before_it_is_whole(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str, headers: dict[str, str], head: bytes, slow: bool
) -> None:
    cookie = house.client("owner").cookies["livecue"] if path != "/api/session" else ""
    for name in ("STRANGER", "FORM", "FILE"):
        monkeypatch.setattr(bounds, name, SMALL)
    parts = [head + b"x" * 100] if slow else [head + b"x" * 400] * 10
    with_cookie = {**headers, **({"cookie": f"livecue={cookie}"} if cookie else {})}
    status, said, taken = answer_to(house, path, parts, with_cookie, slow)
    assert (status, said["error"]) == (413, "too_large"), said
    assert ("took longer" if slow else "is larger") in said["message"]
    assert taken <= 3


def test_what_lies_within_is_taken(house: House) -> None:
    body = json.dumps({"login": "nobody", "password": "x" * 20}).encode()
    status, said, _ = answer_to(house, "/api/session", [body[:10], body[10:]], FORM, False)
    assert (status, said["error"]) == (403, "not_allowed"), said


@pytest.mark.parametrize(
    ("headers", "bound"),
    [
        ({b"cookie": b"livecue=a"}, "FORM"),
        ({b"cookie": b"livecue=a", b"content-type": b"text/plain"}, "FORM"),
        ({b"cookie": b"x=1; livecue=a", b"content-type": b"audio/webm"}, "FILE"),
        ({b"cookie": b"livecue=x", b"content-type": b"multipart/form-data; boundary=x"}, "STRANGER"),
        ({b"cookie": b"livecue=a", b"content-type": b"multipart/form-data; boundary=x"}, "FILE"),
        ({b"content-type": b"multipart/form-data; boundary=x"}, "STRANGER"),
        ({b"cookie": b"other=livecue"}, "STRANGER"),
    ],
)
def test_who_may_send_how_much(headers: dict[bytes, bytes], bound: str) -> None:
    layer = bounds.Bounded(lambda *_: asyncio.sleep(0), "livecue", lambda token: token == "a")
    assert layer._bound(headers) is getattr(bounds, bound)
