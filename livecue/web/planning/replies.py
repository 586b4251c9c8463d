"""The doors to the replies to unfavourable comments (F19) of a brand."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import NotAllowed
from livecue.events import NegativeReply, ReplySetSaved
from livecue.planning.script import find_replies
from livecue.store import HOUSE
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for
from livecue.web.rooms import ask, receipt_json

router = APIRouter()


class NewReply(BaseModel):
    """A reply as it is written."""

    trigger: str = Field(default="", max_length=2000)
    text: str = Field(default="", max_length=2000)
    ask: str = Field(default="", max_length=2000)
    escalate: str = Field(default="", max_length=60)


class NewSet(BaseModel):
    """The whole set, on the version seen plus one."""

    replies: list[NewReply] = Field(default=[], max_length=500)
    version: int = Field(default=0, ge=0)


@router.get("/api/negative-replies")
async def replies(request: Request, brand: str = "", caller: Caller = Depends(Guard("watch"))) -> Response:
    """The replies to unfavourable comments of a brand; version 0 where nobody wrote any."""
    door = services(request)
    brand = brand_for(caller, "watch", brand, door)
    return answer(find_replies(door.reader, caller.person.org, brand))


@router.put("/api/negative-replies")
async def save(
    request: Request, body: NewSet, brand: str = "", caller: Caller = Depends(Guard("comments"))
) -> Response:
    """Keep the replies of a brand, whole."""
    door = services(request)
    brand = brand_for(caller, "comments", brand, door)
    if not caller.may("comments", caller.person.org, brand):
        raise NotAllowed(
            "this needs the permission 'comments' for the whole brand: the replies are those of every room"
        )
    event = ReplySetSaved(
        org=caller.person.org, brand=brand, version=body.version,
        replies=tuple(NegativeReply(row.trigger, row.text, row.ask, row.escalate) for row in body.replies),
    )  # fmt: skip
    return answer(receipt_json(await ask(door, HOUSE, event, caller)))
