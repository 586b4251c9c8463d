"""Decoder of Douyin's web frames (unofficial; for recordings and operator-run companions). It connects to nothing."""

from livecue.integrations.douyin.webcast.frames import heartbeat
from livecue.integrations.douyin.webcast.session import Session

__all__ = ["Session", "heartbeat"]
