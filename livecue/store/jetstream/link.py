"""One connection to NATS in a thread of its own, asked from any other; and what its errors mean."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import re
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from livecue.errors import BadInput, Conflict, LiveCueError, Overloaded, StoreFailed
from livecue.store.jetstream.broker import Broker

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.js.client import JetStreamContext

T = TypeVar("T")
_log = logging.getLogger("livecue.store")

OLDEST = (2, 9)
CONNECT_S = 3
ASK_S = 3.0
"""How long one question to the server may take."""
RESETS = 4
"""How often we come again to a server that hung up at the door: a refusal may be lost in a reset connection."""
LEADER_S = 15.0
"""How long a cluster may take to choose a leader while we come."""
_FULL = frozenset({10023, 10047, 10077, 10110, 10122, 10123})
"""JetStream's codes for a stream, an account or a disk that takes no more."""
_NO_REPLICAS = frozenset({10005, 10074})
_OVERLAP = frozenset({10058, 10065})
_OFF = frozenset({10039, 10076})


class Link:
    """Opened by the first who asks, and open as long as somebody who holds it may ask again."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._client: Client | None = None
        self._js: JetStreamContext | None = None
        self._said = ""
        self._held = 0

    # For any thread.

    def hold(self) -> None:
        """Keep it from being closed by others until ``let_go``."""
        with self._guard:
            self._held += 1

    def open(self) -> None:
        """Connect, and look whether the server can hold us. Raises ``BadInput`` or ``StoreFailed`` with what to do."""
        with self._guard:
            if self._client is not None:
                return
            check_creds(self.broker.creds)
            try:
                import nats  # noqa: F401  (asked here, so that the message is ours)
            except ImportError:
                raise BadInput(
                    "store_nats is set and the client for NATS is not installed: pip install 'livecue[nats]'"
                ) from None
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=loop.run_forever, name="nats", daemon=True)
            thread.start()
            try:
                self._client = asyncio.run_coroutine_threadsafe(self._connect(), loop).result(CONNECT_S * (RESETS + 3))
                self._js = self._client.jetstream(timeout=ASK_S)
                asyncio.run_coroutine_threadsafe(self._look(), loop).result(LEADER_S + CONNECT_S * 2)
            except BaseException as error:
                self._drop(loop, thread)
                if isinstance(error, LiveCueError):
                    raise
                raise StoreFailed(f"cannot reach {self.broker.name}: {error or type(error).__name__}") from error
            self._loop, self._thread = loop, thread

    def let_go(self) -> None:
        """Send what waits and disconnect, unless somebody else holds it."""
        with self._guard:
            self._held -= 1
            if not self._held and self._loop is not None and self._thread is not None:
                self._drop(self._loop, self._thread)
                self._loop = self._thread = None

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run ``work`` in the connection's thread."""
        try:
            self.open()
            assert self._loop is not None
        except BaseException:
            work.close()
            raise
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def ask(self, work: Coroutine[Any, Any, T], seconds: float = 10.0) -> T:
        """Run ``work`` and wait. Raises what ``said`` makes of its errors."""
        future = self.start(work)
        try:
            return future.result(seconds)
        except LiveCueError:
            raise
        except TimeoutError as error:
            future.cancel()
            raise self.said(error) from error
        except Exception as error:
            raise self.said(error) from error

    @property
    def payload(self) -> int:
        """Bytes that one message may hold on this server."""
        return int(self._client.max_payload) if self._client is not None else 1 << 20

    @property
    def version(self) -> str:
        """Of the server we are connected to."""
        said = str(self._client.connected_server_version) if self._client is not None else ""
        found = re.search(r"\d+\.\d+[\w.\-]*", said)
        return found[0] if found else said

    def said(self, error: BaseException) -> LiveCueError:
        """An error of the client as one of ours, with what to do."""
        if isinstance(error, LiveCueError):
            return error
        name, code = self.broker.name, getattr(error, "err_code", None)
        told = getattr(error, "description", None) or str(error) or type(error).__name__
        if code in _FULL or "maximum" in told or "insufficient resources" in told:
            return Overloaded(
                f"{name} takes no more ({told}): make room on its disk, raise store_nats_max_mb or the account's limit;"
                " nothing that was answered is lost, send again what was not",
                5.0,
            )
        if code in _NO_REPLICAS:
            return BadInput(
                f"{name} cannot keep {self.broker.replicas} replicas ({told}): start that many servers as one cluster,"
                " or set store_nats_replicas = 1"
            )
        if code in _OVERLAP:
            return Conflict(
                f"{name} has a stream of somebody else where ours should be ({told}): set store_nats_prefix to a name"
                " of your own"
            )
        if code in _OFF or "jetstream not enabled" in told.lower():
            return BadInput(off(name, told))
        if "authorization" in told.lower() or "authentication" in told.lower() or "permissions" in told.lower():
            return refused(name, self._said or told)
        return StoreFailed(f"{name} does not answer ({told}); look whether its servers run and have a leader")

    # In the connection's thread.

    @property
    def js(self) -> JetStreamContext:
        """JetStream."""
        assert self._js is not None
        return self._js

    @property
    def client(self) -> Client:
        """The connection."""
        assert self._client is not None
        return self._client

    async def _connect(self) -> Client:
        for left in reversed(range(RESETS)):
            try:
                return await self._come()
            except ConnectionResetError:
                if not left:
                    raise StoreFailed(
                        f"{self.broker.name} hangs up before it answers: check user, password and TLS in store_nats"
                        " (LIVECUE_STORE_NATS), and that nats-server runs at that port"
                    ) from None
        raise AssertionError

    async def _come(self) -> Client:
        from nats.aio.client import Client as Connection
        from nats.errors import AuthorizationError, InvalidUserCredentialsError, NoServersError

        met: list[Exception] = []

        async def wrong(error: Exception) -> None:
            self._said = str(error)
            met.append(error)
            _log.warning("%s: %s", self.broker.name, error)

        client = Connection()
        self._said = ""
        given: dict[str, Any] = {"user_credentials": self.broker.creds} if self.broker.creds else {}
        try:
            await asyncio.wait_for(
                client.connect(
                    self.broker.servers,
                    name="livecue",
                    error_cb=wrong,
                    connect_timeout=CONNECT_S,
                    # The first time once round; afterwards for as long as it takes.
                    allow_reconnect=True,
                    max_reconnect_attempts=1,
                    reconnect_time_wait=0.25,  # type: ignore[arg-type]  # it is slept
                    ping_interval=5,
                    max_outstanding_pings=2,
                    pending_size=64 << 20,
                    **given,
                ),
                CONNECT_S * 3,
            )
        except (AuthorizationError, InvalidUserCredentialsError) as error:
            raise refused(self.broker.name, str(error)) from None
        except ImportError as error:
            raise BadInput(f"credentials need one more package ({error}): pip install 'livecue[nats]'") from None
        except (NoServersError, OSError, ValueError, TimeoutError) as error:
            for told in map(str, met):
                if "uthori" in told or "uthenti" in told:
                    raise refused(self.broker.name, told) from None
            if any(isinstance(one, ConnectionResetError) for one in met):
                raise ConnectionResetError from None
            told = self._said or str(error) or type(error).__name__
            raise StoreFailed(
                f"cannot reach {self.broker.name}: {told}; check hosts and ports in store_nats (LIVECUE_STORE_NATS),"
                " and that nats-server runs"
            ) from None
        client.options["max_reconnect_attempts"] = -1
        return client

    async def _look(self) -> None:
        from nats.errors import NoRespondersError
        from nats.errors import TimeoutError as NatsTimeout
        from nats.js.errors import APIError, ServiceUnavailableError

        name, version = self.broker.name, self.version
        numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
        if numbers < OLDEST:
            raise BadInput(f"{name} runs nats-server {version}, which is too old: LiveCue needs 2.9 or newer")
        until = time.monotonic() + LEADER_S
        try:
            while True:
                try:
                    await self.js.account_info()
                    return
                except NatsTimeout:
                    # A cluster that has lost a node answers once it has chosen another leader.
                    if time.monotonic() > until:
                        raise
        except (ServiceUnavailableError, NoRespondersError) as error:
            raise BadInput(off(name, getattr(error, "description", None) or "nobody answers for it")) from None
        except APIError as error:
            raise self.said(error) from None

    def _drop(self, loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
        client, self._client, self._js = self._client, None, None

        async def end() -> None:
            if client is not None:
                try:
                    await asyncio.wait_for(client.close(), 2)
                except Exception as error:
                    _log.debug("%s was left: %s", self.broker.name, error)
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()

        try:
            asyncio.run_coroutine_threadsafe(end(), loop).result(5)
        except Exception as error:
            _log.debug("%s was left: %s", self.broker.name, error)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        if not thread.is_alive():
            loop.close()


def off(name: str, told: str) -> str:
    """What to do where JetStream is not on."""
    return (
        f"{name} has no JetStream ({told}): start nats-server with `jetstream {{ store_dir: ... }}` (or -js -sd"
        " FOLDER), and switch it on for this account"
    )


def refused(name: str, told: str) -> BadInput:
    """What to do where the server does not let us in."""
    if "expired" in told.lower():
        return BadInput(f"{name}: the credentials have expired ({told}); have new ones made, and set store_nats_creds")
    return BadInput(
        f"{name} does not let us in ({told}): check user and password in store_nats, or the file in store_nats_creds"
    )


def check_creds(path: str) -> None:
    """Look into a file of credentials before the server does. Raises ``BadInput`` when it is none, or has expired."""
    if not path:
        return
    try:
        text = Path(path).read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"store_nats_creds: {path} cannot be read ({error})") from None
    found = re.search(r"BEGIN NATS USER JWT-+\s+([\w.\-]+)", text)
    try:
        body = (found[1] if found else "").split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        raise BadInput(
            f"store_nats_creds: {path} holds no credentials of NATS; make them with `nsc generate creds`"
        ) from None
    until = claims.get("exp") if isinstance(claims, dict) else None
    if isinstance(until, int) and 0 < until < time.time():
        day = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(until))
        raise BadInput(f"the credentials in {path} expired on {day}; have new ones made, and set store_nats_creds")
