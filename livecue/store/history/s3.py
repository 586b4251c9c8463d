"""Object storage by the S3 API (AWS, MinIO, Ceph, OSS, COS): whole objects, signed by Signature Version 4.

Written over httpx: five calls are all we need, and the usual client library is larger than the program.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import httpx

from livecue.errors import BadInput, LiveCueError, NotFound, StoreFailed
from livecue.store.history.place import digest

_TRIES = 3
_TIMEOUT_S = 30.0
_EMPTY = hashlib.sha256(b"").hexdigest()
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_FULL = frozenset(
    {"XMinioStorageFull", "QuotaExceeded", "InsufficientStorage", "StorageQuotaExceeded", "EntityTooLarge"}
)
_DENIED = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired",
     "AccessDenied", "AuthorizationHeaderMalformed", "AccountProblem", "AllAccessDisabled"}
)  # fmt: skip


class S3Place:
    """A bucket, addressed by path."""

    def __init__(self, where: str, *, endpoint: str, region: str, key: str, secret: str) -> None:
        parts = urlsplit(where)
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        if not _BUCKET.fullmatch(self._bucket):
            raise BadInput(f"history_place = {where!r}: write s3://bucket/prefix with the bucket's name")
        if not key or not secret:
            raise BadInput(
                "history_place names object storage, but there are no credentials: set LIVECUE_HISTORY_KEY and"
                " LIVECUE_HISTORY_SECRET"
            )
        self._region = region or "us-east-1"
        address = urlsplit(endpoint or f"https://s3.{self._region}.amazonaws.com")
        if address.scheme not in ("http", "https") or not address.hostname:
            raise BadInput(f"history_endpoint = {endpoint!r}: write it as https://host:port")
        self._address = f"{address.scheme}://{address.netloc}"
        self._host = address.netloc
        self._key, self._secret = key, secret
        self.name = f"s3://{self._bucket}/{self._prefix} at {address.netloc}".replace("/ at", " at")
        self._client = httpx.Client(timeout=_TIMEOUT_S, trust_env=True)

    def check(self) -> None:
        """The bucket answers, and these credentials may list it."""
        self._list("", 1)

    def put(self, name: str, source: Path) -> None:
        """One object; storage keeps it whole or not at all, and checks its digest."""
        self._call("PUT", self._path(name), body=source, sha=digest(source))

    def get(self, name: str, target: Path) -> None:
        """Bring an object."""
        part = target.with_name(target.name + ".part")
        try:
            part.write_bytes(self._call("GET", self._path(name)).content)
            part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise StoreFailed(f"{target.parent} cannot hold what comes from {self.name}: {error.strerror}") from error

    def names(self) -> list[str]:
        """Every object below the prefix."""
        found: list[str] = []
        token = ""
        while True:
            page, token = self._list(token, 1000)
            found += page
            if not token:
                cut = len(self._prefix) + 1 if self._prefix else 0
                return sorted(name[cut:] for name in found if name.endswith(".parquet"))

    def remove(self, name: str) -> None:
        """Delete an object."""
        self._call("DELETE", self._path(name))

    def lies(self, name: str) -> Path | None:
        """Nowhere on this machine."""
        return None

    def _path(self, name: str) -> str:
        return f"/{self._bucket}/" + quote(f"{self._prefix}/{name}".lstrip("/"), safe="/-_.~")

    def _list(self, token: str, most: int) -> tuple[list[str], str]:
        query = {"list-type": "2", "max-keys": str(most)}
        if self._prefix:
            query["prefix"] = self._prefix + "/"
        if token:
            query["continuation-token"] = token
        answer = self._call("GET", f"/{self._bucket}", query=query)
        try:
            root = ElementTree.fromstring(answer.content)
        except ElementTree.ParseError as error:
            raise BadInput(f"{self.name} does not speak the S3 API; check history_endpoint") from error
        keys = [node.text or "" for node in root.iter() if node.tag.endswith("}Key") or node.tag == "Key"]
        following = next((node.text or "" for node in root.iter() if node.tag.endswith("NextContinuationToken")), "")
        return keys, following

    def _call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Path | None = None, sha: str = ""
    ) -> httpx.Response:
        said = ""
        for _ in range(_TRIES):
            headers = sign(
                method, self._host, path, query or {}, sha or _EMPTY, datetime.now(UTC),
                region=self._region, key=self._key, secret=self._secret,
            )  # fmt: skip
            content = body.read_bytes() if body is not None else None
            told = "&".join(
                f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted((query or {}).items())
            )
            try:
                answer = self._client.request(
                    method, self._address + path + ("?" + told if told else ""), headers=headers, content=content
                )
            except httpx.HTTPError as error:
                said = str(error) or type(error).__name__
                continue
            if answer.is_success:
                return answer
            said = f"HTTP {answer.status_code} {_code(answer)}".strip()
            if answer.status_code < 500 or _code(answer) in _FULL or answer.status_code == 507:
                raise self._wrong(answer, path)
        raise StoreFailed(
            f"object storage {self.name} does not answer ({said}); check history_endpoint and the network. The journal"
            " is kept meanwhile, nothing is lost"
        )

    def _wrong(self, answer: httpx.Response, path: str) -> LiveCueError:
        code = _code(answer)
        if code == "NoSuchBucket" or (answer.status_code == 404 and path == f"/{self._bucket}"):
            return BadInput(
                f"object storage {self.name}: there is no bucket {self._bucket!r}; make it, or correct history_place"
            )
        if answer.status_code == 404:
            return NotFound(f"the history lacks {path} (in {self.name}); restore it from a copy of the bucket")
        if code in _FULL or answer.status_code == 507:
            return StoreFailed(
                f"object storage {self.name} is full ({code or answer.status_code}): make room or raise the quota. The"
                " journal is kept meanwhile, nothing is lost"
            )
        if code in _DENIED or answer.status_code in (401, 403):
            return BadInput(
                f"object storage {self.name} refuses these credentials ({code or answer.status_code}): check"
                " LIVECUE_HISTORY_KEY and LIVECUE_HISTORY_SECRET, whether they have expired, and what they may do"
                " (list, read, write and delete). The journal is kept meanwhile, nothing is lost"
            )
        return StoreFailed(f"object storage {self.name} refused ({answer.status_code} {code}); nothing was lost")


def _code(answer: httpx.Response) -> str:
    """S3's word for what is wrong, "" when it says none."""
    found = re.search(rb"<Code>([A-Za-z0-9]{1,60})</Code>", answer.content[:4000])
    return found[1].decode() if found else ""


def sign(
    method: str,
    host: str,
    path: str,
    query: Mapping[str, str],
    sha: str,
    now: datetime,
    *,
    region: str,
    key: str,
    secret: str,
) -> dict[str, str]:
    """Headers of Signature Version 4 for a request whose ``path`` is quoted and whose body has the digest ``sha``."""
    moment, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    signed = {"host": host, "x-amz-content-sha256": sha, "x-amz-date": moment}
    names = ";".join(sorted(signed))
    told = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(query.items()))
    canonical = "\n".join((method, path, told, *(f"{k}:{v}" for k, v in sorted(signed.items())), "", names, sha))
    scope = f"{day}/{region}/s3/aws4_request"
    text = "\n".join(("AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    used = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        used = hmac.new(used, part.encode(), hashlib.sha256).digest()
    proof = hmac.new(used, text.encode(), hashlib.sha256).hexdigest()
    return {
        **signed,
        "authorization": f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={proof}",
    }
