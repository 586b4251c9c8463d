"""The exception tree. Every error a person may meet says what to do about it."""


class LiveCueError(Exception):
    """Root of all errors raised on purpose.

    ``code`` is stable and machine-readable (the screens translate it); the
    message is English and says what to do.
    """

    code = "error"


class BadInput(LiveCueError):
    """What a person or a program sent cannot be used; nothing was changed."""

    code = "bad_input"


class Conflict(LiveCueError):
    """The thing was changed by somebody else since it was read."""

    code = "conflict"


class NotAllowed(LiveCueError):
    """The caller lacks the permission, the brand or the room."""

    code = "not_allowed"


class NotFound(LiveCueError):
    """There is no such thing, or the caller may not know of it."""

    code = "not_found"


class Overloaded(LiveCueError):
    """More arrives than can be stored; come back in ``retry_after_s`` seconds."""

    code = "overloaded"

    def __init__(self, message: str, retry_after_s: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class StoreFailed(LiveCueError):
    """The database cannot be written (disk full, locked, damaged): nothing of the request was kept."""

    code = "store_failed"


class StoreLocked(StoreFailed):
    """Another program holds the database for longer than we wait: nothing of the request was kept."""

    code = "store_locked"


class NotOwner(LiveCueError):
    """Another program owns the rooms by now: nothing of the request was kept."""

    code = "not_owner"


class Elsewhere(NotOwner):
    """One room belongs to another program; what else the transaction does stands."""


class NotApplied(LiveCueError):
    """A command is kept, and nobody has applied it yet: no program owns its room just now, or it is far behind."""

    code = "not_applied"


class Defect(LiveCueError):
    """A broken promise between rooms of the house: a bug, never bad input."""

    code = "defect"


class IntegrationError(LiveCueError):
    """Root of the four errors that may leave an integration (design, section 5)."""


class AuthFailed(IntegrationError):
    """The credentials are refused: a person must look."""

    code = "auth_failed"


class Unavailable(IntegrationError):
    """The other side does not answer: try again after ``retry_after_s``."""

    code = "unavailable"

    def __init__(self, message: str, retry_after_s: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Refused(IntegrationError):
    """The platform understood and said no: do not try again."""

    code = "refused"


class BadPayload(IntegrationError):
    """The platform sent something unreadable: count it and go on."""

    code = "bad_payload"
