"""The doors of a program that shares its rooms with others: a post goes into the journal here, and is folded by the
room's owner, wherever that is.

Signals, one a line: ``j ROOM`` its journal has grown, ``c ROOM NUMBER`` it is folded and committed so far, ``w ROOM``
somebody watches it, ``s ROOM`` show it now, ``q ROOM QUESTION`` show it with the answer to this, ``f ROOM`` its newest
frame lies ready, ``x ROOM`` try it again after a stop, ``a`` an action waits, ``l`` rooms are free. Each may be lost;
the poll finds what it told.

``exchange`` the doors, the signals and the poll, ``commands`` what waits for an owner elsewhere, ``frames`` what
screens are shown of rooms that others own and what others are shown of ours, ``doing`` how it is doing.
"""

from livecue.flow.exchange.exchange import Exchange

__all__ = ["Exchange"]
