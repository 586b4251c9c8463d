"""Every way to have the wrong NATS ends in a sentence that says what to do, and harms nothing."""

import base64
import builtins
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from livecue.app import run_checks
from livecue.config import load_settings
from livecue.errors import BadInput, Conflict, LiveCueError, Overloaded, StoreFailed
from livecue.events import CommentPosted, LikeGiven, encode_events
from livecue.store import Batch, Broker, store_at
from livecue.store.jetstream.link import Link
from tests.loops import run
from tests.nats import Nats, server_program
from tests.postgres import Cluster

ROLES = frozenset({"intake", "pump", "runner", "web"})


def enter(folder: Path, dsn: str, broker: Broker, installation: str = "here") -> None:
    """What a start does before anything moves."""
    store = store_at(folder, dsn, broker)
    try:
        store.join(installation, ROLES)
    finally:
        store.release()
        store.reader().close()


@pytest.fixture
def serving() -> Iterator[Callable[..., Nats]]:
    """Servers of a test's own."""
    if server_program() is None:
        pytest.skip("not run: NATS (install nats-server)")
    made: list[Nats] = []

    def start(more: str | None = None, nodes: int = 1) -> Nats:
        servers = Nats(nodes, more)
        made.append(servers)
        servers.start()
        return servers

    yield start
    for servers in made:
        servers.remove()


def ask(url: str, work: Callable[[Any], Any]) -> Any:
    """Talk to a server as somebody else would."""

    async def talk() -> Any:
        import nats

        client = await nats.connect(url)
        try:
            return await work(client.jetstream())
        finally:
            await client.close()

    return run(talk())


def heavy(seed: int, bytes_: int) -> list[Any]:
    """Comments that do not shrink."""
    rng = random.Random(seed)
    return [
        CommentPosted(key=f"c{seed}/{n}", text=base64.b64encode(rng.randbytes(6_000)).decode())
        for n in range(bytes_ // 6_000)
    ]


def batch(room: str, events: Any) -> Batch:
    return Batch(room=room, number=0, arrived=1, source="s", events=events, blob=encode_events(events))


def test_nobody_listens(tmp_path: Path, postgres: Cluster) -> None:
    broker = Broker("nats://livecue:geheim@127.0.0.1:1")
    with pytest.raises(
        StoreFailed, match=r"cannot reach NATS 127.0.0.1:1.*check hosts and ports in store_nats"
    ) as told:
        enter(tmp_path, postgres.database(), broker)
    assert "geheim" not in str(told.value)


def test_jetstream_is_lacking(tmp_path: Path, postgres: Cluster, serving: Callable[..., Nats]) -> None:
    with pytest.raises(BadInput, match=r"has no JetStream .*start nats-server with `jetstream"):
        enter(tmp_path, postgres.database(), serving("").broker())


def test_an_old_server_is_refused(tmp_path: Path, postgres: Cluster) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            talk, _ = door.accept()
            info = {"server_id": "x", "version": "2.8.4", "max_payload": 1 << 20, "headers": True}
            talk.sendall(b"INFO " + json.dumps(info).encode() + b"\r\n")
            while said := talk.recv(4096):
                if b"PING" in said:
                    talk.sendall(b"PONG\r\n")

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(BadInput, match=r"nats-server 2\.8\.4, which is too old: LiveCue needs 2\.9 or newer"):
            enter(tmp_path, postgres.database(), Broker(f"nats://127.0.0.1:{door.getsockname()[1]}"))


def test_a_wrong_password_is_named_and_not_said(
    tmp_path: Path, postgres: Cluster, serving: Callable[..., Nats]
) -> None:
    nats = serving('jetstream: enabled\nauthorization { user: "livecue", password: "right" }')
    broker = Broker(nats.url.replace("nats://", "nats://livecue:geheim@"))
    with pytest.raises(BadInput, match=r"does not let us in .*check user and password in store_nats") as told:
        enter(tmp_path, postgres.database(), broker)
    assert "geheim" not in str(told.value)


INFO = b'INFO {"server_id":"X","version":"2.10.0","max_payload":1048576,"auth_required":true}\r\n'


@pytest.mark.parametrize(
    ("lost", "says"), [(3, "does not let us in"), (99, "hangs up before it answers: check user, password")]
)
def test_a_refusal_lost_in_a_reset_connection_is_asked_for_again(
    lost: int, says: str, tmp_path: Path, postgres: Cluster
) -> None:
    """A server that refuses hangs up at once; what it said is lost where it had not read all that we sent."""
    come: list[int] = []
    door = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        while True:
            try:
                one, _ = door.accept()
            except OSError:
                return
            with one:
                come.append(1)
                one.sendall(INFO)
                one.recv(1)
                if len(come) <= lost:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    one.recv(65_536)
                    one.sendall(b"-ERR 'Authorization Violation'\r\n")

    threading.Thread(target=refuse, daemon=True).start()
    try:
        with pytest.raises(LiveCueError, match=says):
            enter(tmp_path, postgres.database(), Broker(f"nats://me:geheim@127.0.0.1:{door.getsockname()[1]}"))
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
    assert len(come) >= min(lost + 1, 4)


def credentials(folder: Path, until: int) -> Path:
    body = base64.urlsafe_b64encode(json.dumps({"sub": "U", "exp": until, "nats": {}}).encode()).rstrip(b"=").decode()
    file = folder / "user.creds"
    file.write_text(
        f"-----BEGIN NATS USER JWT-----\nhead.{body}.sign\n------END NATS USER JWT------\n\n"
        "-----BEGIN USER NKEY SEED-----\nSUAX\n------END USER NKEY SEED------\n",
        "ascii",
    )
    return file


def test_credentials_that_have_expired(tmp_path: Path, postgres: Cluster) -> None:
    file = credentials(tmp_path, int(time.time()) - 60)
    with pytest.raises(BadInput, match=r"user\.creds expired on \d{4}-\d\d-\d\d .*set store_nats_creds"):
        enter(tmp_path, postgres.database(), Broker("nats://127.0.0.1:1", creds=str(file)))
    # What the server says of them later, while we are connected, means the same.
    told = Link(Broker("nats://h:1")).said(RuntimeError("nats: 'User Authentication Expired'"))
    assert isinstance(told, BadInput) and "have expired" in str(told)
    with pytest.raises(BadInput, match="cannot be read"):
        enter(tmp_path, postgres.database(), Broker("nats://127.0.0.1:1", creds=str(tmp_path / "no")))
    (tmp_path / "odd").write_text("rubbish", "ascii")
    with pytest.raises(BadInput, match="holds no credentials of NATS"):
        enter(tmp_path, postgres.database(), Broker("nats://127.0.0.1:1", creds=str(tmp_path / "odd")))


def test_a_stream_of_somebody_else_is_left_alone(tmp_path: Path, postgres: Cluster, nats: Nats) -> None:
    broker = nats.broker()
    ask(nats.url, lambda js: js.add_stream(name=broker.sign, subjects=["theirs"]))
    with pytest.raises(Conflict, match=r"that LiveCue did not make: set store_nats_prefix"):
        enter(tmp_path, postgres.database(), broker)
    assert ask(nats.url, lambda js: js.stream_info(broker.sign)).config.subjects == ["theirs"]


def test_a_rooms_stream_of_somebody_else_and_a_subject_of_somebody_else(
    tmp_path: Path, postgres: Cluster, nats: Nats
) -> None:
    broker = nats.broker()
    ask(nats.url, lambda js: js.add_stream(name=broker.stream("r"), subjects=["theirs.r"]))
    ask(nats.url, lambda js: js.add_stream(name=f"theirs-{broker.prefix}", subjects=[broker.subject("s")]))
    reader = store_at(tmp_path, postgres.database(), broker).reader()
    assert reader.log is not None
    with pytest.raises(Conflict, match=r"that LiveCue did not make"):
        reader.log.append(batch("r", [LikeGiven(key="k")])).result(30)
    with pytest.raises(Conflict, match=r"stream of somebody else where ours should be"):
        reader.log.append(batch("s", [LikeGiven(key="k")])).result(30)
    assert reader.log.append(batch("t", [LikeGiven(key="k")])).result(30) == 1
    reader.close()


def test_two_installations_on_one_server(tmp_path: Path, postgres: Cluster, nats: Nats) -> None:
    broker = nats.broker()
    enter(tmp_path, postgres.database(), broker, "first")
    with pytest.raises(Conflict, match=r"belongs to installation first .* two installations need two names"):
        enter(tmp_path, postgres.database(), broker, "second")
    enter(tmp_path, postgres.database(), Broker(broker.url, prefix=broker.prefix + "b"), "second")


def test_a_program_that_looks_for_the_journal_elsewhere(tmp_path: Path, postgres: Cluster, nats: Nats) -> None:
    dsn, broker = postgres.database(), nats.broker()
    enter(tmp_path, dsn, broker)
    with pytest.raises(Conflict, match=rf"the journal of .* is on NATS \({broker.prefix}\).*set store_nats"):
        store_at(tmp_path, dsn).join("here", ROLES)
    with pytest.raises(Conflict, match="looks on NATS"):
        enter(tmp_path, dsn, nats.broker())
    # And who would move it while others run.
    dsn = postgres.database()
    first = store_at(tmp_path, dsn)
    first.join("here", ROLES)
    with pytest.raises(Conflict, match=r"1 programs run over this database with the journal in it: stop them all"):
        enter(tmp_path, dsn, broker)
    first.release()


def test_more_replicas_than_servers(tmp_path: Path, postgres: Cluster, nats: Nats) -> None:
    with pytest.raises(BadInput, match=r"cannot keep 3 replicas .*store_nats_replicas = 1"):
        enter(tmp_path, postgres.database(), nats.broker(replicas=3))
    with pytest.raises(BadInput, match="1, 3 or 5"):
        nats.broker(replicas=2)


def test_a_full_stream_refuses_and_loses_nothing(tmp_path: Path, postgres: Cluster, nats: Nats) -> None:
    reader = store_at(tmp_path, postgres.database(), nats.broker(max_mb=1)).reader()
    assert reader.log is not None
    kept = 0
    with pytest.raises(Overloaded, match=r"takes no more .*nothing that was answered is lost"):
        for _ in range(100):
            reader.log.append(batch("r", heavy(kept, 60_000))).result(30)
            kept += 1
    assert kept >= 10
    found = [one.events[0].key for one in reader.log.read("r", 0, 1 << 62)]
    assert found == [f"c{n}/0" for n in range(kept)]
    # Once what is folded may go, it takes again.
    reader.log.forget("r", kept)
    assert reader.log.append(batch("r", [LikeGiven(key="k")])).result(30) == kept + 1
    reader.close()


def test_a_full_account_refuses(tmp_path: Path, postgres: Cluster, serving: Callable[..., Nats]) -> None:
    nats = serving("jetstream { max_file_store: 1MB }\n")
    reader = store_at(tmp_path, postgres.database(), nats.broker()).reader()
    assert reader.log is not None
    with pytest.raises(Overloaded, match=r"make room on its disk"):
        for n in range(60):
            reader.log.append(batch("r", heavy(n, 60_000))).result(30)
    reader.close()


def test_a_post_larger_than_a_message_may_be(tmp_path: Path, postgres: Cluster, nats: Nats) -> None:
    reader = store_at(tmp_path, postgres.database(), nats.broker()).reader()
    assert reader.log is not None
    with pytest.raises(BadInput, match=r"send less at once, or raise max_payload"):
        reader.log.append(batch("r", heavy(1, 12 << 20))).result(60)
    assert reader.log.append(batch("r", [LikeGiven(key="k")])).result(30) == 1
    reader.close()


def test_a_stream_that_was_taken_away_is_told_and_numbers_go_on(
    tmp_path: Path, postgres: Cluster, nats: Nats, caplog: pytest.LogCaptureFixture
) -> None:
    from livecue.store import keep_folded, last_number, read_batches, save_cursor, transaction

    dsn, broker = postgres.database(), nats.broker()
    store = store_at(tmp_path, dsn, broker)
    reader, writer = store.reader(), store.writer()
    assert reader.log is not None
    for n in range(5):
        reader.log.append(batch("r", [LikeGiven(key=f"k{n}")])).result(30)
    with transaction(writer):
        keep_folded(writer, "o", "b", list(read_batches(writer, "r", 0, 3)))
        save_cursor(writer, "o", "b", "r", 3)
    ask(nats.url, lambda js: js.delete_stream(broker.stream("r")))
    reader.close()
    fresh = store_at(tmp_path, dsn, broker).reader()
    assert fresh.log is not None
    assert fresh.log.append(batch("r", [LikeGiven(key="later")])).result(30) == 4
    assert [e.key for b in read_batches(fresh, "r", 0) for e in b.events] == ["k0", "k1", "k2", "later"]
    assert "was made anew" in caplog.text and last_number(fresh, "r") == 4
    settings = load_settings(data=tmp_path, store_dsn=dsn, store_nats=broker.url, store_nats_prefix=broker.prefix)
    found = {finding.what: finding for finding in run_checks(settings)}
    assert found["room r"].verdict == "warn" and "its stream was replaced" in found["room r"].said
    fresh.close()
    writer.close()


def test_one_program_alone_starts_only_where_nothing_waits(tmp_path: Path, postgres: Cluster, nats: Nats) -> None:
    from livecue.store import append_batches, keep_folded, read_batches, save_cursor, transaction

    dsn, broker = postgres.database(), nats.broker()
    enter(tmp_path, dsn, broker)
    store = store_at(tmp_path, dsn, broker)
    reader, writer = store.reader(), store.writer()
    assert reader.log is not None
    with transaction(writer):
        writer.put("INSERT INTO leases (org, brand, room, owner, epoch, until) VALUES ('*','*','r','',0,0)")
    reader.log.append(batch("r", [LikeGiven(key="k1")])).result(30)
    with pytest.raises(BadInput, match=r"1 rooms have batches in .* not folded yet \(r\): run `livecue serve`"):
        store.claim("here")
    with transaction(writer):
        keep_folded(writer, "o", "b", list(read_batches(writer, "r", 0)))
        save_cursor(writer, "o", "b", "r", 1)
    # Alone it appends to the table; whoever shares afterwards goes on behind that.
    store.claim("here")
    own = store.own_writer()
    assert own.log is None
    with transaction(own):
        append_batches(own, "o", "b", [Batch(room="r", number=2, arrived=1, source="s", events=[LikeGiven(key="k2")])])
        save_cursor(own, "o", "b", "r", 2)
    own.close()
    store.release()
    reader.close()
    fresh = store_at(tmp_path, dsn, broker).reader()
    assert fresh.log is not None
    assert fresh.log.append(batch("r", [LikeGiven(key="k3")])).result(30) == 3
    assert [e.key for b in read_batches(fresh, "r", 0) for e in b.events] == ["k1", "k2", "k3"]
    fresh.close()
    writer.close()


def test_check_says_the_same_as_the_start(tmp_path: Path, postgres: Cluster, nats: Nats) -> None:
    dsn, broker = postgres.database(), nats.broker()
    given: dict[str, Any] = {"data": tmp_path, "store_dsn": dsn, "store_nats_prefix": broker.prefix}
    found = {finding.what: finding for finding in run_checks(load_settings(**given, store_nats=broker.url))}
    assert found["journal"].verdict == "ok" and found["journal"].said.startswith("nats-server 2.")
    found = {f.what: f for f in run_checks(load_settings(**given, store_nats="nats://127.0.0.1:1"))}
    assert found["journal"].verdict == "fail" and "cannot reach NATS" in found["journal"].said
    assert "journal" not in {f.what for f in run_checks(load_settings(**given))}
    with pytest.raises(LiveCueError, match="store_dsn is not"):
        store_at(tmp_path, "", broker)


def test_the_client_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "nats":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BadInput, match=r"pip install 'livecue\[nats\]'"):
        Link(Broker("nats://127.0.0.1:1")).open()
