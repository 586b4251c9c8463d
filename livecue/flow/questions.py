"""Questions to a room's picture that its frames do not answer: too much of it to be sent to every screen.

A question is ``PART/WORDS``; the part's picture answers it by ``asked(words)``. The answer travels in a frame, as a
section of its own: so it comes from whoever owns the room, and is of the same moment as the rest of the frame.
"""

import time
from collections.abc import Callable
from typing import Any

import msgspec

from livecue.errors import BadInput, LiveCueError
from livecue.flow.bus import Frame
from livecue.flow.room import Room

SECTION = "asked."
"""What the section of an answer is called, before the question."""
AGAIN_S = 1.0
"""While another program goes on asking, the answer is made anew so often."""
KEPT_S = 7.0
"""So long after it was asked a question of another program is answered with every frame."""
MOST = 32
"""Questions of other programs about one room that are held at once; the oldest goes."""
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


class _Held:
    __slots__ = ("body", "made", "until")

    def __init__(self) -> None:
        self.until, self.made, self.body = 0.0, 0.0, b""


class Questions:
    """What other programs ask of the rooms of this one."""

    def __init__(self) -> None:
        self._held: dict[str, dict[str, _Held]] = {}

    def put(self, room: str, question: str) -> None:
        """Answer this for a while; any thread."""
        held = dict(self._held.get(room, {}))
        one = held.pop(question, None) or _Held()
        one.until = time.monotonic() + KEPT_S
        held[question] = one
        while len(held) > MOST:
            del held[next(iter(held))]
        self._held[room] = held

    def answered(self, room: str, frame: Frame, ask: Callable[[str], bytes]) -> Frame:
        """The frame with the answers that are wanted; ``ask`` looks into the room."""
        held = self._held.get(room)
        if not held:
            return frame
        now = time.monotonic()
        for question, one in held.items():
            if one.until < now:
                continue
            if not one.body or now - one.made >= AGAIN_S:
                try:
                    one.body, one.made = ask(question), now
                except LiveCueError:
                    # Nobody answers: whoever asked hears so when his time is over.
                    continue
            frame = with_answer(frame, question, one.body)
        if all(one.until < now for one in held.values()):
            self._held.pop(room, None)
        return frame
