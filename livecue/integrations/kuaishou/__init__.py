"""Kuaishou 快手: decoder of captured web frames (unofficial; for recordings and operator-run companions)."""

from livecue.integrations.kuaishou.session import Session

__all__ = ["Session"]
