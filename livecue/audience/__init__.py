"""Who is there: viewers' words and gifts."""

from livecue.audience.ledger import Audience, AudiencePicture, CommentView, list_comments

__all__ = ["Audience", "AudiencePicture", "CommentView", "list_comments"]
