"""Traces: nothing unless asked for; asked for, a cycle with its folds and its commit, and nothing of a person."""

import builtins
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
