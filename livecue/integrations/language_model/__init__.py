"""Answers worded by a language model at an OpenAI-compatible address: the house's own server or a rented one."""

from livecue.integrations.language_model.client import LanguageModel, Worded

__all__ = ["LanguageModel", "Worded"]
