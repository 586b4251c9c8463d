"""A language model behind the running house: question out, answer in, checked, sent once; secrets in no log."""

import json
import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from livecue.app import App
from livecue.app.thinking import Thinking, thinking_of
from livecue.config import load_settings
from livecue.errors import BadInput
from livecue.events import (
    AskModel,
    AutoReplySet,
    ClockTicked,
    Event,
    FactSaved,
    MessageReceived,
    ModelAnswered,
    RoomSaved,
    SendMessage,
    decode_action,
)
from livecue.integrations.language_model import LanguageModel
from livecue.kit import ManualClock, new_id
from tests.integrations.language_model.server import serving

WASH = "羊毛大衣不可机洗，请送干洗店干洗，收纳时放防虫剂。"
START = 1_790_000_000_000


def words(body: dict[str, Any]) -> tuple[int, str]:
    """What an obedient model answers: the first fact, as it stands."""
    facts = json.loads(body["messages"][1]["content"])["facts"]
    return 200, json.dumps({"facts": [1], "text": facts["1"]}, ensure_ascii=False)


def test_a_question_goes_out_and_its_answer_is_sent_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(words) as fake:
        settings = load_settings(
            data=tmp_path, language_model_url=fake.url, language_model_key="sk-very-secret", language_model_name="m"
        )
        app = App(settings, clock=ManualClock(START))
        app.pump.start()
        try:
            app.tell_house(
                RoomSaved(room="r1", org="main", brand="main", name="一号", platform="p", nature="rehearsed")
            )
            app.tell_house(
                FactSaved(
                    fact="wash", org="main", brand="main", question="平时怎么打理保养", answer=WASH, topic="usage",
                    source="手册",
                )
            )  # fmt: skip
            app.capable["r1"] = ["SendMessage", "AskModel"]
            key = new_id()
            _post(app, ClockTicked(now=START), AutoReplySet(topic="usage", level="send", command=key, key=key, by="l"))
            asks = MessageReceived(conversation="k1", text="大衣脏了要怎么清洗", user="u1", key="m1")
            _post(app, asks, ClockTicked(now=START + 250))
            assert app.runner.step(), "the question is in the outbox"
            assert app.thinking is not None
            app.thinking._threads.shutdown(wait=True)
            for _ in range(8):
                _post(app, ClockTicked(now=app.pump.lags()["r1"][1] + 250))
            assert _sent(app) == ["【自动回复·AI生成】" + WASH]
            assert len(fake.asked) == 1
        finally:
            if app.thinking is not None:
                app.thinking.stop()
            app.pump.stop()
            app.reader.close()
            app.release()
    assert "sk-very-secret" not in caplog.text and "sk-very-secret" not in repr(settings)


def _post(app: App, *events: Event) -> None:
    app.pump.post("r1", list(events), source="test").result(10)


def _sent(app: App) -> list[str]:
    actions = [decode_action(blob) for (blob,) in app.reader.rows("SELECT blob FROM outbox WHERE room = 'r1'")]
    return [action.text for action in actions if isinstance(action, SendMessage)]


def test_off_by_default_and_a_wrong_address_is_said(tmp_path: Path) -> None:
    assert thinking_of(load_settings(data=tmp_path), lambda room, event: None) is None
    with pytest.raises(BadInput, match="language_model_url"):
        load_settings(data=tmp_path, language_model_url="not an address")


def test_a_model_that_is_behind_refuses_instead_of_queueing_for_ever() -> None:
    free, told = threading.Event(), []

    class Slow(LanguageModel):
        def word(self, question: str, facts: Any, language: str) -> Any:
            free.wait(10)
            return super().word(question, facts, language)

    with serving(lambda _: (500, "")) as fake:
        thinking = Thinking(Slow(fake.url), lambda room, event: told.append(event))
        asks = AskModel(conversation="k", message="m", text="x", facts={"a": "b"})
        outcomes = [thinking.perform_in("r1", f"a{number}", asks).outcome for number in range(40)]
        assert outcomes.count("done") == 32 and outcomes[-1] == "refused"
        free.set()
        thinking._threads.shutdown(wait=True)
        assert len(told) == 32 and all(isinstance(event, ModelAnswered) and event.why for event in told)
        thinking.stop()
        assert thinking.perform_in("r1", "late", asks).outcome == "refused"
