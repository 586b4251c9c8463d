"""The command ``livecue``: serve, demo, replay, import, export, user, check, check-text, backup, restore ..."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import segno
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from livecue import __version__
from livecue.app import (
    App,
    Demo,
    Replay,
    check_file,
    export_show,
    free_port,
    history_of,
    lan_address,
    make_folder,
    move,
    move_target,
    note_backup,
    offline,
    open_log,
    run_checks,
    serve,
    store_of,
    take_lock,
    verify_history,
    web_of,
)
from livecue.catalog import list_products, read_products
from livecue.config import Settings, load_settings
from livecue.errors import BadInput, Conflict, LiveCueError, NotApplied
from livecue.kit import SystemClock
from livecue.planning.roster import Step, read_instance, solve_instance
from livecue.store import JOURNAL, Reader, SharedReader, Store, every_history_file, transaction
from livecue.team import find_person, hash_password, list_people, new_link, save_password

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


@cli.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Say the version.")] = False) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit


def _settings(data: Path | None, config: Path | None, **given: Any) -> Settings:
    settings = load_settings(config, data=data, **given)
    open_log(settings.log_level, settings.log_format)
    return settings


@contextmanager
def _progress(title: str) -> Iterator[Callable[[float], None]]:
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda share: bar.update(task, completed=min(1.0, share))


def _serve(settings: Settings, demo: bool, lan: bool, rate: float = 1.0, duration_s: int | None = None) -> None:
    free_port(settings.host, settings.port)
    lost = threading.Event()

    def stop() -> None:
        lost.set()
        os.kill(os.getpid(), signal.SIGTERM)

    def stopped(number: int, frame: object) -> None:
        raise _Stopped

    # The web server stops at SIGTERM and then raises it anew: without a handler that would be the end, in mid-air.
    signal.signal(signal.SIGTERM, stopped)
    roles = frozenset(name.strip() for name in settings.roles.split(","))
    app: App | None = None
    shown: Demo | None = None
    try:
        # A demo drives rooms of its own: it bears no other program beside it.
        app = App(settings, stand_by=True, roles=None if demo else roles, on_lost=stop)
        app.start(whole_process=True)
        if "web" in roles:
            _first_owner(app)
        if demo:
            shown = Demo(app, duration_s=duration_s)
            with _progress("演示场次的前 40 分钟正在过真实链路 · pumping the demo's first 40 minutes") as told:
                shown.open(told)
            shown.set_rate("demo", rate)
            shown.start()
        running = app
        serve(web_of(app, shown, lan), settings.host, settings.port, lambda: _say_where(running, lan, demo))
    except _Stopped:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if shown is not None:
            shown.stop()
        if app is not None:
            app.stop()
    if lost.is_set():
        raise Conflict("another LiveCue struck this one out while it was silent; start it again: it takes part anew")


class _Stopped(BaseException):
    """Somebody wants the program to end, in order."""


def _first_owner(app: App) -> None:
    """Make the owner of the organisation; where programs share the work, a pump may come up later than we do."""
    while True:
        try:
            app.first_owner()
            return
        except NotApplied:
            err.print("no program with the role pump runs yet; start one (livecue serve --roles pump): waiting for it")


def _say_where(app: App, lan: bool, demo: bool) -> None:
    settings = app.settings
    host = lan_address() if lan else ("127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host)
    base = f"http://{host}:{settings.port}"
    if "web" not in app.roles:
        out.print(f"\n[bold]LiveCue {__version__}[/bold]  {', '.join(sorted(app.roles))}  {base}/healthz\n")
        return
    out.print(f"\n[bold]LiveCue {__version__}[/bold]  {base}")
    if demo or app.needs_link():
        out.print(f"登录 · sign in (one time): [bold]{base}{app.link()}[/bold]")
    else:
        out.print("用密码登录；新链接：livecue user link · sign in by password; new link: livecue user link")
    if lan:
        segno.make(base).terminal(compact=True)
        out.print(
            "[yellow]局域网内以明文 HTTP 提供，请勿在公共网络使用 · "
            "plain HTTP on the local network: not for public networks[/yellow]"
        )
    out.print("按 Ctrl+C 停止 · Ctrl+C stops\n")


@cli.command("serve")
def serve_command(
    data: Data = None,
    config: Config = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (default loopback).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (default 8642).")] = None,
    lan: Annotated[bool, typer.Option("--lan", help="Let devices of the local network in (plain HTTP).")] = False,
    roles: Annotated[
        str | None,
        typer.Option(help="What this program does: intake,pump,runner,web (default all; less needs PostgreSQL)."),
    ] = None,
) -> None:
    """Run the control room, or a part of it beside other programs on the same PostgreSQL."""
    settings = _settings(data, config, host="0.0.0.0" if lan and host is None else host, port=port, roles=roles)
    _serve(settings, False, lan)


@cli.command()
def demo(
    data: Data = None,
    config: Config = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (default loopback).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (default 8642).")] = None,
    lan: Annotated[bool, typer.Option("--lan", help="Let devices of the local network in (plain HTTP).")] = False,
    rate: Annotated[float, typer.Option(help="How many times faster than real the show runs.")] = 1.0,
    minutes: Annotated[int | None, typer.Option(help="Length of the show, minutes (default 120).")] = None,
) -> None:
    """Run the control room with a simulated show in it."""
    settings = _settings(data, config, host="0.0.0.0" if lan and host is None else host, port=port)
    _serve(settings, True, lan, rate, minutes * 60 if minutes else None)


@cli.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A LiveCue recording or a platform's log.")],
    data: Data = None,
    config: Config = None,
    rate: Annotated[str, typer.Option(help="1 is the real pace; max is as fast as it goes.")] = "max",
) -> None:
    """Replay a recording into a room of its own and say what it holds."""
    try:
        pace = None if rate == "max" else float(rate)
    except ValueError:
        raise BadInput("--rate takes a number or max") from None
    if pace is not None and not 0 < pace <= 1000:
        raise BadInput("--rate lies above 0 and at most 1000")
    app = App(_settings(data, config))
    try:
        app.start()
        app.first_owner()
        played = Replay(app, file)
        totals = played.run(pace)
    finally:
        app.stop()
    out.print(f"room {totals.room}: {totals.events} events")
    for kind, count in totals.kinds.items():
        out.print(f"  {kind:<22}{count:>8}")
    if totals.bad_lines:
        out.print(f"[yellow]{totals.bad_lines} lines could not be read:[/yellow]")
        for row in played.recording.errors[:10]:
            out.print(f"  line {row.line}: {row.message}")


@cli.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A spreadsheet of products (选品表: .xlsx, .csv).")],
    data: Data = None,
    config: Config = None,
    brand: Annotated[str | None, typer.Option(help="Brand to import into (default: the first).")] = None,
    sure: Annotated[bool, typer.Option(help="Take prices that look like fen all the same.")] = False,
) -> None:
    """Import products; rows that cannot be used are named."""
    if not file.is_file():
        raise BadInput(f"{file} does not exist")
    app = App(_settings(data, config))
    try:
        app.start()
        app.first_owner()
        org, into = app.settings.org, brand or app.settings.brand
        known = list_products(app.reader, org, into)
        found = read_products(file.read_bytes(), file.name, org, into, known=known, sure=sure)
        if found.products:
            app.tell_house(*found.products)
    finally:
        app.stop()
    out.print(f"{len(found.products)} products imported, {len(found.errors)} errors")
    for wrong in found.errors:
        out.print(f"  row {wrong.row}, {wrong.column}: {wrong.message}")
    if found.errors:
        raise typer.Exit(1)


@cli.command()
def export(
    show: Annotated[str, typer.Argument(help="Id of the show.")],
    file: Annotated[Path | None, typer.Argument(help="Where to write (default SHOW.jsonl.gz).")] = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Write what entered the room during a show as a recording."""
    _export(_settings(data, config), show, file)


def _export(settings: Settings, show: str, file: Path | None) -> None:
    target = file or Path(f"{show}.jsonl.gz")
    if target.exists():
        raise BadInput(f"{target} exists already; name another file")
    reader = _reader(settings)
    try:
        count = export_show(reader, show, target)
    finally:
        reader.close()
    out.print(f"{target}: {count} events")


def _store(settings: Settings) -> Store:
    return store_of(settings)


def _reader(settings: Settings) -> SharedReader:
    store = _store(settings)
    if not store.exists():
        raise BadInput(f"there is no database in {store.name} yet; `livecue serve` makes one")
    reader = store.reader()
    reader.past = history_of(settings)
    return reader


@user.command("list")
def user_list(data: Data = None, config: Config = None) -> None:
    """Everybody of the organisation."""
    settings = _settings(data, config)
    reader = _reader(settings)
    for person in list_people(reader, settings.org):
        roles = ", ".join(sorted({grant.role for grant in person.grants})) or "-"
        out.print(
            f"{person.person}  {person.name}  {person.login or '-'}  {roles}{'' if person.active else '  (inactive)'}"
        )
    reader.close()


def _owner(reader: Reader, settings: Settings, person: str | None) -> str:
    if person is not None:
        if find_person(reader, person) is None:
            raise BadInput(f"there is no person {person!r}; `livecue user list` names them")
        return person
    owners = [p for p in list_people(reader, settings.org) if any(g.role == "owner" for g in p.grants)]
    if not owners:
        raise BadInput("there is no owner yet; `livecue serve` makes one")
    return owners[0].person


@user.command("link")
def user_link(
    person: Annotated[str | None, typer.Argument(help="Whose (default the owner's).")] = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Make a new one-time sign-in link; works while LiveCue runs."""
    settings = _settings(data, config)
    reader = _reader(settings)
    who = _owner(reader, settings, person)
    writer = _store(settings).writer()
    with transaction(writer):
        token = new_link(writer, settings.org, who, _now())
    out.print(f"http://127.0.0.1:{settings.port}/signin?token={token}")
    writer.close()
    reader.close()


@user.command("password")
def user_password(
    person: Annotated[str | None, typer.Argument(help="Whose (default the owner's).")] = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Set a password; every session of the person ends."""
    settings = _settings(data, config)
    reader = _reader(settings)
    who = _owner(reader, settings, person)
    hashed = hash_password(typer.prompt("password", hide_input=True, confirmation_prompt=True))
    writer = _store(settings).writer()
    with transaction(writer):
        save_password(writer, settings.org, who, hashed, _now())
    out.print("done")
    writer.close()
    reader.close()


def _now() -> int:
    return SystemClock().now_ms()


@cli.command()
def check(
    data: Data = None, config: Config = None, port: Annotated[int | None, typer.Option(help="Port.")] = None
) -> None:
    """Look at settings, data folder, database, port and integrations; say what is wrong and what to do."""
    findings = run_checks(_settings(data, config, port=port))
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
    settings = _settings(data, config)
    _reader(settings).close()
    with _progress("backup") as told:
        _store(settings).backup(file, lambda done, total: told(done / max(1, total)))
    note_backup(settings.data)
    out.print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")], data: Data = None, config: Config = None
) -> None:
    """Put a backup in place; every action that was under way waits for a person."""
    settings = _settings(data, config)
    make_folder(settings.data)
    lock = take_lock(settings.data)
    held = _store(settings).restore(file)
    lock.close()
    out.print(f"restored; {held} actions are held until a person releases each (Office > Actions)")


@history.command("status")
def history_status(data: Data = None, config: Config = None) -> None:
    """What has been written, what has left the journal, what still waits."""
    settings = _settings(data, config)
    reader = _reader(settings)
    try:
        files = [file for file in every_history_file(reader) if ":" not in file.kind]
        out.print(f"history in {history_of(settings).place.name}")
        for room in sorted({file.room for file in files}):
            mine = [file for file in files if file.room == room and file.kind == JOURNAL]
            facts = [file for file in files if file.room == room and file.kind != JOURNAL]
            gone = sum(file.batches for file in mine if file.dropped_at)
            days = f"{mine[0].day} to {mine[-1].day}" if mine else "-"
            out.print(
                f"  {room}: {days}, {len(mine)} files, {sum(f.row_count for f in mine)} rows,"
                f" {sum(f.bytes for f in (*mine, *facts)) / 1e6:.2f} MB, {gone} batches have left the journal;"
                f" {len(facts)} files of facts"
            )
        for room, count in reader.rows("SELECT room, COUNT(*) FROM journal GROUP BY room ORDER BY room"):
            out.print(f"  journal of {room}: {count} batches")
    finally:
        reader.close()


@history.command("archive")
def history_archive(data: Data = None, config: Config = None) -> None:
    """Do now what is due: write closed shows, merge small files, drop what was compared long enough ago."""
    settings = _settings(data, config)
    _reader(settings).close()
    reader, archiver, _ = offline(_store(settings), settings)
    try:
        done = archiver.step()
    finally:
        reader.close()
    out.print(
        f"{done.written} files written ({done.events} events), {done.merged} files merged,"
        f" {done.dropped} batches left the journal"
    )


@history.command("verify")
def history_verify(
    data: Data = None,
    config: Config = None,
    mend: Annotated[bool, typer.Option("--mend", help="Write anew what the journal still holds.")] = False,
) -> None:
    """Compare every file with what was written; name what is lacking, damaged or left over."""
    settings = _settings(data, config)
    _reader(settings).close()
    reader, archiver, kept = offline(_store(settings), settings)
    try:
        with _progress("history") as told:
            found = verify_history(reader, kept, archiver if mend else None, told)
    finally:
        reader.close()
    wrong = [file for file in found if file.verdict in ("lacking", "damaged")]
    for file in found:
        if file.verdict != "whole":
            hint = {
                "left_over": "noted nowhere: from an interrupted run, or newer than the backup this was restored from",
                "mended": "written anew from the journal",
            }.get(
                file.verdict,
                "the journal still holds it: --mend" if file.in_journal else "bring it back from a copy of the history",
            )
            out.print(f"{file.verdict:<10} {file.name}  ({hint})")
    out.print(f"{sum(file.verdict == 'whole' for file in found)} of {len(found)} files whole")
    if wrong:
        raise typer.Exit(1)


@history.command("restore")
def history_restore(
    show: Annotated[str, typer.Argument(help="Id of the show.")],
    file: Annotated[Path | None, typer.Argument(help="Where to write (default SHOW.jsonl.gz).")] = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Bring a show back as a recording, which `livecue replay` plays; the same as `export`."""
    _export(_settings(data, config), show, file)


@cli.command()
def roster(
    file: Annotated[Path, typer.Argument(help="An instance in the text format of Curtois and Qu.")],
    seconds: Annotated[float, typer.Option(help="How long to search at most.", min=0.1)] = 60.0,
    gap: Annotated[float, typer.Option(help="Proven gap at which to stop; 0 is the optimum.", min=0.0, max=1.0)] = 0.0,
    plan: Annotated[bool, typer.Option("--plan", help="Print who works when.")] = False,
) -> None:
    """Solve a shift-scheduling benchmark and print penalty and proven bound."""
    if not file.is_file():
        raise BadInput(f"{file} does not exist")
    try:
        found = read_instance(file.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not a text file in UTF-8: {error}") from error
    with err.status("searching") as said:

        def told(step: Step) -> bool:
            said.update(f"{step.seconds:.0f} s  penalty {step.penalty:.0f}  bound {step.bound:.0f}")
            return True

        solved = solve_instance(found, gap, seconds, told)
    if solved.impossible:
        raise BadInput(f"{file}: no plan keeps all hard rules")
    if not solved.plan:
        raise BadInput(f"{file}: no plan was found in {seconds:.0f} s (bound {solved.bound:.0f}); give it longer")
    out.print(f"penalty {solved.penalty:.0f}  bound {solved.bound:.0f}  gap {solved.gap:.2%}  {solved.seconds:.1f} s")
    if plan:
        for person, days in solved.plan.items():
            out.print(f"{person:<8}{' '.join(shift or '-' for shift in days)}")


@cli.command("check-text")
def check_text(
    file: Annotated[Path, typer.Argument(help="A text file in UTF-8, one text a line; - reads what is piped in.")],
    category: Annotated[
        str, typer.Option(help="What is sold: cosmetics, food ...; unknown rules of a category warn.")
    ] = "",
    door: Annotated[str, typer.Option(help="script, speech, title, reply or comment.")] = "script",
    platform: Annotated[str, typer.Option(help="Platform whose own list counts as well.")] = "",
    on: Annotated[str, typer.Option(help="Judge by the rules in force on this day, as 2026-11-22.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")] = False,
) -> None:
    """Hold texts against the rule packs: line, place, word, severity, article, what to write instead. Exit code 1 when
    one is to be blocked."""
    worst = check_file(file, category, door, platform, on, lambda line: out.print(line, markup=False), as_json)
    if worst == "block":
        raise typer.Exit(1)


@cli.command("migrate-store")
def migrate_store(
    to: Annotated[str, typer.Argument(help="postgresql://... or the path of a database file that does not exist yet.")],
    data: Data = None,
    config: Config = None,
) -> None:
    """Copy everything kept into an empty database of the other kind, and count it; the old one stays as it is."""
    settings = _settings(data, config)
    make_folder(settings.data)
    lock = take_lock(settings.data)
    source, target = _store(settings), move_target(to)
    with _progress(f"{source.name} > {target.name}") as told:
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
