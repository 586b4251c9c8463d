"""``livecue check``, ``backup``, ``restore`` and ``migrate-store``."""

from pathlib import Path
from typing import Annotated

import typer

from livecue.app import make_folder, move, move_target, note_backup, run_checks, store_of, take_lock
from livecue.cli.command import Config, Data, cli, out, progress, reader_of, settings_of


@cli.command()
def check(
    data: Data = None, config: Config = None, port: Annotated[int | None, typer.Option(help="Port.")] = None
) -> None:
    """Look at settings, data folder, database, port and integrations; say what is wrong and what to do."""
    settings = settings_of(data, config, port=port)
    with progress("check") as told:
        findings = run_checks(settings, told)
    for finding in findings:
        mark = {"ok": "[green]ok[/green]   ", "warn": "[yellow]warn[/yellow] ", "fail": "[red]fail[/red] "}[
            finding.verdict
        ]
        out.print(f"{mark} {finding.what}: {finding.said}")
        if finding.do:
            out.print(f"       -> {finding.do}")
    if any(finding.verdict == "fail" for finding in findings):
        raise typer.Exit(1)


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the backup.")], data: Data = None, config: Config = None
) -> None:
    """Copy the database in a consistent state, while LiveCue may run."""
    settings = settings_of(data, config)
    reader_of(settings).close()
    with progress("backup") as told:
        store_of(settings).backup(file, lambda done, total: told(done / max(1, total)))
    note_backup(settings.data)
    out.print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")], data: Data = None, config: Config = None
) -> None:
    """Put a backup in place; every action that was under way waits for a person."""
    settings = settings_of(data, config)
    make_folder(settings.data)
    lock = take_lock(settings.data)
    try:
        with progress("restore") as told:
            held = store_of(settings).restore(file, lambda done, total: told(done / max(1, total)))
    finally:
        lock.close()
    out.print(f"restored; {held} actions are held until a person releases each (Office > Actions)")


@cli.command("migrate-store")
def migrate_store(
    to: Annotated[str, typer.Argument(help="postgresql://... or the path of a database file that does not exist yet.")],
    data: Data = None,
    config: Config = None,
) -> None:
    """Copy everything kept into an empty database of the other kind, and count it; the old one stays as it is."""
    settings = settings_of(data, config)
    make_folder(settings.data)
    lock = take_lock(settings.data)
    source, target = store_of(settings), move_target(to)
    with progress(f"{source.name} > {target.name}") as told:
        copied = move(source, target, settings, lambda done, total: told(done / max(1, total)))
    lock.close()
    for name, count in copied.items():
        out.print(f"  {name:<22}{count:>10}")
    out.print(f"{sum(copied.values())} rows in {len(copied)} tables, counted in both; {target.name} is complete.")
    out.print(
        "From now on start with store_dsn (LIVECUE_STORE_DSN) naming it; the old file is not used any more."
        if to.startswith("postgres")
        else f"From now on start without store_dsn, with --data {Path(to).parent}; the server is not used any more."
    )
