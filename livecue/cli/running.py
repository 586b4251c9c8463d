"""``livecue serve`` and ``livecue demo``."""

import os
import signal
import threading
from typing import Annotated

import segno
import typer

from livecue import __version__
from livecue.app import App, Demo, forget_address, free_port, lan_address, note_address, serve, web_of
from livecue.cli.command import Config, Data, cli, err, out, progress, settings_of
from livecue.config import Settings
from livecue.errors import BadInput, Conflict, NotApplied


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
    settings = settings_of(data, config, host="0.0.0.0" if lan and host is None else host, port=port, roles=roles)
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
    big: Annotated[
        bool, typer.Option("--big", help="The night of a sale: four hours, 50,000 comments, 5,000 orders, trouble.")
    ] = False,
) -> None:
    """Run the control room with a simulated show in it."""
    settings = settings_of(data, config, host="0.0.0.0" if lan and host is None else host, port=port)
    if big and minutes:
        raise BadInput("--big is four hours long; leave --minutes out")
    _serve(settings, True, lan, rate, minutes * 60 if minutes else None, big)


def _serve(
    settings: Settings, demo: bool, lan: bool, rate: float = 1.0, duration_s: int | None = None, big: bool = False
) -> None:
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
            shown = Demo(app, duration_s=duration_s, big=big)
            with progress("演示场次的开头正在过真实链路 · pumping the beginning of the demo's show") as told:
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
            forget_address(settings.data)
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
    note_address(settings.data, base)
    out.print(f"\n[bold]LiveCue {__version__}[/bold]  {base}")
    if demo or app.needs_link():
        out.print(f"登录 · sign in (one time): [bold]{base}{app.link()}[/bold]")
    else:
        out.print("用密码登录；新链接：livecue user link · sign in by password; new link: livecue user link")
    if lan:
        segno.make(base).terminal(compact=True)
    if lan or settings.host not in ("127.0.0.1", "::1", "localhost"):
        out.print(
            "[yellow]局域网内以明文 HTTP 提供，请勿在公共网络使用 · "
            "plain HTTP on the local network: not for public networks[/yellow]"
        )
    out.print("按 Ctrl+C 停止 · Ctrl+C stops\n")
