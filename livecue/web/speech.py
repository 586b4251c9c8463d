"""What the host says, from a microphone at the stage: a piece of audio becomes ``SpeechHeard`` (R065)."""

import asyncio

from fastapi import APIRouter, Depends, Request, Response

from livecue.errors import BadInput, NotFound
from livecue.events import SpeechHeard
from livecue.kit import new_id
from livecue.web.auth import Caller, Guard, room_of, services
from livecue.web.json import answer

router = APIRouter()
MOST_BYTES = 4 << 20
MEDIA = frozenset({"audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav", "audio/x-wav"})


@router.get("/api/speech")
async def available(request: Request, caller: Caller = Depends(Guard("answer"))) -> Response:
    """Whether a transcription address is set."""
    return answer({"available": services(request).transcribe is not None})


@router.post("/api/rooms/{room}/speech")
async def heard(request: Request, room: str, caller: Caller = Depends(Guard("answer"))) -> Response:
    """One recorded piece (a whole file, some seconds long) as the body; answers the recognised text."""
    door, info = services(request), room_of(request, room)
    if door.transcribe is None:
        raise NotFound("no transcription address is set; see `transcription_url` in the settings")
    media = request.headers.get("content-type", "").lower()
    if media.partition(";")[0] not in MEDIA:
        raise BadInput(f"audio is taken as {', '.join(sorted(MEDIA))}")
    audio = b""
    async for part in request.stream():
        audio += part
        if len(audio) > MOST_BYTES:
            raise BadInput("a piece of audio has at most 4 MB; send shorter ones")
    text = await asyncio.to_thread(door.transcribe, audio, media, info.language) if audio else ""
    if text:
        event = SpeechHeard(key=new_id(), text=text[:5_000], at=door.clock.now_ms())
        await asyncio.wrap_future(door.pump.post(room, [event], source="transcription"))
    return answer({"text": text})
