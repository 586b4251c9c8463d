"""Bilibili 哔哩哔哩: the official live open platform's packets and commands, and the command stream of recordings."""

from livecue.integrations.bilibili.packets import Packet, auth_packet, heartbeat, split
from livecue.integrations.bilibili.session import Session

__all__ = ["Packet", "Session", "auth_packet", "heartbeat", "split"]
