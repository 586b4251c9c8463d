"""The AsyncAPI description says every address, every message and every word of sockets, streams and webhooks."""

import inspect
import re
from typing import Any

import httpx
import msgspec
import pytest
from fastapi.routing import APIWebSocketRoute

from livecue.app.hooks import Hooks
from livecue.events import EVENT_KINDS, OUTSIDE, ClockTicked, CommentPosted
from livecue.web import every_route, open_hooks
from tests.web.conftest import House


@pytest.fixture
def described(house: House) -> dict[str, Any]:
    answered = house.client().get("/bridge/v1/asyncapi.json")
    assert answered.status_code == 200, "as the OpenAPI description, without a token"
    found: dict[str, Any] = answered.json()
    return found


def test_it_is_built_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may ask for the descriptions, and building one holds the loop."""
    client = house.client()
    addresses = ("/bridge/v1/asyncapi.json", "/bridge/v1/openapi.json")
    first = [client.get(address).content for address in addresses]
    monkeypatch.setattr(msgspec.json, "schema_components", None)
    again = [client.get(address) for address in addresses]
    assert [answered.content for answered in again] == first
    assert {answered.headers["content-type"] for answered in again} == {"application/json"}


def fields(described: dict[str, Any], message: str) -> set[str]:
    """The fields that a message may have."""
    schemas = described["components"]["schemas"]

    def of(schema: dict[str, Any]) -> set[str]:
        if "$ref" in schema:
            return of(schemas[schema["$ref"].rpartition("/")[2]])
        parts = [*schema.get("allOf", ()), *schema.get("oneOf", ())]
        return set(schema.get("properties", ())).union(*map(of, parts))

    return of(described["components"]["messages"][message]["payload"])


def kinds(described: dict[str, Any], schema: str) -> set[str]:
    found = described["components"]["schemas"][schema]
    one_of = found if "oneOf" in found else next(part for part in found["allOf"] if "oneOf" in part)
    return {part["$ref"].rpartition("/")[2] for part in one_of["oneOf"]}


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    def refs(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [ref for value in part.values() for ref in refs(value)]
        return [ref for value in part for ref in refs(value)] if isinstance(part, list) else []

    for ref in set(refs(described)):
        at: Any = described
        for step in ref.removeprefix("#/").split("/"):
            at = at[step]
    assert described["asyncapi"].startswith("3.") and described["info"]["version"]
    assert {operation["action"] for operation in described["operations"].values()} == {"send", "receive"}


def test_every_socket_and_stream_is_in_it(house: House, described: dict[str, Any]) -> None:
    addresses = {channel["address"] for channel in described["channels"].values()}
    sockets = {route.path for route in every_route(house.web) if isinstance(route, APIWebSocketRoute)}
    assert sockets and sockets <= addresses
    paths = {getattr(route, "path", "") for route in every_route(house.web)}
    assert addresses - {None} <= paths, "it names only what is there"
    used = {ref for one in described["operations"].values() for ref in [one["channel"]["$ref"]]}
    assert used == {f"#/channels/{name}" for name in described["channels"]}


def test_every_kind_is_in_it(described: dict[str, Any]) -> None:
    assert kinds(described, "EventSent") == {kind.__name__ for kind in OUTSIDE}
    assert kinds(described, "EventTold") == EVENT_KINDS.keys() - {ClockTicked.__name__}
    schemas = described["components"]["schemas"]
    for name, kind in EVENT_KINDS.items():
        if kind is not ClockTicked:
            assert set(kind.__struct_encode_fields__) <= set(schemas[name]["properties"]), name


def test_the_socket_answers_in_its_words(house: House, described: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {house.token()}"}
    with house.client().websocket_connect("/bridge/v1/rooms/r1/socket", headers=headers) as socket:
        socket.send_text('{"kind":"CommentPosted","key":"c1","text":"好"}\n{"kind":"Nothing"}')
        answered = msgspec.json.decode(socket.receive_bytes())
        assert set(answered) == fields(described, "answered")
        assert set(answered["rejected"][0]) == set(described["components"]["schemas"]["Rejected"]["properties"])
        house.web.state.services.body_bytes = 100
        socket.send_bytes(b"x" * 101)
        assert {"error", "message"} == set(msgspec.json.decode(socket.receive_bytes())) <= fields(described, "refused")
    with house.client().websocket_connect("/bridge/v1/rooms/r1/listen?after=0", headers=headers) as ear:
        told = msgspec.json.decode(ear.receive_bytes())
    assert told["kind"] == "CommentPosted" and set(told) <= fields(described, "event")
    assert {"number", "place"} <= set(told)


def test_the_streams_name_their_events_so(house: House, described: dict[str, Any]) -> None:
    """The words after ``event:`` in the code of the streams are the messages of their channels."""
    for channel, path in (("screens", "/api/rooms/{room}/live"), ("stream", "/bridge/v1/rooms/{room}/stream")):
        assert described["channels"][channel]["address"] == path
        route = next(route for route in every_route(house.web) if getattr(route, "path", "") == path)
        source = inspect.getsource(inspect.getmodule(route.endpoint))  # type: ignore[arg-type]
        assert set(re.findall(r"event: (\w+)\\n", source)) == set(described["channels"][channel]["messages"])
    frame = msgspec.json.decode(house.client("ops").get("/api/rooms/r1/snapshot").content)
    assert {"number", "now", "rate"} <= set(frame) and {"number", "now", "rate", "changed"} == fields(
        described, "frame"
    )


def test_a_delivery_has_the_headers_and_lines_of_the_description(house: House, described: dict[str, Any]) -> None:
    made = house.client("owner").post("/api/rooms/r1/webhooks", json={"url": "http://127.0.0.1:9/x"})
    assert made.status_code == 201, made.text
    house.app.pump.post("r1", [CommentPosted(key="c", text="好", user="u")], source="t").result(30)
    got: list[httpx.Request] = []

    def taken(request: httpx.Request) -> httpx.Response:
        request.read()
        got.append(request)
        return httpx.Response(204)

    client = httpx.Client(transport=httpx.MockTransport(taken))
    sender = Hooks(house.app.pump, house.app.reader, house.clock, client)
    assert sender.deliver(open_hooks(house.app.reader)[0])
    message = described["components"]["messages"]["delivery"]
    ours = {name for name in got[0].headers if name.startswith("x-livecue-")}
    assert ours == {name.lower() for name in message["headers"]["required"]}
    assert got[0].headers["content-type"] == message["contentType"]
    for line in got[0].content.splitlines():
        assert set(msgspec.json.decode(line)) <= fields(described, "delivery")
    sender.stop()
