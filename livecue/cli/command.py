"""The command itself, and what its parts share: where they print, common options, settings, store, progress."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from livecue import __version__
from livecue.app import history_of, open_log, store_of
from livecue.config import Settings, load_settings
from livecue.errors import BadInput
from livecue.kit import SystemClock
from livecue.store import SharedReader

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, help="LiveCue 直播电商中控 · the control room of a live-selling team"
)
user = typer.Typer(no_args_is_help=True, help="People and their sign-in.")
cli.add_typer(user, name="user")
history = typer.Typer(no_args_is_help=True, help="Closed shows as Parquet: look, move, compare, bring back.")
cli.add_typer(history, name="history")
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Data = Annotated[Path | None, typer.Option("--data", help="Data folder (default livecue-data).")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file (default livecue.toml).")]


@cli.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Say the version.")] = False) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit


def settings_of(data: Path | None, config: Path | None, **given: Any) -> Settings:
    """Settings of file, environment and ``given``; the log is opened by them."""
    settings = load_settings(config, data=data, **given)
    open_log(settings.log_level, settings.log_format)
    return settings


class Told(Protocol):
    """Takes the share that is done, 0 to 1, and a word for what is being done now."""

    def __call__(self, share: float, what: str = "", /) -> None:
        """Show it."""
        ...


@contextmanager
def progress(title: str) -> Iterator[Told]:
    """A bar on standard error, where that is a terminal; call what it gives with the share that is done, 0 to 1."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)

        def told(share: float, what: str = "", /) -> None:
            bar.update(task, completed=min(1.0, share), description=f"{title}: {what}" if what else title)

        yield told


def reader_of(settings: Settings) -> SharedReader:
    """The database that is there, history included. Raises ``BadInput`` when there is none."""
    store = store_of(settings)
    if not store.exists():
        raise BadInput(f"there is no database in {store.name} yet; `livecue serve` makes one")
    reader = store.reader()
    reader.past = history_of(settings)
    return reader


def now_ms() -> int:
    """The wall clock, ms."""
    return SystemClock().now_ms()
