"""Which engine a room uses. Engines are immutable and shared; new words make a new engine, swapped in."""

from collections.abc import Sequence
from threading import Lock

from livecue.compliance.engine import Engine
from livecue.compliance.packs import OwnWord, load_packs
from livecue.flow import RoomInfo

_engines: dict[tuple[tuple[str, ...], tuple[OwnWord, ...]], Engine] = {}
_own: dict[tuple[str, str], tuple[OwnWord, ...]] = {}
_making = Lock()


def engine_of(room: RoomInfo) -> Engine:
    """The engine of a room's packs (all shipped ones when it names none) and its brand's own words.

    Raises ``BadInput`` when the room names a pack nobody ships.
    """
    key = (room.packs, _own.get((room.org, room.brand), ()))
    engine = _engines.get(key)
    if engine is None:
        with _making:
            engine = _engines.get(key)
            if engine is None:
                engine = _engines[key] = Engine(load_packs(room.packs), key[1])
    return engine


def set_own_words(org: str, brand: str, words: Sequence[OwnWord]) -> None:
    """Give a brand its own words from the next text on. The new engines are made here, by the caller, and swapped in:
    texts that are being checked meanwhile are checked by the old ones."""
    before = _own.get((org, brand), ())
    after = tuple(words)
    for packs, own in list(_engines):
        if own == before and (packs, after) not in _engines:
            engine = Engine(load_packs(packs), after)
            engine.warm()
            _engines[packs, after] = engine
    _own[org, brand] = after
    in_use = {(), *_own.values()}
    for key in [key for key in _engines if key[1] not in in_use]:
        del _engines[key]
