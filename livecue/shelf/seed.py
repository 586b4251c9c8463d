"""The secret half of a draw, kept apart from the journal: nobody who reads along can tell the winners beforehand."""

import secrets

import msgspec

from livecue.flow import RoomInfo
from livecue.shelf import tables
from livecue.shelf.lot import commitment_of
from livecue.store import Writer


class Seed(msgspec.Struct, frozen=True):
    """``seed`` is revealed when the draw was held, ``salt`` (by which viewers become codes) never."""

    draw: str
    seed: str
    salt: str

    @property
    def commitment(self) -> str:
        """What is published before anybody takes part."""
        return commitment_of(self.draw, self.seed)


def new_seed(draw: str) -> Seed:
    """From the operating system's source of randomness."""
    return Seed(draw, secrets.token_hex(32), secrets.token_hex(16))


def keep_seed(writer: Writer, info: RoomInfo, seed: Seed, now: int) -> None:
    """Keep it in the room's database; a draw has one seed for good."""
    writer.write(tables.SAVE_SEED, (info.org, info.brand, info.room, seed.draw, seed.seed, seed.salt, now))
