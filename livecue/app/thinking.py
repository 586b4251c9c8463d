"""The door to the language model: an action goes in at once, its answer comes back into the room as an event."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from livecue.config import Settings
from livecue.errors import IntegrationError, LiveCueError
from livecue.events import Action, AskModel, Event, ModelAnswered, Performed
from livecue.integrations.language_model import LanguageModel

_log = logging.getLogger("livecue.app")
_AT_ONCE = 2
_WAITING = 32
"""Questions that wait for the model; more are refused, and a person answers them."""


class Thinking:
    """Asks the model in threads of its own: no pin and no reply waits behind a slow answer."""

    real = False

    def __init__(self, model: LanguageModel, post: Callable[[str, Event], object]) -> None:
        """``post`` puts an event into a room."""
        self._model, self._post = model, post
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="model")
        self._places = threading.Semaphore(_WAITING)

    def idempotent(self, action: Action) -> bool:
        """Asked twice, it is answered twice under one key, which counts once."""
        return True

    def confirm(self, action_id: str, action: Action) -> bool | None:
        """Nobody can tell; it is asked again."""
        return None

    def perform_in(self, room: str, action_id: str, action: Action) -> Performed:
        """Take the question; the answer comes later."""
        assert isinstance(action, AskModel)
        if not self._places.acquire(blocking=False):
            return Performed(outcome="refused", result="busy", why="the language model is behind; a person answers")
        try:
            self._threads.submit(self._ask, room, action_id, action)
        except RuntimeError:
            self._places.release()
            return Performed(outcome="refused", result="stopping", why="the program stops")
        return Performed(outcome="done", result="asked")

    def _ask(self, room: str, action_id: str, action: AskModel) -> None:
        answer = ModelAnswered(key=f"model.{action_id}", conversation=action.conversation, message=action.message)
        try:
            worded = self._model.word(action.text, action.facts, action.language)
            answer = ModelAnswered(
                key=answer.key, conversation=action.conversation, message=action.message, text=worded.text[:4000],
                facts=worded.facts, why="" if worded.text else "no_answer",
            )  # fmt: skip
        except IntegrationError as error:
            _log.warning("the language model: %s", error)
            answer = ModelAnswered(
                key=answer.key, conversation=action.conversation, message=action.message, why=error.code
            )
        finally:
            self._places.release()
        try:
            self._post(room, answer)
        except LiveCueError:
            _log.exception("the answer of the language model found no room")

    def stop(self) -> None:
        """Let go what waits; what is under way ends with its connection."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._model.close()


class ModelDoor:
    """The model as the door of one room."""

    real = False

    def __init__(self, thinking: Thinking, room: str) -> None:
        self._thinking, self._room = thinking, room

    def idempotent(self, action: Action) -> bool:
        """See ``Thinking``."""
        return self._thinking.idempotent(action)

    def confirm(self, action_id: str, action: Action) -> bool | None:
        """See ``Thinking``."""
        return self._thinking.confirm(action_id, action)

    def perform(self, action_id: str, action: Action) -> Performed:
        """Ask."""
        return self._thinking.perform_in(self._room, action_id, action)


def thinking_of(settings: Settings, post: Callable[[str, Event], object]) -> Thinking | None:
    """The model that is set; None when none is."""
    if not settings.language_model_url:
        return None
    key = settings.language_model_key.get_secret_value()
    return Thinking(LanguageModel(settings.language_model_url, key, settings.language_model_name), post)
