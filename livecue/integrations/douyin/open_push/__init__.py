"""Douyin's official push of live interaction data (直播间开放数据): verify, translate, answer."""

from livecue.integrations.douyin.open_push.push import receive, signature
from livecue.integrations.douyin.open_push.translate import translate

__all__ = ["receive", "signature", "translate"]
