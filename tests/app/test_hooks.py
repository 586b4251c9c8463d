"""Webhooks: in order, signed, again until they are taken, never twice to one who took them."""

import json
import threading
from collections.abc import Callable

import httpx
import pytest

from livecue.app.hooks import Hooks, sign
from livecue.events import CommentPosted, LikeGiven
from livecue.web import HOOK_SIGNATURE, HOOK_TIME, open_hooks
from tests.web.conftest import House, house  # noqa: F401  (a fixture)


def hooks(made: House, answer: Callable[[httpx.Request], httpx.Response]) -> Hooks:
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return Hooks(made.app.pump, made.app.reader, made.clock, client)


def subscribe(made: House, kinds: list[str]) -> dict[str, str]:
    said = made.client("owner").post("/api/rooms/r1/webhooks", json={"url": "http://127.0.0.1:9/x", "kinds": kinds})
    assert said.status_code == 201, said.text
    return dict(said.json())


def test_events_are_posted_in_order_and_signed(house: House) -> None:  # noqa: F811
    made = subscribe(house, ["CommentPosted"])
    for number in range(3):
        house.app.pump.post(
            "r1", [CommentPosted(key=f"c{number}", text=f"问{number}"), LikeGiven(key=f"l{number}")], source="t"
        ).result(10)
    got: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        got.append(request)
        return httpx.Response(200)

    sender = hooks(house, answer)
    while sender.deliver(open_hooks(house.app.reader)[0]):
        pass
    lines = [json.loads(line) for request in got for line in request.content.splitlines()]
    assert [line["key"] for line in lines] == ["c0", "c1", "c2"]
    for request in got:
        assert request.headers[HOOK_SIGNATURE] == sign(made["secret"], int(request.headers[HOOK_TIME]), request.content)
    assert not sender.deliver(open_hooks(house.app.reader)[0]), "what was taken is not told again"


def test_a_subscriber_that_fails_is_tried_again_later(house: House) -> None:  # noqa: F811
    subscribe(house, [])
    house.app.pump.post("r1", [CommentPosted(key="c", text="x")], source="t").result(10)
    status = [500]
    sender = hooks(house, lambda _: httpx.Response(status[0]))
    assert not sender.deliver(open_hooks(house.app.reader)[0])
    failed = open_hooks(house.app.reader)[0]
    assert (failed.failures, failed.error) == (1, "the subscriber answered 500")
    status[0] = 204
    assert not sender.deliver(failed), "not before its time"
    house.clock.advance(1_000)
    assert sender.deliver(failed)
    assert open_hooks(house.app.reader)[0].failures == 0


def test_one_that_cannot_be_served_holds_up_no_other(house: House) -> None:  # noqa: F811
    """An address that is none, and a subscriber that takes its time: the third hears everything meanwhile."""
    for _ in range(3):
        subscribe(house, ["CommentPosted"])
    bad, slow, good = (hook.hook for hook in open_hooks(house.app.reader))
    house.app.pump.run(
        lambda writer: writer.write("UPDATE webhooks SET url = ? WHERE hook = ?", ("http://a..b/x", bad))
    ).result(10)
    house.app.pump.run(
        lambda writer: writer.write("UPDATE webhooks SET url = ? WHERE hook = ?", ("http://127.0.0.1:9/slow", slow))
    ).result(10)
    freed, heard = threading.Event(), threading.Event()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/slow":
            assert freed.wait(20)
        else:
            heard.set()
        return httpx.Response(200)

    sender = hooks(house, answer)
    sender.start()
    try:
        for number in range(2):
            house.app.pump.post("r1", [CommentPosted(key=f"c{number}", text="x")], source="t").result(10)
            assert heard.wait(20), "nobody hears any more"
            heard.clear()
    finally:
        freed.set()
        sender.stop()
    states = {hook.hook: hook for hook in open_hooks(house.app.reader)}
    assert "a..b" not in states[good].error and states[good].failures == 0
    assert states[bad].failures >= 1 and states[bad].error


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/y", "http://user:pw@host/", "http://169.254.169.254/latest", "nonsense", "http://[::]/", "http://a..b/",
        f"http://{'a' * 64}.example/", "http://2852039166/", "http://0xA9FEA9FE/", "http://[::ffff:169.254.169.254]/",
    ],
)  # fmt: skip
def test_addresses_that_are_no_subscribers_are_refused(house: House, url: str) -> None:  # noqa: F811
    said = house.client("owner").post("/api/rooms/r1/webhooks", json={"url": url.ljust(8), "kinds": []})
    assert said.status_code == 422


def test_the_secret_is_shown_once(house: House) -> None:  # noqa: F811
    made = subscribe(house, ["OrderPaid"])
    listed = house.client("owner").get("/api/rooms/r1/webhooks")
    assert made["secret"] not in listed.text
    assert house.client("ops").get("/api/rooms/r1/webhooks").status_code == 403
    assert house.client("owner").delete(f"/api/rooms/r1/webhooks/{made['hook']}").status_code == 204
    assert open_hooks(house.app.reader) == []
