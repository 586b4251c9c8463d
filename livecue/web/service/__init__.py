"""The doors to the service desk: the inbox, one conversation, what we know, how fast we are, how content they are."""

from livecue.web.service import board, conversation, inbox, knowledge, news, rates

ROUTERS = (inbox.router, news.router, conversation.router, knowledge.router, board.router, rates.router)

__all__ = ["ROUTERS"]
