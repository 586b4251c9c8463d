"""The integrations that take pushes, for the door in ``web``."""

from collections.abc import Mapping
from typing import Any

from livecue.errors import NotFound
from livecue.integrations import Received, load_manifests
from livecue.web import PushKind, PushSetting


class Integrations:
    """Every manifest with the verb ``receive``."""

    def kinds(self) -> list[PushKind]:
        """Every one, with the settings it needs."""
        return [
            PushKind(
                one.id,
                one.platform,
                one.zh,
                one.en,
                one.official,
                tuple(PushSetting(s.name, s.zh, s.en, s.secret) for s in one.settings),
            )
            for one in load_manifests().values()
            if "receive" in one.verbs
        ]

    def receive(
        self, integration: str, headers: Mapping[str, str], body: bytes, settings: Mapping[str, str], now_ms: int
    ) -> Received:
        """Verify and translate. Raises ``AuthFailed``, ``BadPayload``, and ``NotFound`` when it is gone."""
        manifest = load_manifests().get(integration)
        if manifest is None:
            raise NotFound(f"there is no integration {integration!r} any more")
        given = {setting.name: setting.default for setting in manifest.settings} | dict(settings)
        verb: Any = manifest.load("receive")
        received: Received = verb(headers, body, settings=given, now_ms=now_ms)
        return received
