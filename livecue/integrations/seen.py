"""Duplicates after a resume are normal: which messages of a connection were translated already."""


class Seen:
    """Ids that were seen on this connection; the oldest of ``most`` is forgotten first."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._ids: dict[str, None] = {}

    def first(self, item: str) -> bool:
        """Whether this is the first sight of ``item``; remembers it."""
        if item in self._ids:
            return False
        self._ids[item] = None
        if len(self._ids) > self._most:
            del self._ids[next(iter(self._ids))]
        return True
