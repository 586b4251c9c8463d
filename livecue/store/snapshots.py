"""Snapshots of a room's live state: the newest two are kept, a damaged one is passed over."""

import msgspec
import zstandard

from livecue.store.protocols import Reader, Writer

KEPT = 2


class Snapshot(msgspec.Struct, frozen=True):
    """State of every part after batch ``number``; ``now`` is room time then."""

    number: int
    now: int
    parts: dict[str, bytes]


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Snapshot).decode


def save_snapshot(writer: Writer, org: str, brand: str, room: str, made_at: int, snapshot: Snapshot) -> None:
    """Keep it and forget all but the newest two."""
    blob = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(_pack(snapshot))
    writer.put(
        "INSERT INTO snapshots (org, brand, room, number, made_at, blob) VALUES (?,?,?,?,?,?)"
        " ON CONFLICT (room, number) DO UPDATE SET made_at = excluded.made_at, blob = excluded.blob",
        (org, brand, room, snapshot.number, made_at, blob),
    )
    writer.put(
        "DELETE FROM snapshots WHERE room = ? AND number NOT IN"
        " (SELECT number FROM snapshots WHERE room = ? ORDER BY number DESC LIMIT ?)",
        (room, room, KEPT),
    )


def read_snapshots(reader: Reader, room: str, upto: int) -> list[Snapshot]:
    """Readable snapshots not newer than batch ``upto``, newest first; damaged ones are left out."""
    rows = reader.rows("SELECT blob FROM snapshots WHERE room = ? AND number <= ? ORDER BY number DESC", (room, upto))
    found = []
    for (blob,) in rows:
        try:
            found.append(_unpack(zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 31)))
        except (zstandard.ZstdError, msgspec.DecodeError):
            continue
    return found
