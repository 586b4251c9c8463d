"""Folders and buckets: whole files, clear words, and nothing lost whatever is wrong with the place."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import ThreadedMotoServer

from livecue.errors import BadInput, LiveCueError, NotFound, StoreFailed
from livecue.kit import ManualClock
from livecue.store import History, SharedReader, Store, history_files, history_place
from livecue.store.history.s3 import sign
from tests.store.history.made import DAY, ROOM, SHOWS, archiver, everything, fill

NOW = SHOWS[-1][1] + 2 * 3_600_000
KEY = {"key": "AKIAEXAMPLE", "secret": "a/secret+key"}


@pytest.fixture(scope="module")
def storage() -> Iterator[str]:
    """A server of the S3 API; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def bucket(storage: str, request: pytest.FixtureRequest) -> str:
    """A new bucket."""
    name = f"b{abs(hash(request.node.name)) % 10**12}"
    signed = sign(
        "PUT", storage.removeprefix("http://"), f"/{name}", {}, sha256(b"").hexdigest(), datetime.now(UTC),
        region="us-east-1", **KEY,
    )  # fmt: skip
    assert httpx.put(f"{storage}/{name}", headers=signed).is_success
    return name


class Wrong(BaseHTTPRequestHandler):
    """Answers every request with the error that ``answers`` names next."""

    answers: list[tuple[int, str]] = []
    puts = 0

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        writing = self.command == "PUT"
        Wrong.puts += writing
        status, code = Wrong.answers[0] if writing or len(Wrong.answers) == 1 else (200, "")
        body = f"<Error><Code>{code}</Code></Error>" if code else "<ListBucketResult></ListBucketResult>"
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_PUT = do_DELETE = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def wrong() -> Iterator[str]:
    """A storage where something is wrong."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wrong)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_bucket_keeps_files_under_their_names(storage: str, bucket: str, tmp_path: Path) -> None:
    place = history_place(f"s3://{bucket}/a/b", tmp_path, endpoint=storage, **KEY)
    place.check()
    (tmp_path / "x").write_bytes(b"1" * 3_000_000)
    names = [f"journal/date=2026-09-2{n}/room=%E6%88%BF+ ~/{n}.parquet" for n in range(3)]
    for name in names:
        place.put(name, tmp_path / "x")
    assert place.names() == names
    place.get(names[1], tmp_path / "y")
    assert (tmp_path / "y").read_bytes() == (tmp_path / "x").read_bytes()
    place.remove(names[1])
    place.remove(names[1])
    assert place.names() == [names[0], names[2]]
    with pytest.raises(NotFound, match="restore it"):
        place.get(names[1], tmp_path / "z")
    assert not (tmp_path / "z").exists()
    assert history_place(f"s3://{bucket}", tmp_path, endpoint=storage, **KEY).names() == [
        f"a/b/{names[0]}", f"a/b/{names[2]}"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/bucket", {"list-type": "2", "prefix": "a b/ü+=&", "max-keys": "1"}),
        ("PUT", "/bucket/journal/date%3D2026/room%3D%25E6/x.parquet", {}),
    ],
)
def test_requests_are_signed_as_the_vendor_signs(method: str, path: str, query: dict[str, str]) -> None:
    now = datetime.now(UTC)
    ours = sign(method, "s3.example.org:9000", path, query, "ab" * 32, now, region="eu-x", key="K", secret="S/+")
    theirs = AWSRequest(method, f"https://s3.example.org:9000{path}", params=query)
    theirs.headers["x-amz-content-sha256"] = "ab" * 32
    theirs.context["timestamp"] = ours["x-amz-date"]

    class Fixed(S3SigV4Auth):  # type: ignore[misc]  # it brings no types
        def payload(self, request: AWSRequest) -> str:
            return "ab" * 32

    signer = Fixed(Credentials("K", "S/+"), "s3", "eu-x")
    theirs.headers["x-amz-date"] = ours["x-amz-date"]
    text = signer.string_to_sign(theirs, signer.canonical_request(theirs))
    assert ours["authorization"].rpartition("=")[2] == signer.signature(text, theirs)


def test_the_history_lives_in_a_bucket(
    store: Store, reader: SharedReader, storage: str, bucket: str, tmp_path: Path
) -> None:
    fill(store)
    history = History(history_place(f"s3://{bucket}/live", tmp_path, endpoint=storage, **KEY), tmp_path / "work")
    reader.past = history
    before = everything(reader)[0]
    archiver(store, reader, history, ManualClock(NOW)).step()
    archiver(store, reader, history, ManualClock(NOW + 8 * DAY)).step()
    assert reader.rows("SELECT COUNT(*) FROM journal") == [(0,)]
    assert everything(reader)[0] == before
    (file,) = history_files(reader, ROOM)
    # Another machine, whose cache is empty, reads the same; a file that was exchanged is not taken.
    reader.past = History(history_place(f"s3://{bucket}/live", tmp_path, endpoint=storage, **KEY), tmp_path / "other")
    assert everything(reader)[0] == before
    (tmp_path / "x").write_bytes(b"something else")
    history.place.put(file.name, tmp_path / "x")
    reader.past = History(history.place, tmp_path / "third")
    with pytest.raises(BadInput, match="not the file"):
        everything(reader)


def test_a_bucket_that_is_not_there(storage: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no bucket 'nobody-made-it'.*history_place"):
        history_place("s3://nobody-made-it", tmp_path, endpoint=storage, **KEY).check()


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ((403, "InvalidAccessKeyId"), BadInput, "LIVECUE_HISTORY_KEY"),
        ((403, "SignatureDoesNotMatch"), BadInput, "LIVECUE_HISTORY_SECRET"),
        ((400, "ExpiredToken"), BadInput, "expired"),
        ((403, "AccessDenied"), BadInput, "what they may do"),
        ((507, "XMinioStorageFull"), StoreFailed, "full"),
        ((403, "QuotaExceeded"), StoreFailed, "full"),
        ((503, "SlowDown"), StoreFailed, "does not answer"),
        ((409, "OperationAborted"), StoreFailed, "refused"),
    ],
)
def test_whatever_is_wrong_with_the_bucket_the_journal_stays(
    store: Store,
    reader: SharedReader,
    wrong: str,
    tmp_path: Path,
    answer: tuple[int, str],
    kind: type[LiveCueError],
    words: str,
) -> None:
    fill(store)
    history = History(history_place("s3://full", tmp_path, endpoint=wrong, **KEY), tmp_path / "work")
    before = everything(reader)[0]
    # The listing goes well, the writing does not.
    Wrong.answers = [answer, (200, "")]
    for _ in range(2):
        with pytest.raises(kind, match=words):
            archiver(store, reader, history, ManualClock(NOW + 9 * DAY), keep_days=0).step()
    assert everything(reader)[0] == before
    assert history_files(reader, ROOM) == []
    assert not list((tmp_path / "work").glob("*.parquet"))
    Wrong.answers = [answer]
    with pytest.raises(kind, match=words):
        history.place.check()


def test_nobody_answers(tmp_path: Path) -> None:
    place = history_place("s3://bucket", tmp_path, endpoint="http://127.0.0.1:9", **KEY)
    with pytest.raises(StoreFailed, match="history_endpoint"):
        place.check()


@pytest.mark.parametrize(
    ("where", "more", "words"),
    [
        ("s3://Bucket_Name!", {}, "bucket's name"),
        ("s3://bucket", {"key": "", "secret": ""}, "LIVECUE_HISTORY_KEY"),
        ("s3://bucket", {"endpoint": "minio:9000"}, "https://host:port"),
        ("gs://bucket", {}, "s3://bucket/prefix"),
    ],
)
def test_settings_that_cannot_be_meant(tmp_path: Path, where: str, more: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        history_place(where, tmp_path, **{**KEY, **more})


def test_a_folder_that_cannot_be_used(store: Store, reader: SharedReader, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    fill(store)
    history = History(history_place(str(tmp_path / "file"), tmp_path), tmp_path / "work")
    with pytest.raises(StoreFailed, match="history_place"):
        archiver(store, reader, history, ManualClock(NOW)).step()
    assert len(everything(reader)[0]) == 60


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="not run: no /dev/full here")
def test_a_folder_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = history_place("", tmp_path)
    place.check()
    (tmp_path / "x").write_bytes(b"1" * 100_000)
    target = tmp_path / "history" / "a.parquet.part"
    os.symlink("/dev/full", target)
    with pytest.raises(StoreFailed, match="free space"):
        place.put("a.parquet", tmp_path / "x")
    assert place.names() == []
