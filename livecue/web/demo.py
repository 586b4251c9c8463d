"""The demo's buttons."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import NotAllowed, NotFound
from livecue.web.auth import Caller, Guard, services
from livecue.web.services import DemoControls

router = APIRouter()


class Rate(BaseModel):
    """How many times faster than real."""

    rate: float = Field(gt=0, le=120)


def _whole(caller: Caller) -> None:
    if caller.session.scope != "full":
        raise NotAllowed("a stage device shows the stage and nothing else")


def _demo(request: Request, room: str | None = None) -> DemoControls:
    demo = services(request).demo
    if demo is None or (room is not None and room not in demo.rooms):
        raise NotFound("this is no room of the demo")
    return demo


@router.post("/api/demo/{room}/rate", status_code=204)
async def rate(request: Request, room: str, body: Rate, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Change the speed of the show."""
    _whole(caller)
    _demo(request, room).set_rate(room, body.rate)
    return Response(status_code=204)


@router.post("/api/demo/{room}/end", status_code=204)
async def end(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """End the show now; its debrief is written."""
    _whole(caller)
    _demo(request, room).end(room)
    return Response(status_code=204)


@router.delete("/api/demo", status_code=204)
async def remove(request: Request, caller: Caller = Depends(Guard("run"))) -> Response:
    """Take the demo away."""
    _demo(request).remove()
    return Response(status_code=204)
