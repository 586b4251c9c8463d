"""Which page is made from what."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from livecue.docs import commands, events, http, metrics, roles, rules, schema, settings, states
from livecue.docs.words import LANGUAGES, Texts, Words

Maker = Callable[[Words], Iterable[str]]

MAKERS: dict[str, Maker] = {
    "events": events.page,
    "rules": rules.page,
    "metrics": metrics.page,
    "states": states.page,
    "roles": roles.roles_page,
    "documents": roles.documents_page,
    "settings": settings.page,
    "commands": commands.page,
    "http": http.page,
}
SCHEMA = "docs/events.schema.json"

OUTPUTS: tuple[str, ...] = (
    *(f"docs/{language}/reference/{name}.md" for language in LANGUAGES for name in MAKERS),
    SCHEMA,
)
"""Every file this writes, relative to the root of the tree."""


def generate(texts: Texts | None = None) -> dict[str, str]:
    """The text of every page by its path. The same code gives the same bytes."""
    known = texts if texts is not None else Texts()
    pages: dict[str, str] = {}
    for language in LANGUAGES:
        words = Words(language, known)
        for name, maker in MAKERS.items():
            head = [f"<!-- {words.label('generated')} -->"]
            pages[f"docs/{language}/reference/{name}.md"] = _closed("\n".join([*head, *maker(words)]))
    pages[SCHEMA] = schema.events_schema()
    return pages


def outdated(root: Path, pages: Mapping[str, str]) -> list[str]:
    """The pages whose file is missing or says something else."""
    return [path for path, text in pages.items() if _read(root / path) != text]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _closed(text: str) -> str:
    return text.rstrip("\n") + "\n"
