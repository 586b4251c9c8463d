"""One program that owns a room, or stands by until it may, and counts aloud.

Called as ``python -m tests.flows.owning DSN NAME``: prints ``owner`` when it owns the rooms, then the number of each
like whose answer said it is durable; ``lost`` when another program took over.
"""

import sys
import time
from pathlib import Path

from livecue.errors import LiveCueError
from livecue.events import LikeGiven
from livecue.flow import Bus, Pump
from livecue.store import store_at
from tests.flow.toy import toy_rooms

ROOM = "owned"


def main() -> None:
    """See the module."""
    dsn, name = sys.argv[1:3]
    lost: list[bool] = []
    store = store_at(Path(), dsn)
    store.claim("test", True, lambda: lost.append(True))
    pump = Pump(store.own_writer(), toy_rooms, Bus())
    pump.start()
    pump.room_now(ROOM).result(60)
    print("owner", flush=True)
    number = 0
    while not lost:
        number += 1
        try:
            pump.post(ROOM, [LikeGiven(key=f"{name}{number}")], source=name).result(60)
        except LiveCueError:
            continue
        print(number, flush=True)
        time.sleep(0.005)
    print("lost", flush=True)


if __name__ == "__main__":
    main()
