"""The doors to the selling-point handbooks of a brand's products."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.catalog import list_products
from livecue.errors import NotAllowed, NotFound
from livecue.events import Answer, Claim, HandbookSaved, ProductCard
from livecue.planning.script import Handbook, find_handbook, list_handbooks, proposed
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for
from livecue.web.rooms import ask, receipt_json
from livecue.web.services import Services

router = APIRouter()


class Entry(msgspec.Struct, frozen=True):
    """A product and its handbook; ``version`` 0 is a proposal out of its selling points."""

    product: str
    name: str
    handbook: Handbook


def _cards(door: Services, org: str, brand: str) -> dict[str, ProductCard]:
    return {item.card.product: item.card for item in list_products(door.reader, org, brand) if item.active}


@router.get("/api/handbooks")
async def handbooks(request: Request, brand: str = "", caller: Caller = Depends(Guard("watch"))) -> Response:
    """The handbook of every product of a brand."""
    door = services(request)
    org, brand = caller.person.org, brand_for(caller, "watch", brand, door)
    known = list_handbooks(door.reader, org, brand)
    return answer(
        [
            Entry(product, card.name, known.get(product) or proposed(product, card.selling_points))
            for product, card in sorted(_cards(door, org, brand).items())
        ]
    )


@router.get("/api/handbooks/{product}")
async def handbook(
    request: Request, product: str, brand: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """The handbook of a product; a proposal out of its selling points when nobody wrote one."""
    door = services(request)
    org, brand = caller.person.org, brand_for(caller, "watch", brand, door)
    card = _cards(door, org, brand).get(product)
    found = find_handbook(door.reader, org, brand, product)
    if card is None and found is None:
        raise NotFound("there is no such product")
    if found is None:
        found = proposed(product, card.selling_points if card else ())
    return answer(Entry(product, card.name if card else product, found))


class NewClaim(BaseModel):
    """An advantage with its proof."""

    text: str = Field(max_length=2000)
    evidence: str = Field(default="", max_length=2000)
    evidence_date: str = Field(default="", max_length=10)


class NewAnswer(BaseModel):
    """A question and its answer."""

    question: str = Field(max_length=2000)
    answer: str = Field(default="", max_length=2000)


class NewHandbook(BaseModel):
    """A handbook, whole."""

    advantages: list[NewClaim] = Field(default=[], max_length=200)
    answers: list[NewAnswer] = Field(default=[], max_length=200)
    forbidden: list[str] = Field(default=[], max_length=200)
    scenes: list[str] = Field(default=[], max_length=200)
    demonstration: str = Field(default="", max_length=2000)
    version: int = Field(default=0, ge=0)


@router.put("/api/handbooks/{product}")
async def save(
    request: Request, product: str, body: NewHandbook, brand: str = "", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Keep a handbook: whoever keeps the catalogue or plans the brand."""
    door = services(request)
    org, brand = caller.person.org, brand_for(caller, "watch", brand, door)
    if not any(caller.may(permission, org, brand) for permission in ("catalog", "plan")):
        raise NotAllowed("this needs the permission 'catalog' or 'plan' for the whole brand")
    if product not in _cards(door, org, brand):
        raise NotFound("there is no such product")
    given: dict[str, Any] = body.model_dump()
    event = HandbookSaved(
        org=org, brand=brand, product=product, version=body.version,
        advantages=tuple(Claim(**item) for item in given["advantages"]),
        answers=tuple(Answer(**item) for item in given["answers"]),
        forbidden=tuple(body.forbidden), scenes=tuple(body.scenes), demonstration=body.demonstration,
    )  # fmt: skip
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))
