"""The written schema of what may be told from outside."""

import json
from typing import Any

import msgspec

from livecue.docs.source import field_texts
from livecue.docs.words import flat
from livecue.events import OUTSIDE, Line, decode_line

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def events_schema() -> str:
    """JSON Schema of one line of the bridge: any event of ``OUTSIDE``, told by its ``kind``."""
    kinds = sorted(OUTSIDE, key=lambda kind: kind.__name__)
    (anyone, *_), parts = msgspec.json.schema_components([_union(kinds), *kinds], ref_template="#/$defs/{name}")
    explained: list[type[Any]] = [*kinds, Line]
    for kind in explained:
        _explain(parts[kind.__name__], kind)
    whole = {
        "$schema": _DIALECT,
        "title": "LiveCue events from outside",
        "description": flat(decode_line.__doc__ or ""),
        **anyone,
        "$defs": dict(sorted(parts.items())),
    }
    return _written(whole)


def _explain(schema: dict[str, Any], kind: type[Any]) -> None:
    """Put what the code says of a kind and of its fields into its schema."""
    schema["description"] = flat(kind.__doc__ or "")
    for name, text in field_texts(kind).items():
        schema["properties"][name]["description"] = flat(text)


def _union(kinds: list[Any]) -> Any:
    found: Any = kinds[0]
    for kind in kinds[1:]:
        found = found | kind
    return found


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
