"""The wire of ``POST /v1/audio/transcriptions`` (OpenAI's audio API, spoken by several self-hosted servers)."""

import httpx

from livecue.errors import AuthFailed, BadPayload, Refused, Unavailable

TIMEOUT_S = 20.0


class Transcriber:
    """Sends a piece of audio, gives the text. ``key`` is sent as a bearer token and never logged."""

    def __init__(self, url: str, key: str = "", model: str = "whisper-1", client: httpx.Client | None = None) -> None:
        self._url = url
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = client or httpx.Client(timeout=TIMEOUT_S, follow_redirects=False)

    def text_of(self, audio: bytes, media_type: str, language: str) -> str:
        """What is said in ``audio`` (a whole file of ``media_type``); "" when nothing is.

        Raises ``AuthFailed``, ``Refused``, ``Unavailable`` or ``BadPayload``.
        """
        name = "speech." + media_type.partition("/")[2].partition(";")[0]
        try:
            answered = self._client.post(
                self._url,
                headers=self._headers,
                files={"file": (name, audio, media_type)},
                data={"model": self._model, "language": language, "response_format": "json"},
            )
        except httpx.HTTPError as error:
            raise Unavailable(f"the transcription address does not answer: {type(error).__name__}", 5.0) from error
        if answered.status_code in (401, 403):
            raise AuthFailed("the transcription address refuses the key")
        if answered.status_code == 429 or answered.status_code >= 500:
            raise Unavailable(f"the transcription address answered {answered.status_code}", 5.0)
        if not answered.is_success:
            raise Refused(f"the transcription address answered {answered.status_code}")
        try:
            text = answered.json()["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise BadPayload("the transcription address answered something else than a text") from error
        if not isinstance(text, str):
            raise BadPayload("the transcription address answered something else than a text")
        return text.strip()

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()
