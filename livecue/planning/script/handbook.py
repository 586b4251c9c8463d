"""The selling-point handbook (F04) of a product: advantages with their proof, answers, what must not be said."""

import msgspec

from livecue.events import Answer, Claim
from livecue.planning.script import tables
from livecue.store import Reader


class Body(msgspec.Struct, frozen=True):
    """What a handbook says."""

    advantages: list[Claim] = []
    answers: list[Answer] = []
    forbidden: list[str] = []
    scenes: list[str] = []
    demonstration: str = ""


class Handbook(msgspec.Struct, frozen=True):
    """The handbook of ``product``; ``version`` 0 is an unsaved proposal. ``unproved`` counts claims without proof."""

    product: str
    version: int
    made_by: str
    made_at: int
    body: Body
    unproved: int


def find_handbook(db: Reader, org: str, brand: str, product: str) -> Handbook | None:
    """The handbook; None when nobody wrote one."""
    rows = db.rows(tables.FIND_HANDBOOK, (org, brand, product))
    return _handbook(product, *rows[0]) if rows else None


def list_handbooks(db: Reader, org: str, brand: str) -> dict[str, Handbook]:
    """Every handbook of a brand by its product."""
    return {str(row[0]): _handbook(*row) for row in db.rows(tables.LIST_HANDBOOKS, (org, brand))}


def proposed(product: str, points: tuple[str, ...]) -> Handbook:
    """A first handbook out of the selling points of the catalogue; their proof is still to be named."""
    body = Body(advantages=[Claim(text=text) for text in points])
    return Handbook(product, 0, "", 0, body, len(body.advantages))


def _handbook(product: str, version: int, made_by: str, made_at: int, text: str) -> Handbook:
    body = msgspec.json.decode(text, type=Body)
    return Handbook(product, version, made_by, made_at, body, sum(not item.evidence for item in body.advantages))
