"""Speech to text by an OpenAI-compatible address: whoever runs such a server, the house's own or a rented one."""

from livecue.integrations.transcription.client import Transcriber

__all__ = ["Transcriber"]
