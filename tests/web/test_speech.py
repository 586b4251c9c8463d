"""What the host says comes from a microphone through a transcription address; without one nobody pretends to listen."""

import httpx
import pytest

from livecue.errors import AuthFailed, BadPayload, IntegrationError, Refused, Unavailable
from livecue.events import SpeechHeard
from livecue.integrations.transcription import Transcriber
from livecue.store import read_batches
from tests.web.conftest import House


def transcriber(
    status: int, content: bytes = b'{"text": " \xe5\x85\xa8\xe7\xbd\x91\xe6\x9c\x80\xe4\xbd\x8e "}'
) -> Transcriber:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        assert request.headers["authorization"] == "Bearer secret"
        assert b'name="model"' in request.content and b"AUDIO" in request.content
        return httpx.Response(status, content=content)

    return Transcriber(
        "http://127.0.0.1:9/v1/audio/transcriptions", "secret", "m", httpx.Client(transport=httpx.MockTransport(answer))
    )


def test_a_text_comes_back() -> None:
    assert transcriber(200).text_of(b"AUDIO", "audio/webm;codecs=opus", "zh") == "全网最低"


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (401, b"", AuthFailed),
        (429, b"", Unavailable),
        (503, b"", Unavailable),
        (400, b"", Refused),
        (200, b"[]", BadPayload),
        (200, b"{", BadPayload),
    ],
)
def test_errors_are_the_four(status: int, content: bytes, error: type[IntegrationError]) -> None:
    with pytest.raises(error):
        transcriber(status, content).text_of(b"AUDIO", "audio/webm", "zh")


def test_speech_enters_the_room(house: House) -> None:
    host = house.client("host")
    assert host.get("/api/speech").json() == {"available": False}
    audio = {"content-type": "audio/webm;codecs=opus"}
    assert host.post("/api/rooms/r1/speech", content=b"AUDIO", headers=audio).status_code == 404
    house.web.state.services.transcribe = transcriber(200).text_of
    assert host.post("/api/rooms/r1/speech", content=b"AUDIO", headers=audio).json() == {"text": "全网最低"}
    assert host.post("/api/rooms/r1/speech", content=b"x", headers={"content-type": "text/html"}).status_code == 422
    assert house.client("stranger").post("/api/rooms/r1/speech", content=b"AUDIO", headers=audio).status_code == 404
    heard = [e for b in read_batches(house.app.reader, "r1", 0) for e in b.events if isinstance(e, SpeechHeard)]
    assert [event.text for event in heard] == ["全网最低"]
    house.web.state.services.transcribe = transcriber(503).text_of
    assert host.post("/api/rooms/r1/speech", content=b"AUDIO", headers=audio).status_code == 502


def test_the_bridge_describes_itself(house: House) -> None:
    found = house.client().get("/bridge/v1/openapi.json").json()
    assert set(found["paths"]) == {"/bridge/v1/rooms/{room}/events", "/bridge/v1/rooms/{room}/stream"}
    assert "CommentPosted" in found["components"]["schemas"]
    assert "CueRaised" not in found["components"]["schemas"]
