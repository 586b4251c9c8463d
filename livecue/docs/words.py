"""Both languages: texts of the code with their Chinese beside them, labels of the pages, and Markdown."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any, Literal, Protocol

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")


class Pair(Protocol):
    """Anything that says itself in both languages."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(files("livecue.docs").joinpath(name).read_text(encoding="utf-8"))


class Texts:
    """The Chinese of English texts, from ``chinese.toml``. A changed text is a new one: no translation goes stale."""

    def __init__(self) -> None:
        self._chinese: dict[str, str] = {row["en"]: row["zh"] for row in _file("chinese.toml")["text"]}
        self._asked: set[str] = set()
        self.lacking: list[str] = []
        """Asked for and not there, in the order of the pages."""

    def chinese(self, text: str) -> str:
        """The Chinese; the English itself where it lacks."""
        if text not in self._chinese and text not in self._asked:
            self.lacking.append(text)
        self._asked.add(text)
        return self._chinese.get(text, text)

    @property
    def unused(self) -> list[str]:
        """Rows whose English nobody asked for."""
        return sorted(self._chinese.keys() - self._asked)


_LABELS: dict[str, dict[str, str]] = _file("labels.toml")


class Words:
    """The words of one page's language."""

    def __init__(self, language: Language, texts: Texts) -> None:
        self.language = language
        self._texts = texts

    def label(self, name: str) -> str:
        """A word of the pages themselves."""
        return _LABELS[name][self.language]

    def of(self, pair: Pair) -> str:
        """A text that the data bring in both languages."""
        return pair.zh if self.language == "zh" else pair.en

    def text(self, english: str | None) -> str:
        """A text of the code in this language; English where its Chinese is missing, which is then told."""
        plain = flat(english or "")
        if self.language == "en" or not re.search("[a-z]", plain):
            return plain
        return self._texts.chinese(plain)

    def said(self, label: str, text: str) -> str:
        """A label with what it names."""
        return f"{self.label(label)}{'：' if self.language == 'zh' else ': '}{text}"

    def row(self, items: Iterable[str]) -> str:
        """Several statements in a row."""
        return ("；" if self.language == "zh" else "; ").join(items)

    def list(self, items: Iterable[str]) -> str:
        """Several words in a row."""
        return ("、" if self.language == "zh" else ", ").join(items)


def flat(text: str) -> str:
    """A docstring as one line of Markdown: without reST's double backticks and pointers for readers of the code."""
    plain = re.sub(r"\s+", " ", text).strip().replace("``", "`")
    return re.sub(r" \((?:design|domain|compliance|glossary)[^)]*\)", "", plain)


def cell(text: str) -> str:
    """Text inside a table."""
    return safe(text).replace("|", "\\|").replace("\n", " ")


def safe(text: str) -> str:
    """Text that Markdown shows as it is: angle brackets outside of code are no tags."""
    parts = text.split("`")
    return "`".join(part if place % 2 else re.sub("<(?=[A-Za-z/!])", "&lt;", part) for place, part in enumerate(parts))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; nothing when there are no rows."""
    lines = ["| " + " | ".join(cell(value) if value else " " for value in row) + " |" for row in rows]
    if not lines:
        return []
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *lines, ""]


def code(text: str) -> str:
    """As code, when there is something."""
    return f"`{text}`" if text else ""


def skeleton(texts: Iterable[str]) -> str:
    """The rows that ``chinese.toml`` lacks, ready to be filled in."""
    return "\n".join(f"[[text]]\nen = {_quoted(text)}\nzh = ''\n" for text in texts)


def _quoted(text: str) -> str:
    return "'" + text + "'" if "'" not in text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
