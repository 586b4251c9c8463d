"""``livecue check``: what is wrong, and what to do about it."""

import shutil
from collections.abc import Callable

import msgspec

from livecue.app.house import make_folder
from livecue.app.placing import store_of
from livecue.app.serving import free_port
from livecue.config import Settings
from livecue.errors import LiveCueError
from livecue.integrations import load_manifests
from livecue.sales import unbalanced
from livecue.shelf import check_draws
from livecue.store import Reader, Store, broken_link
from livecue.web import STATIC

_LOW_BYTES = 2 << 30


class Finding(msgspec.Struct, frozen=True):
    """``verdict`` ok, warn or fail; ``do`` says what helps."""

    what: str
    verdict: str
    said: str
    do: str = ""


def run_checks(settings: Settings, told: Callable[[float, str], None] = lambda _share, _what: None) -> list[Finding]:
    """Every check; none of them changes anything but the data folder's existence.

    ``told`` hears the share that is done, and what is looked at now: on a large database that takes minutes.
    """
    found = [Finding("settings", "ok", f"data {settings.data}, listening on {settings.host}:{settings.port}")]
    if settings.host not in ("127.0.0.1", "::1", "localhost"):
        found.append(
            Finding(
                "network",
                "warn",
                f"{settings.host} is reachable by others, in plain HTTP",
                "put a TLS proxy before it and name it in the setting `hosts`",
            )
        )
    found.append(_folder(settings))
    found += _database(settings, told)
    found.append(_port(settings))
    found.append(_screens())
    found.append(_integrations())
    return found


def _folder(settings: Settings) -> Finding:
    try:
        make_folder(settings.data)
    except LiveCueError as error:
        return Finding(
            "data folder", "fail", str(error), "choose a folder you may write, by --data or `data` in livecue.toml"
        )
    free = shutil.disk_usage(settings.data).free
    if free < _LOW_BYTES:
        return Finding(
            "data folder", "warn", f"{free / 1e9:.1f} GB free", "a busy show needs about 0.1 GB an hour: make room"
        )
    return Finding("data folder", "ok", f"writable, {free / 1e9:.0f} GB free")


def _database(settings: Settings, told: Callable[[float, str], None]) -> list[Finding]:
    outside: list[Finding] = []
    try:
        store = store_of(settings)
        outside = _journal(store)
        if not store.exists():
            return [Finding("database", "ok", "not made yet; the first start makes it"), *outside]
        reader = store.reader()
    except LiveCueError as wrong:
        return [Finding("database", "fail", str(wrong), "correct the settings of the database"), *outside]
    try:
        told(0.1, "database")
        found = [Finding("database", "ok", store.sound()), *outside]
        told(0.5, "audit chain")
        broken = broken_link(reader)
        found.append(
            Finding("audit chain", "ok", "whole")
            if broken is None
            else Finding(
                "audit chain",
                "fail",
                f"row {broken} does not fit",
                "somebody changed the database by hand: compare with a backup",
            )
        )
        told(0.7, "stock")
        found.append(_stock(reader))
        told(0.8, "draws")
        found += _draws(reader)
        told(0.95, "rooms")
        for room, part, error in reader.rows("SELECT room, part, error FROM stopped"):
            found.append(
                Finding(
                    f"room {room}",
                    "fail",
                    f"stopped in {part}: {error}",
                    "update LiveCue, then resume it in Office > Health",
                )
            )
        for room, decider, error in reader.rows("SELECT room, decider, error FROM owed"):
            found.append(
                Finding(f"room {room}", "warn", f"{decider} owes work: {error}", "it is tried again by itself")
            )
        waiting = reader.rows("SELECT COUNT(*) FROM outbox WHERE state IN ('held', 'uncertain', 'dead')")[0][0]
        if waiting:
            found.append(Finding("actions", "warn", f"{waiting} wait for a person", "decide them in Office > Actions"))
        return found
    except LiveCueError as wrong:
        return [Finding("database", "fail", str(wrong), "stop LiveCue and restore the newest backup"), *outside]
    finally:
        reader.close()


def _journal(store: Store) -> list[Finding]:
    try:
        said = store.journal()
    except LiveCueError as wrong:
        return [Finding("journal", "fail", str(wrong), "correct the NATS servers or the settings store_nats*")]
    if not said:
        return []
    found = [Finding("journal", "ok", said)]
    if store.exists():
        reader = store.reader()
        try:
            for room, lost in reader.rows("SELECT room, lost FROM streams WHERE lost_at > 0 ORDER BY room"):
                found.append(
                    Finding(
                        f"room {room}",
                        "warn",
                        f"its stream was replaced: {lost}",
                        "compare the show with the platform's figures; whoever still has them may send them again",
                    )
                )
        finally:
            reader.close()
    return found


def _stock(reader: Reader) -> Finding:
    wrong = unbalanced(reader)
    if not wrong:
        return Finding("stock", "ok", "every balance equals its movements")
    first = wrong[0]
    return Finding(
        "stock",
        "fail",
        f"{len(wrong)} balances differ from their movements, the first is {first.sku} in {first.warehouse}",
        "somebody changed the database by hand: compare with a backup, then correct it in Office > Stock",
    )


def _draws(reader: Reader) -> list[Finding]:
    """Every draw that the team held, computed anew from its seed and its entrants."""
    count, wrong = check_draws(reader)
    if not count:
        return []
    if not wrong:
        return [Finding("draws", "ok", f"{count} recomputed, the winners are those that were told")]
    room, draw, faults = wrong[0]
    return [
        Finding(
            "draws",
            "fail",
            f"{len(wrong)} of {count} do not fit, the first is {draw} in {room} ({', '.join(faults)})",
            "somebody changed the database by hand: compare with a backup and with the proof that was exported",
        )
    ]


def _port(settings: Settings) -> Finding:
    try:
        free_port(settings.host, settings.port)
    except LiveCueError as error:
        return Finding("port", "warn", str(error), "LiveCue may be running already; otherwise choose another port")
    return Finding("port", "ok", f"{settings.port} is free")


def _screens() -> Finding:
    if (STATIC / "index.html").is_file():
        return Finding("screens", "ok", "built")
    return Finding("screens", "fail", "not built", "run `make run`, or install the wheel, which brings them")


def _integrations() -> Finding:
    try:
        manifests = load_manifests()
    except LiveCueError as error:
        return Finding("integrations", "fail", str(error), "install LiveCue again")
    return Finding("integrations", "ok", ", ".join(sorted(manifests)))
