"""The command ``livecue`` with its arguments and options, as it explains itself."""

from collections.abc import Iterator
from typing import Any

import typer

from livecue.cli import cli
from livecue.docs.words import Words, code, safe, table

_VALUES = {"Path": "PATH", "str": "TEXT", "int": "NUMBER", "float": "NUMBER"}


def page(words: Words) -> Iterator[str]:
    """docs/*/reference/commands.md."""
    yield f"# {words.label('commands')}"
    yield ""
    yield words.label("commands_intro")
    yield ""
    yield from _group(typer.main.get_command(cli), "livecue", words)


def _group(command: Any, path: str, words: Words) -> Iterator[str]:
    for name, inner in command.commands.items():
        if getattr(inner, "commands", None):
            yield from _group(inner, f"{path} {name}", words)
        else:
            yield from _command(inner, f"{path} {name}", words)


def _command(command: Any, path: str, words: Words) -> Iterator[str]:
    arguments = [item for item in command.params if item.param_type_name == "argument"]
    options = [item for item in command.params if item.param_type_name == "option" and item.name != "help"]
    shown = [f"{item.name.upper()}" if item.required else f"[{item.name.upper()}]" for item in arguments]
    yield f"## {' '.join([path, *shown])}"
    yield ""
    yield safe(words.text(command.help))
    yield ""
    rows = [(code(item.name.upper()), words.text(getattr(item, "help", ""))) for item in arguments]
    rows += [(code(_option(item)), words.text(getattr(item, "help", ""))) for item in options]
    yield from table([words.label("option"), words.label("meaning")], rows)


def _option(item: Any) -> str:
    names = ", ".join(sorted(item.opts, key=len, reverse=True))
    kind = item.type_descriptor.annotation
    return names if item.is_flag else f"{names} {_VALUES[kind.__name__]}"
