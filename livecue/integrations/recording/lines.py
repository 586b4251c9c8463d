"""Lines of a file that may be plain, gzip or zstd, and may be damaged: told by content, never by name."""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import zstandard

from livecue.errors import BadInput, BadPayload

MOST_LINE = 16 << 20
"""A longer line is not read into memory: it is counted as damaged and passed over."""

_DAMAGE = (EOFError, OSError, zlib.error, zstandard.ZstdError)


def open_bytes(path: Path) -> IO[bytes]:
    """The unpacked content of a file; raises ``BadInput`` when it cannot be opened."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise BadInput(f"cannot open {path.name}: {error.strerror}. Give the path of a recording.") from error
    magic = raw.read(4)
    raw.seek(0)
    if magic[:2] == b"\x1f\x8b":
        raw.close()
        return cast(IO[bytes], gzip.open(path, "rb"))
    if magic == b"\x28\xb5\x2f\xfd":
        return cast(IO[bytes], io.BufferedReader(_Unzstd(raw), 1 << 16))
    return raw


class _Unzstd(io.RawIOBase):
    """A zstd stream that says when it is cut off, which the library's own reader does not."""

    _BITE = 1 << 10
    """Bytes fed at once: a block of four bytes may grow to 128 KiB, so this bounds what one step can allocate."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # the one shape BufferedReader uses
        while not self._ready:
            bite = self._raw.read(self._BITE)
            if not bite:
                if not self._unpacker.eof:
                    raise EOFError("zstd stream ends before its end")
                return 0
            self._ready = self._unpack(bite)
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _unpack(self, bite: bytes) -> bytes:
        out = b""
        while bite:
            if self._unpacker.eof:
                self._unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
            out += self._unpacker.decompress(bite)
            bite = self._unpacker.unused_data if self._unpacker.eof else b""
        return out

    def close(self) -> None:
        self._raw.close()
        super().close()


def read_lines(path: Path) -> Iterator[tuple[int, bytes | BadPayload]]:
    """(line number from 1, line or what is wrong with it); blank lines are passed over.

    Damage of the packing ends the file: one last ``BadPayload`` says so, and everything before it has come out.
    """
    number = 0
    with open_bytes(path) as file:
        while True:
            number += 1
            try:
                line = file.readline(MOST_LINE + 1)
                if len(line) > MOST_LINE:
                    while line and not line.endswith(b"\n"):
                        line = file.readline(1 << 16)
                    yield number, BadPayload(f"line of more than {MOST_LINE} bytes")
                    continue
            except _DAMAGE as error:
                yield number, BadPayload(f"the file is damaged or cut off here: {error}")
                return
            if not line:
                return
            if stripped := line.removeprefix(b"\xef\xbb\xbf").strip():
                yield number, stripped
