"""Delivers webhooks: a room's committed events in order, signed, at least once, each subscriber at its own pace."""

import hashlib
import hmac
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from livecue.flow import Inbox
from livecue.kit import Clock, backoff_s
from livecue.store import Reader, Writer, read_committed
from livecue.web import (
    HOOK_AFTER,
    HOOK_ROOM,
    HOOK_SIGNATURE,
    HOOK_TIME,
    Hook,
    check_reached,
    lines_of,
    open_hooks,
)

_log = logging.getLogger("livecue.app")

PAGE_BATCHES = 200
PAGE_EVENTS = 1_000
TIMEOUT_S = 10.0
HANDS = 8
"""So many subscribers are served at one time: slow ones hold up nobody else before there are as many."""
ROUND_PAGES = 50


def sign(secret: str, time_ms: int, body: bytes) -> str:
    """The signature header of a delivery."""
    return "sha256=" + hmac.new(secret.encode(), f"{time_ms}.".encode() + body, hashlib.sha256).hexdigest()


class Hooks:
    """Posts NDJSON to every subscriber, some at a time; where it has come is kept with the subscription."""

    def __init__(
        self,
        pump: Inbox,
        reader: Reader,
        clock: Clock,
        client: httpx.Client | None = None,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """``leads`` says whether this program delivers: of several only one does."""
        self._leads = leads
        self._pump = pump
        self._reader = reader
        self._clock = clock
        self._client = client or httpx.Client(timeout=TIMEOUT_S, follow_redirects=False)
        self._stop = threading.Event()
        self._busy: set[str] = set()
        """Subscriptions that a hand is serving."""
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="hook")
        self._thread = threading.Thread(target=self._loop, name="hooks", daemon=True)

    def start(self) -> None:
        """Start delivering."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the delivery at hand."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._hands.shutdown()
        self._client.close()

    def _loop(self) -> None:
        while not self._stop.wait(0.5):
            try:
                for hook in open_hooks(self._reader) if self._leads() else ():
                    if hook.hook not in self._busy:
                        self._busy.add(hook.hook)
                        self._hands.submit(self._serve, hook)
            except Exception:
                _log.exception("webhooks go on after an error")

    def _serve(self, hook: Hook) -> None:
        """Some pages of one subscription; the next round goes on, so that nobody keeps a hand for good."""
        try:
            for _ in range(ROUND_PAGES):
                # As it stands now: since it was listed it may have been served, or removed.
                found = next((one for one in open_hooks(self._reader) if one.hook == hook.hook), None)
                if found is None or self._stop.is_set() or not self.deliver(found):
                    return
        except Exception:
            # A subscription that cannot be served must not end the others.
            _log.exception("webhook %s of room %s goes on after an error", hook.hook, hook.room)
        finally:
            self._busy.discard(hook.hook)

    def deliver(self, hook: Hook) -> bool:
        """Post the next page of a subscription; True when there may be more at once."""
        now = self._clock.now_ms()
        if hook.next_at > now:
            return False
        lines: list[bytes] = []
        position = hook.position
        for number, events in read_committed(self._reader, hook.room, hook.position, hook.position + PAGE_BATCHES):
            lines += lines_of(number, events, frozenset(hook.kinds))
            position = number
            if len(lines) >= PAGE_EVENTS:
                break
        if position == hook.position:
            return False
        error = self._post(hook, now, b"\n".join(lines) + b"\n") if lines else ""
        if error:
            failures = hook.failures + 1
            due = now + int(backoff_s(failures, 1.0, 900.0) * 1000)
            self._pump.run(lambda writer: _failed(writer, hook.hook, failures, due, error)).result()
            return False
        self._pump.run(lambda writer: _told(writer, hook.hook, position)).result()
        return True

    def _post(self, hook: Hook, now: int, body: bytes) -> str:
        headers = {
            "Content-Type": "application/x-ndjson",
            HOOK_TIME: str(now),
            HOOK_SIGNATURE: sign(hook.secret, now, body),
            HOOK_ROOM: hook.room,
            HOOK_AFTER: str(hook.position),
        }
        try:
            check_reached(hook.url)
            # What it says besides is not read: it may be long, and slow.
            with self._client.stream("POST", hook.url, content=body, headers=headers) as answered:
                pass
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError, OSError) as error:
            # Not only what the network says: a name that is none is found out here at the latest.
            return f"{type(error).__name__}: {error}"[:300]
        return "" if answered.is_success else f"the subscriber answered {answered.status_code}"


def _told(writer: Writer, hook: str, position: int) -> None:
    writer.write(
        # Never backwards: another program may have gone on while this one stood still.
        "UPDATE webhooks SET position = ?, failures = 0, next_at = 0, error = '' WHERE hook = ? AND position < ?",
        (position, hook, position),
    )


def _failed(writer: Writer, hook: str, failures: int, due: int, error: str) -> None:
    writer.write(
        "UPDATE webhooks SET failures = ?, next_at = ?, error = ? WHERE hook = ?", (failures, due, error, hook)
    )
