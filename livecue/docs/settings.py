"""What can be set, by file, environment or command line."""

from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticUndefined

from livecue.config import Settings
from livecue.docs.words import Words, code, table


def page(words: Words) -> Iterator[str]:
    """docs/*/reference/settings.md."""
    yield f"# {words.label('settings')}"
    yield ""
    yield words.label("settings_intro")
    yield ""
    rows = []
    for name, field in Settings.model_fields.items():
        told = (_default(field.default), _bounds(field), words.text(field.description))
        rows.append((code(name), code(f"LIVECUE_{name.upper()}"), *told))
    heads = ("setting", "variable", "default", "bounds", "meaning")
    yield from table([words.label(head) for head in heads], rows)
    yield words.label("settings_example")
    yield ""


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return ""
    return code(f'"{value}"' if not isinstance(value, int | float) else str(value))


def _bounds(field: Any) -> str:
    found = []
    for item in field.metadata:
        for name, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤")):
            if getattr(item, name, None) is not None:
                found.append(f"{sign} {getattr(item, name)}")
        if getattr(item, "pattern", None):
            found.append(code(item.pattern))
    return ", ".join(found)
