"""The debrief as people read it: a page that prints, a workbook."""

from livecue.debrief.view.page import page_of
from livecue.debrief.view.sheet import MEDIA_TYPE, workbook_of

__all__ = ["MEDIA_TYPE", "page_of", "workbook_of"]
