"""Writes the reference pages of ``docs/`` out of the code and the data it runs on, in both languages."""

from livecue.docs.http import paths_of_routes
from livecue.docs.pages import OUTPUTS, generate, outdated
from livecue.docs.words import Texts

__all__ = ["OUTPUTS", "Texts", "generate", "outdated", "paths_of_routes"]
