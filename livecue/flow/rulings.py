"""Under which rules each part judged which batch: word packs, presets and models change between two starts."""

from livecue.flow.ledger import RoomInfo
from livecue.store import Reader, Writer


class Rulings:
    """The rules in force by batch number, of one room."""

    def __init__(self, reader: Reader, room: str) -> None:
        self._since: dict[str, list[tuple[int, str]]] = {}
        for part, since, rules in reader.rows(
            "SELECT part, since, rules FROM rules_in_force WHERE room = ? ORDER BY part, since", (room,)
        ):
            self._since.setdefault(part, []).append((int(since), str(rules)))

    def others(self, number: int, now: dict[str, str]) -> frozenset[str]:
        """Parts that judged batch ``number`` by other rules than ``now``, or by rules nobody noted."""
        return frozenset(part for part, rules in now.items() if self._at(part, number) != rules)

    def _at(self, part: str, number: int) -> str | None:
        found = None
        for since, rules in self._since.get(part, ()):
            if since > number:
                break
            found = rules
        return found

    def note(self, writer: Writer, info: RoomInfo, number: int, now: dict[str, str]) -> None:
        """From batch ``number`` on these are in force; writes only what is new."""
        for part, rules in now.items():
            kept = self._since.setdefault(part, [])
            if kept and kept[-1][1] == rules:
                continue
            kept.append((number, rules))
            writer.put(
                "INSERT INTO rules_in_force (org, brand, room, part, since, rules) VALUES (?,?,?,?,?,?)",
                (info.org, info.brand, info.room, part, number, rules),
            )
