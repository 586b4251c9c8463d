"""Runs one short show over and over in forked processes, kills each somewhere, and lets a successor finish it.

Called as a program by the kill tests: ``python -m tests.flows.killing FOLDER [DSN]`` (a PostgreSQL, on which each run
makes a database of its own; else a file; ``alone`` instead: customers write, the desk answers by itself, and the
platform cannot say what became of a message) reads kills from standard input, one
``name:n`` (a fail point) or ``share:x`` (SIGKILL after that share of an undisturbed run) a line, and writes one
JSON line for each: the digest of every row, the calls of the fake platform, how often it was killed.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from livecue.app import App, Driver, heard_before
from livecue.compliance import engine_of
from livecue.config import load_settings
from livecue.events import (
    Action,
    ActionAsked,
    ActionDone,
    AutoReplySet,
    ChangePrice,
    Event,
    FactSaved,
    MessageReceived,
    PinProduct,
    ReplyAsked,
    ReplyToComment,
    RoomSaved,
    SendMessage,
    UnpinProduct,
    decode_events,
)
from livecue.flow import RoomInfo
from livecue.flow import room as flow_room
from livecue.integrations.simulator import (
    PERFORMS,
    PREPARES_MS,
    BannedWord,
    ComplaintFlood,
    RudeComments,
    SellOut,
    SimulatedShow,
    plain_show,
)
from livecue.kit import ManualClock, arm, stable_id
from livecue.store import migrate, store_at
from tests.postgres import new_database

ROOM = "kill"
START = 1_790_000_000_000
LENGTH_S = 150
STEP_MS = 1000

SKIPPED = {"snapshots", "alembic_version", "settings", "links", "sessions", "programs", "turns", "frames", "marks"}
"""When a snapshot is made depends on where the process stopped; what it holds is proved by what comes after it."""
TRIES = {("outbox", "attempts"), ("outbox", "why"), ("outbox", "result")}
"""How often an idempotent action was tried may differ; what became of it may not."""
HOUSE_KEYED = {"people", "grants", "orgs", "audit"}


class Busy(SimulatedShow):
    """Somebody at the desk asks for an action every few seconds: repeatable ones and ones that must not be repeated."""

    def commands(self, until: int) -> list[Event]:
        asked: list[Event] = []
        second, rest = divmod(until - START, 1000)
        if rest == 0 and second > 0 and second % 7 == 0:
            number = second // 7
            product = self.simulation.scenario.products[number % len(self.simulation.scenario.products)].card.product
            actions = (
                PinProduct(product=product),
                ReplyToComment(comment=f"c{number}", text=f"有货，{number} 号链接"),
                UnpinProduct(product=product),
                ChangePrice(product=product, price=1000 + number),
            )
            command = stable_id("asked", number)
            asked.append(ActionAsked(key=command, command=command, by="sim-su", action=actions[number % 4]))
        return [*super().commands(until), *asked]


ALONE, ALONE_S = "alone", 75
QUESTION, ANSWER = "这件衣服怎么洗比较好", "可以机洗，水温不超过三十度。"


class Written(SimulatedShow):
    """A customer writes every two seconds, what we know the answer to; from the first second on it goes out alone."""

    def commands(self, until: int) -> list[Event]:
        asked: list[Event] = []
        second, rest = divmod(until - START, 1000)
        if rest == 0 and second == 1:
            command = stable_id("level")
            asked.append(
                AutoReplySet(key=command, command=command, by="sim-su", topic="usage", level="send", delay_s=3)
            )
        if rest == 0 and 2 <= second <= ALONE_S - 5 and second % 2 == 0:
            key = stable_id("wrote", second)
            asked.append(MessageReceived(key=key, conversation=f"k{second}", user=f"w{second}", text=QUESTION))
        # The crew's own words stay out of it: each answer that leaves is the desk's.
        return [*(event for event in super().commands(until) if not isinstance(event, ReplyAsked)), *asked]


def run_show(folder: Path, dsn: str = "") -> None:
    """The show from wherever the folder stands to its end, in one thread: post, then perform what is pending."""
    clock = ManualClock(START)
    alone = dsn == ALONE
    app = App(load_settings(data=folder, store_dsn="" if alone else dsn), clock=clock)
    app.pump.start()
    if ROOM not in app.rooms():
        app.tell_house(
            RoomSaved(room=ROOM, org="main", brand="main", name="Kill", platform="simulator", nature="simulated")
        )
        if alone:
            app.tell_house(
                FactSaved(
                    org="main", brand="main", fact="wash", question=QUESTION, answer=ANSWER, topic="usage",
                    source="洗唛", by="sim-su",
                )
            )  # fmt: skip
    app.driven.add(ROOM)
    scenario = plain_show(
        11,
        START,
        ALONE_S if alone else LENGTH_S,
        incidents=()
        if alone
        else (
            SellOut(at_s=40, product="p03", over_s=20),
            BannedWord(at_s=25, text="全网最低价，绝对最有效"),
            RudeComments(at_s=60, people=3),
            ComplaintFlood(at_s=90, product="p01"),
        ),
        room=ROOM,
    )
    since = app.pump.room_now(ROOM).result()
    start = since or START - PREPARES_MS - 250
    clock.set(start)
    source = (Written if alone else Busy)(scenario, folder / "inputs.jsonl", since)
    if alone:
        _cannot_tell(source)
    if since:
        source.hear(list(heard_before(app.reader, ROOM, 0)))
    driver = Driver(app, ROOM, source, start, name="simulator")
    app.doors[ROOM] = source.simulation
    app.capable[ROOM] = sorted(kind.__name__ for kind in PERFORMS)
    app.runner.settle()
    end = scenario.ends_at + 30_000
    while True:
        while app.runner.step():
            pass
        if driver.now >= end:
            break
        driver.advance(STEP_MS)
        clock.set(driver.now)
    calls = [[c.action, c.kind, c.outcome] for c in source.simulation.calls if c.effect]
    (folder / "calls.json").write_text(json.dumps(sorted(calls)))
    if alone:
        (folder / "alone.json").write_text(json.dumps(_answered(app, source)))
    app.pump.stop()
    app.reader.close()


def _cannot_tell(source: SimulatedShow) -> None:
    """The platform cannot read back a message: what was on its way in a crash is uncertain (like most platforms)."""
    platform = source.simulation._platform
    told = platform.confirm

    def confirm(action: str, what: Action) -> bool | None:
        return None if isinstance(what, SendMessage) else told(action, what)

    platform.confirm = confirm  # type: ignore[method-assign]


def _answered(app: App, source: SimulatedShow) -> dict[str, Any]:
    """What the platform counts, what the desk says of each of its answers, and whether a person has or had it."""
    calls = source.simulation.calls
    sent = [c.what for c in calls if c.effect and isinstance(c.what, SendMessage) and c.what.automatic]
    rows = app.reader.rows(
        "SELECT m.conversation, m.state, CASE WHEN c.since > 0 OR c.first_reply_at > 0 THEN 1 ELSE 0 END"
        " FROM conversation_messages m JOIN conversations c ON c.room = m.room AND c.conversation = m.conversation"
        " WHERE m.room = ? AND m.who = 'auto' ORDER BY m.at, m.conversation",
        (ROOM,),
    )
    wrote = app.reader.rows(
        "SELECT conversation FROM conversation_messages WHERE room = ? AND who = 'customer' ORDER BY at, conversation",
        (ROOM,),
    )
    uncertain = app.reader.rows("SELECT COUNT(*) FROM outbox WHERE room = ? AND state = 'uncertain'", (ROOM,))
    return {
        "sent": [[what.conversation, what.reply] for what in sent],
        "answers": [list(row) for row in rows],
        "wrote": [row[0] for row in wrote if str(row[0])[1:].isdigit()],
        "uncertain": uncertain[0][0],
    }


JOURNAL = "SELECT number, arrived, source, blob FROM journal WHERE room <> 'house' ORDER BY number"


def journal_row(number: int, arrived: int, source: str, blob: bytes) -> str:
    """A batch without the answers' wording: what is read back after a kill says "confirmed"."""
    events = [replace(e, result="") if isinstance(e, ActionDone) else e for e in decode_events(blob)]
    return repr((number, arrived, source, events))


def digest(folder: Path, dsn: str = "") -> dict[str, str]:
    """A hash of the rows of every table, the same on every database."""
    store = store_at(folder / "livecue.db", dsn)
    reader = store.reader()
    found = {}
    for table, columns in sorted(store.layout().items()):
        if table in SKIPPED | HOUSE_KEYED:
            continue
        told = ", ".join(column for column in columns if (table, column) not in TRIES)
        where = " WHERE room <> 'house'" if "room" in columns else ""
        rows = sorted(map(repr, reader.rows(f"SELECT {told} FROM {table}{where}")))
        if table == "journal":
            rows = [journal_row(*row) for row in reader.rows(JOURNAL)]
        found[table] = f"{len(rows)}:{hashlib.sha256(chr(10).join(rows).encode()).hexdigest()[:16]}"
    reader.close()
    return found


def attempt(folder: Path, kill: str, straight_s: float, dsn: str) -> int:
    """One process; returns how it ended (negative is the signal)."""
    child = os.fork()
    if child == 0:
        try:
            name, _, count = kill.partition(":")
            if name == "share":
                timer = threading.Timer(float(count) * straight_s, os.kill, (os.getpid(), signal.SIGKILL))
                timer.daemon = True
                timer.start()
            elif name:
                arm(kill)
            run_show(folder, dsn)
        except BaseException as error:
            print(f"child: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            import traceback

            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def one(folder: Path, kill: str, straight_s: float, server: str) -> dict[str, Any]:
    """Run with ``kill`` armed, then without until the show is over."""
    folder.mkdir(parents=True)
    dsn = ""
    if server == ALONE:
        dsn = ALONE
        shutil.copy(folder.parent / "template" / "livecue.db", folder)
    elif server:
        dsn = new_database(server, folder.name)
    else:
        shutil.copy(folder.parent / "template" / "livecue.db", folder)
    began = time.monotonic()
    kills = 0
    code = attempt(folder, kill, straight_s, dsn)
    while code != 0:
        if code != -signal.SIGKILL or kills > 3:
            return {"kill": kill, "kills": kills, "failed": code}
        kills += 1
        code = attempt(folder, "", straight_s, dsn)
    calls = json.loads((folder / "calls.json").read_text())
    return {
        "kill": kill,
        "kills": kills,
        "rows": {} if dsn == ALONE else digest(folder, dsn),
        "calls": calls,
        "alone": json.loads((folder / "alone.json").read_text()) if dsn == ALONE else {},
        "s": round(time.monotonic() - began, 2),
    }


def main() -> None:
    """See the module."""
    root, server = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    flow_room.SNAPSHOT_BATCHES = 60
    migrate_once = root / "template"
    migrate_once.mkdir(parents=True)
    migrate(migrate_once / "livecue.db")
    for made in migrate_once.iterdir():
        if made.name != "livecue.db":
            made.unlink()
    # Made once here and shared by every child: a second apiece otherwise.
    engine_of(RoomInfo(room=ROOM, org="main", brand="main", platform="simulator", nature="simulated")).warm()
    straight_s = 1.0
    for number, line in enumerate(sys.stdin):
        found = one(root / f"run{number}", line.strip(), straight_s, server)
        if number == 0:
            straight_s = found["s"]
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
