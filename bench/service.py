"""The service desk under load: 40 agents with 500 conversations an hour each, at their real pace, through the loop.

A room with every part of the product; customers write, agents look, type, answer and close. Measured is one action of
an agent, from the post to the answer that it was applied, which comes after the commit; and opening the inbox.
"""

import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench.promise import POSTGRES, SQLITE
from livecue.app.house import makers
from livecue.desk.service import list_messages, list_open
from livecue.events import (
    AgentSet,
    ClockTicked,
    ConversationClosed,
    ConversationViewed,
    DutyTaken,
    Event,
    MessageReceived,
    MessageSent,
    ReplyAsked,
)
from livecue.flow import Bus, Pump, RoomInfo
from livecue.store import Store, store_at

AGENTS, AN_HOUR = 40, 500
_ASKED = (
    "什么时候发货",
    "这件有货吗",
    "尺码怎么选，我一米六五",
    "可以退吗",
    "快递到哪里了",
    "颜色有几种",
    "会不会掉色",
)


def measure(store: Store, seconds: float) -> dict[str, Any]:
    """Run for ``seconds`` of real time over an empty store."""
    room = RoomInfo(room="r", org="o", brand="b", nature="rehearsed")
    pump = Pump(store.writer(), lambda _, name: (room, makers()), Bus())
    pump.start()
    start = 1_790_000_000_000
    began = time.monotonic()

    def tell(*events: Event, wants: bool = False) -> Any:
        return pump.post("r", list(events), source="bench", wants=wants).result(60)

    def command(kind: type[Any], ident: str, by: str, /, **fields: Any) -> float:
        """Seconds from the post to the answer."""
        asked = time.monotonic()
        receipt = tell(kind(key=ident, command=ident, by=by, **fields), wants=True)
        if receipt.refused is not None:
            raise SystemExit(f"refused: {receipt.refused}")
        return time.monotonic() - asked

    people = [f"a{number}" for number in range(AGENTS)]
    tell(ClockTicked(key="t0", now=start))
    for who in people:
        command(DutyTaken, f"duty-{who}", who, person=who, role="cs", name=who)
    tell(ClockTicked(key="t1", now=start + 250))
    for who in people:
        command(AgentSet, f"set-{who}", who, person=who, most=20)
    waits: dict[str, list[float]] = {"reply": [], "look": [], "close": [], "inbox": [], "open": []}
    lock, over = threading.Lock(), threading.Event()
    every = 3600.0 / AN_HOUR
    reader = store.reader()

    def clock() -> None:
        while not over.wait(0.25):
            tell(ClockTicked(now=start + 500 + int((time.monotonic() - began) * 1000)))

    def agent(number: int) -> None:
        who, count = people[number], 0
        due = time.monotonic() + every * number / AGENTS
        while not over.wait(max(0.0, due - time.monotonic())):
            talk, key, reply = f"k{number}-{count}", f"m{number}-{count}", f"r{number}-{count}"
            tell(MessageReceived(key=key, conversation=talk, user=talk, text=_ASKED[count % len(_ASKED)]))
            took = {}
            asked = time.monotonic()
            list_open(reader, ["r"])
            took["inbox"] = time.monotonic() - asked
            took["look"] = command(ConversationViewed, f"v-{reply}", who, conversation=talk, typing=True)
            asked = time.monotonic()
            list_messages(reader, "r", talk)
            took["open"] = time.monotonic() - asked
            took["reply"] = command(
                ReplyAsked, f"c-{reply}", who, conversation=talk, reply=reply, text="您好，这就为您查看", last=key
            )
            tell(MessageSent(key=f"s-{reply}", conversation=talk, text="您好，这就为您查看", reply=reply))
            took["close"] = command(ConversationClosed, f"e-{reply}", who, conversation=talk)
            with lock:
                for name, value in took.items():
                    waits[name].append(value)
            count, due = count + 1, due + every

    threads = [threading.Thread(target=clock), *(threading.Thread(target=agent, args=(n,)) for n in range(AGENTS))]
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    served = len(waits["reply"])
    pump.stop()
    found: dict[str, Any] = {"agents": AGENTS, "conversations_an_hour": round(served / seconds * 3600), "ms": {}}
    for name, values in waits.items():
        ordered = sorted(values)
        found["ms"][name] = {
            "p50": round(1000 * ordered[len(ordered) // 2], 1),
            "p99": round(1000 * ordered[int(len(ordered) * 0.99)], 1),
            "most": round(1000 * ordered[-1], 1),
        }
    return found


def service(seconds: float = 60.0, dsn: str = "") -> dict[str, Any]:
    """On a file of its own, or on the PostgreSQL named."""
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        store = store_at(Path(folder) / "livecue.db", dsn)
        store.migrate()
        return {**measure(store, seconds), "promise": POSTGRES if dsn else SQLITE}
