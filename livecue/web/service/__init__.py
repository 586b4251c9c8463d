"""The doors to the service desk: the inbox, one conversation, what we know, how fast we are."""

from livecue.web.service import board, conversation, inbox, knowledge, news

ROUTERS = (inbox.router, news.router, conversation.router, knowledge.router, board.router)

__all__ = ["ROUTERS"]
