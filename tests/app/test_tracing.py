"""Traces: nothing unless asked for; asked for, a cycle with its folds and its commit, and nothing of a person."""

import builtins
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from livecue.app.tracing import start_tracing
from livecue.config import load_settings
from livecue.errors import BadInput
from livecue.events import CommentPosted
from livecue.kit import span
from tests.flow.toy import toy_pump
from tests.web.conftest import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "house")
    yield made
    made.app.pump.stop()
    made.app.reader.close()
    made.app.release()


def test_off_it_makes_nothing(tmp_path: Path) -> None:
    start_tracing(load_settings(data=tmp_path))()
    assert span("cycle", items=1) is span("commit")


def test_a_cycle_holds_its_folds_and_its_commit(tmp_path: Path) -> None:
    kept = InMemorySpanExporter()
    stop = start_tracing(load_settings(data=tmp_path), kept)
    try:
        pump = toy_pump(tmp_path / "a.db")
        pump.post("r", [CommentPosted(key="c", text="我的电话 13800000000", user="u")], source="s").result(30)
        pump.stop()
    finally:
        stop()
    spans = kept.get_finished_spans()
    by = {one.name: one for one in spans}
    assert {"livecue.cycle", "livecue.fold", "livecue.commit"} <= by.keys()
    cycle, fold = by["livecue.cycle"], by["livecue.fold"]
    assert fold.parent is not None and cycle.context is not None and fold.parent.span_id == cycle.context.span_id
    assert fold.attributes is not None and fold.attributes["livecue.room"] == "r"
    assert cycle.resource.attributes["service.name"] == "livecue"
    assert "13800000000" not in "".join(one.to_json() for one in spans)
    assert span("cycle") is span("commit"), "it goes on after it was stopped"


def test_a_request_is_named_by_its_route_and_by_nothing_of_a_person(house: House) -> None:
    client, kept = house.client("owner"), InMemorySpanExporter()
    stop = start_tracing(house.app.settings, kept)
    try:
        assert client.get("/api/rooms/r1/conversations/u-13800000000?text=小明").status_code == 404
        assert client.get("/api/health").status_code == 200
    finally:
        stop()
    spans = [one for one in kept.get_finished_spans() if one.name == "livecue.request"]
    told = [(one.attributes["livecue.method"], one.attributes["livecue.status"]) for one in spans if one.attributes]
    assert told == [("GET", 404), ("GET", 200)]
    first, second = (str(one.attributes["livecue.route"]) for one in spans if one.attributes)
    assert first.startswith("/api/rooms/{room}/conversations/{") and second == "/api/health"
    assert "13800000000" not in "".join(one.to_json() for one in spans)


def test_wrong_address_and_lacking_packages_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match=r"write it as http://host:4318/v1/traces"):
        start_tracing(load_settings(data=tmp_path, trace_endpoint="localhost:4318"))
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("opentelemetry"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BadInput, match=r"pip install 'livecue\[otel\]'"):
        start_tracing(load_settings(data=tmp_path, trace_endpoint="http://127.0.0.1:4318/v1/traces"))
