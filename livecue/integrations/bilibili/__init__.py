"""Bilibili 哔哩哔哩: the official live open platform's packets and commands, and the command stream of recordings."""

from livecue.integrations.bilibili.packets import Packet, auth_packet, heartbeat, split
from livecue.integrations.bilibili.session import Session
from livecue.integrations.bilibili.signing import request_headers, request_signature

__all__ = ["Packet", "Session", "auth_packet", "heartbeat", "request_headers", "request_signature", "split"]
