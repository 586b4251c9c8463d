"""What people ask for counts once its owner has said yes: until then it waits here."""

from livecue.events import CommandApplied, CommandAsked, CommandRefused, decode_event, encode_event

_MOST = 256
"""Owners answer within the same batch; more than a few never wait."""

Asked = dict[str, bytes]
"""Commands by their id, encoded: a part of a ledger's state."""


def await_answer(asked: Asked, event: CommandAsked) -> CommandAsked | None:
    """Keep the command; gives it back at once when it has no id: then it is a fact."""
    if not event.command:
        return event
    asked[event.command] = encode_event(event)
    while len(asked) > _MOST:
        del asked[next(iter(asked))]
    return None


def answered(asked: Asked, event: CommandApplied | CommandRefused) -> CommandAsked | None:
    """The command that now stands; None when it was refused or never waited here."""
    blob = asked.pop(event.command, None)
    if blob is None or isinstance(event, CommandRefused):
        return None
    found = decode_event(blob)
    assert isinstance(found, CommandAsked)
    return found
