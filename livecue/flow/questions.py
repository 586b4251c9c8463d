"""Questions to a room's picture that its frames do not answer: too much of it to be sent to every screen.

A question is ``PART/WORDS``; the part's picture answers it by ``asked(words)``. The answer travels in a frame, as a
section of its own: so it comes from whoever owns the room, and is of the same moment as the rest of the frame.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from livecue.errors import BadInput, LiveCueError
from livecue.flow.bus import Frame
from livecue.flow.room import Room

SECTION = "asked."
"""What the section of an answer is called, before the question."""
REFUSED = SECTION + "!"
"""What the section is called that says why there is no answer, before the question."""
AGAIN_S = 1.0
"""Whoever waits for an answer asks again so often; the answer is made anew no more often than that."""
CARRIED_S = 1.5
"""So long the frames carry an answer: longer than until it is asked for again, since the frame of another program may
be replaced by the next before it is read."""
MOST = 32
"""Questions of other programs about one room that are held at once; the oldest goes."""
_log = logging.getLogger("livecue.flow")
_encode = msgspec.json.Encoder().encode


def answer_to(room: Room, question: str) -> bytes:
    """What the picture says, as JSON. Raises ``BadInput`` where no part of the room answers questions."""
    name, _, words = question.partition("/")
    ledger = next((one for one in room.parts.ledgers if one.name == name), None)
    picture: Any = None if ledger is None else room.parts.pictures.get(name) or ledger.picture(room.parts.now)
    if not hasattr(picture, "asked"):
        raise BadInput(f"nothing in this room answers questions to {name!r}")
    return _encode(picture.asked(words))


def with_answer(frame: Frame, question: str, said: bytes) -> Frame:
    """The frame, and in it the answer."""
    return frame._replace(sections={**frame.sections, SECTION + question: said})


def without_answers(frame: Frame) -> Frame:
    """The frame as the screens are sent it."""
    return frame._replace(
        sections={name: body for name, body in frame.sections.items() if not name.startswith(SECTION)}
    )


def said_to(frame: Frame, question: str) -> bytes | BadInput | None:
    """What the frame says to the question: the answer, why there is none, None when it was not asked yet."""
    said = frame.sections.get(SECTION + question)
    if said is None and (why := frame.sections.get(REFUSED + question)) is not None:
        return BadInput(why.decode())
    return said


class _Held:
    __slots__ = ("body", "made", "section", "until", "wanted")

    def __init__(self) -> None:
        self.wanted, self.until, self.made = False, 0.0, 0.0
        self.section, self.body = "", b""


class Questions:
    """What other programs ask of the rooms of this one."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[str, dict[str, _Held]] = {}
        """Never changed, only replaced."""

    def put(self, room: str, question: str) -> None:
        """Answer this with the next frame; any thread."""
        with self._guard:
            held = dict(self._held.get(room, {}))
            one = held.pop(question, None) or _Held()
            one.wanted = True
            held[question] = one
            while len(held) > MOST:
                del held[next(iter(held))]
            self._held[room] = held

    def answered(self, room: str, frame: Frame, ask: Callable[[str], bytes]) -> Frame:
        """The frame with the answers that are wanted; ``ask`` looks into the room. One thread only.

        Whatever fails of a question, the frame goes its way: whoever asked hears so when his time is over.
        """
        held = self._held.get(room)
        if not held:
            return frame
        now = time.monotonic()
        sections = dict(frame.sections)
        for question, one in held.items():
            if one.wanted:
                one.wanted = False
                self._answer(question, one, ask, now)
            if one.section and one.until >= now:
                sections[one.section] = one.body
        with self._guard:
            idle = all(one.until < now and not one.wanted for one in held.values())
            if idle and self._held.get(room) is held:
                del self._held[room]
        return frame if len(sections) == len(frame.sections) else frame._replace(sections=sections)

    def _answer(self, question: str, one: _Held, ask: Callable[[str], bytes], now: float) -> None:
        if not one.section or now - one.made >= AGAIN_S:
            one.section = ""
            try:
                one.section, one.body = SECTION + question, ask(question)
            except BadInput as error:
                one.section, one.body = REFUSED + question, str(error).encode()
            except LiveCueError:
                # Given away or shut just now.
                one.section = ""
            except Exception as error:
                # By its type alone: the words may be those of a viewer.
                _log.error("a question to room's part %s failed: %s", question.partition("/")[0], type(error).__name__)
                one.section = ""
            one.made = now
        one.until = now + CARRIED_S
