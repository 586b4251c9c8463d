"""How long people wait: questions for an answer (M77, M79), cues for a screen and for a person (M93, M94)."""

from itertools import islice

import msgspec

from livecue.reference import answering

_MOST = 20_000


class Due(msgspec.Struct):
    """A question that may still be answered fast."""

    asked: int
    fast: bool = False


class Waits(msgspec.Struct):
    """What is still open. The oldest are forgotten beyond a number nobody could answer."""

    questions: dict[str, int] = {}
    """Comment to the room time at which it was judged a question."""
    due: dict[str, Due] = {}
    """Questions of which the time for a fast answer is not over, in order."""
    raised: dict[str, int] = {}
    """Cue to the room time it was raised, until it is delivered."""
    delivered: dict[str, int] = {}
    """Cue to the room time it was delivered, until somebody reacts."""

    def asked(self, comment: str, now: int) -> None:
        """A comment is a question; a second judgement of it changes nothing."""
        if comment in self.questions or comment in self.due:
            return
        _put(self.questions, comment, now)
        self.due[comment] = Due(now)

    def answered(self, comment: str, now: int) -> int | None:
        """Milliseconds it waited; None when it is not an open question."""
        asked = self.questions.pop(comment, None)
        if asked is None:
            return None
        due = self.due.get(comment)
        if due is not None:
            due.fast = now - asked <= answering(asked).fast_ms
        return now - asked

    def ripe(self, now: int) -> tuple[int, int]:
        """Questions of which the time for a fast answer (M79) is over since the last call, and how many had one.

        The bound of each is that of the day on which it was asked.
        """
        over: list[str] = []
        fast = 0
        for comment, due in self.due.items():
            if due.asked + answering(due.asked).fast_ms >= now:
                break
            over.append(comment)
            fast += due.fast
        for comment in over:
            del self.due[comment]
        return len(over), fast

    def cue_raised(self, cue: str, now: int) -> None:
        """A rule fired."""
        _put(self.raised, cue, now)

    def cue_delivered(self, cue: str, now: int) -> int | None:
        """Milliseconds from the rule to the screen; None when it was delivered before or is not known."""
        raised = self.raised.pop(cue, None)
        if raised is None:
            return None
        _put(self.delivered, cue, now)
        return now - raised

    def cue_acknowledged(self, cue: str, now: int) -> int | None:
        """Milliseconds from the screen to the person's first reaction."""
        delivered = self.delivered.pop(cue, None)
        return None if delivered is None else now - delivered

    def cue_expired(self, cue: str) -> None:
        """Nobody will react any more."""
        self.raised.pop(cue, None)
        self.delivered.pop(cue, None)


def _put(table: dict[str, int], key: str, now: int) -> None:
    if len(table) >= _MOST:
        # Many at once: a dictionary whose front is taken away one by one is searched from its old beginning each time.
        for old in list(islice(table, _MOST // 20)):
            del table[old]
    table[key] = now
