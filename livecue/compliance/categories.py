"""What kind of goods a text speaks of: the trade's words to the codes the packs use."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def category_words() -> dict[str, tuple[str, ...]]:
    """``data/categories.toml``: codes with the words that lead to them, the specific before the general."""
    text = (files("livecue.compliance") / "data" / "categories.toml").read_text("utf-8")
    return {code: tuple(words) for code, words in tomllib.loads(text).items()}


@cache
def category_code(text: str) -> str:
    """The code for a room's or product's category ("美妆护肤" is cosmetics); "" when it is not known."""
    name = text.strip().lower()
    codes = category_words()
    if name in codes:
        return name
    parts = name.replace("-", "_").replace("/", " ").replace(">", " ").split()
    for code, words in codes.items():
        if any(word in parts if word.isascii() else word in name for word in words):
            return code
    return ""
