"""TikTok LIVE: decoder of captured web frames (unofficial; for recordings and operator-run companions)."""

from livecue.integrations.tiktok.session import Session, acknowledgement

__all__ = ["Session", "acknowledgement"]
