"""The command ``livecue``: serve, demo, replay, import, export, user, check, check-text, backup, restore ..."""

import sys

import typer

from livecue.cli.command import cli, err
from livecue.errors import LiveCueError

# isort: off
# Each brings its commands, in the order in which the help names them.
from livecue.cli import running, shows, people, keeping, history, trying  # noqa: F401

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command; errors are one line that says what to do."""
    try:
        code = cli(standalone_mode=False)
    except LiveCueError as error:
        err.print(f"[red]livecue:[/red] {error}")
        sys.exit(2)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        shown = getattr(error, "show", None)
        if shown is None:
            raise
        shown()
        sys.exit(getattr(error, "exit_code", 2))
    if isinstance(code, int) and code:
        # What a command said by typer.Exit comes back as a value when click does not stand alone.
        sys.exit(code)
