"""Templates and facts of a brand, and how far answers go by themselves."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.desk.service import VARIABLES, auto, list_facts, list_templates
from livecue.events import FactRemoved, FactSaved, TemplateRemoved, TemplateSaved
from livecue.kit import new_id
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for
from livecue.web.rooms import ask, receipt_json
from livecue.web.service.inbox import PERMISSION

router = APIRouter()


class NewTemplate(BaseModel):
    """A ready answer; `{product}`, `{stock}` and the like are filled in when it is used."""

    template: str = Field(default="", max_length=200)
    title: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=2000)
    topic: str = Field(default="", max_length=60)
    hotkey: str = Field(default="", max_length=20)


class NewFact(BaseModel):
    """Something we know and may tell, with its source; `until` (ms) 0 is no end."""

    fact: str = Field(default="", max_length=200)
    question: str = Field(min_length=1, max_length=500)
    answer: str = Field(min_length=1, max_length=2000)
    topic: str = Field(default="other", max_length=60)
    product: str = Field(default="", max_length=200)
    source: str = Field(min_length=1, max_length=500)
    until: int = Field(default=0, ge=0, le=10**15)


async def _tell(request: Request, event: Any, caller: Caller) -> Response:
    return answer(receipt_json(await ask(services(request), HOUSE, event, caller)))


@router.get("/api/service/knowledge")
async def knowledge(request: Request, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))) -> Response:
    """The brand's templates and facts, the variables of templates, and which topics may go out by themselves."""
    door = services(request)
    brand, org = brand_for(caller, PERMISSION, brand, door), caller.person.org
    rules = auto()
    return answer(
        {
            "brand": brand,
            "templates": list_templates(door.reader, org, brand),
            "facts": list_facts(door.reader, org, brand),
            "variables": VARIABLES,
            "topics": rules.topics,
            "never": rules.never,
            "own": rules.own,
            "rules": {"since": rules.since, "mark": rules.mark, "source": rules.source, "send_from": rules.send_from},
        }
    )


@router.post("/api/service/templates")
async def save_template(
    request: Request, body: NewTemplate, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Save a template; a key belongs to one template only."""
    brand = brand_for(caller, PERMISSION, brand, services(request))
    event = TemplateSaved(
        org=caller.person.org, brand=brand, template=body.template or new_id(), title=body.title.strip(),
        text=body.text, topic=body.topic, hotkey=body.hotkey.strip(),
    )  # fmt: skip
    return await _tell(request, event, caller)


@router.delete("/api/service/templates/{template}")
async def remove_template(
    request: Request, template: str, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """The template is not offered any more."""
    brand = brand_for(caller, PERMISSION, brand, services(request))
    return await _tell(request, TemplateRemoved(org=caller.person.org, brand=brand, template=template), caller)


@router.post("/api/service/facts")
async def save_fact(
    request: Request, body: NewFact, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """Save a fact with its source."""
    brand = brand_for(caller, PERMISSION, brand, services(request))
    event = FactSaved(
        org=caller.person.org, brand=brand, fact=body.fact or new_id(), question=body.question.strip(),
        answer=body.answer.strip(), topic=body.topic, product=body.product, source=body.source.strip(),
        until=body.until,
    )  # fmt: skip
    return await _tell(request, event, caller)


@router.delete("/api/service/facts/{fact}")
async def remove_fact(
    request: Request, fact: str, brand: str = "", caller: Caller = Depends(Guard(PERMISSION))
) -> Response:
    """The fact does not hold any more; an answer that was to go out with it does not."""
    brand = brand_for(caller, PERMISSION, brand, services(request))
    return await _tell(request, FactRemoved(org=caller.person.org, brand=brand, fact=fact), caller)
