"""Taking a person out of values, events and packed blobs; what says nothing of them comes back as it is."""

import json
import re
from typing import Any

import msgspec
import zstandard

from livecue.events import MessageReceived, decode_events, encode_events
from livecue.store.journal import Record
from livecue.store.snapshots import Snapshot


class Person:
    """Whom to look for, and what is put in their place."""

    def __init__(
        self,
        viewer: str,
        mask: str,
        comments: set[str],
        words: set[str],
        conversations: set[str] = frozenset(),  # type: ignore[assignment]  # never changed
        names: set[str] = frozenset(),  # type: ignore[assignment]
    ) -> None:
        self.viewer, self.mask, self.comments, self.words = viewer, mask, comments, words
        self.conversations, self.names = conversations, names
        self.sign = viewer.encode()
        told = {*comments, *conversations, *words, *(json.dumps(word, ensure_ascii=False)[1:-1] for word in words)}
        self.signs = [self.sign, *(text.encode() for text in sorted(told))]
        quotes = {*words, *names} - {""}
        self._told = _any_of({viewer, *quotes})
        self._quotes, self._id, self._part = _any_of(quotes), _any_of({viewer}), _any_of({viewer}, in_figures=True)

    def may_be_in(self, raw: bytes) -> bool:
        return any(sign in raw for sign in self.signs)

    def without(self, text: str) -> str:
        """What somebody else wrote in a conversation with the person, with their id, names and words left out."""
        return self._told.sub(LEFT_OUT, text)

    def scrub(self, value: Any) -> Any:
        """The value without the person; the very same object when nothing of them is in it."""
        if isinstance(value, str):
            return self.mask if value == self.viewer else "" if value in self.words and not _CODE(value) else value
        if isinstance(value, list | tuple):
            done = [self.scrub(item) for item in value]
            if all(new is old for new, old in zip(done, value, strict=True)):
                return value
            return done if isinstance(value, list) else tuple(done)
        if isinstance(value, dict):
            about = any(
                isinstance(told, str) and (told == self.viewer or (told in self.comments and name in _NAMES_A_COMMENT))
                for name, told in value.items()
            )
            with_them = isinstance(talk := value.get("conversation"), str) and talk in self.conversations
            made = {
                (self.mask if name == self.viewer else name): (
                    ""
                    if about and name in _SAYS and isinstance(told, str)
                    else self._quoting(told)
                    if with_them and name in _WRITTEN and isinstance(told, str)
                    else self.scrub(told)
                )
                for name, told in value.items()
            }
            same = all(a == b and made[a] is value[b] for a, b in zip(made, value, strict=True))
            return value if same else made
        if isinstance(value, bytes) and self.sign in value:
            return b""
        return value

    def scrub_text(self, text: str) -> str:
        """What people wrote without the person: names and words are left out, the id is masked."""
        return self._id.sub(self.mask, self._quotes.sub("", text))

    def scrub_json(self, column: str) -> str:
        """A column of JSON without the person, quotes of them in its texts included; numbers stay, but where they are
        the person's id. The very same text when nothing of them is in it, or when it is no JSON."""
        try:
            old = json.loads(column)
        except ValueError:
            return column
        new = self._quoted(self.scrub(old), "")
        return column if new == old else json.dumps(new, ensure_ascii=False, separators=(",", ":"))

    def _quoted(self, value: Any, field: str) -> Any:
        if isinstance(value, str):
            if value == self.mask:
                return value
            if not _KEY(value):
                return self.scrub_text(value)
            if field in _SAYS:
                value = self._quotes.sub("", value)
            return value if _FIGURE(value) else self._part.sub(self.mask, value)
        if isinstance(value, list):
            return [self._quoted(item, field) for item in value]
        if isinstance(value, dict):
            return {self._quoted(name, ""): self._quoted(told, name) for name, told in value.items()}
        if isinstance(value, int) and field in _IS_THEM and str(value) == self.viewer:
            return self.mask
        return value

    def _quoting(self, text: str) -> str:
        done = self.without(text)
        return text if done == text else done


def _any_of(signs: set[str], in_figures: bool = False) -> re.Pattern[str]:
    """Finds signs where they stand alone: "12" is in "1299" as well, and, unless wanted, not in an amount or a date."""
    found = []
    for sign in sorted(signs, key=lambda sign: (-len(sign), sign)):
        before = r"(?<!\w)(?<!\w-)" if _WORDLY(sign[0]) else ""
        after = r"(?!-?\w)" if _WORDLY(sign[-1]) else ""
        if sign.isdigit() and not in_figures:
            before, after = rf"{before}(?<!\d[.,:/-])(?<![¥$€£])", rf"{after}(?![.,:/-]\d|[%％])"
        found.append(before + re.escape(sign) + after)
    return re.compile("|".join(found) or "(?!)", re.ASCII)


_WORDLY = re.compile(r"\w", re.ASCII).match
"""Of letters without blanks between words (Chinese) nobody can tell where one ends."""
LEFT_OUT = "…"
"""In place of what is taken out of a text that may not be empty."""
_WRITTEN = frozenset({"text", "note"})
"""Fields of an answer to the person, or of a note on them."""
_SAYS = frozenset({"name", "text", "newest", "quote", "example", "title"})
"""Fields that hold a person's name or words where the object is about them."""
_NAMES_A_COMMENT = frozenset({"comment", "key", "subject"})
_IS_THEM = frozenset({"viewer", "buyer", "customer", "user"})
"""Fields in which a number is a person's id."""
_CODE = re.compile(r"[a-z]{1,8}(_[a-z]{1,8})*").fullmatch
"""States, places and the like ("paid"): a comment of that one word takes none of them with it."""
_KEY = re.compile(r"[\w.:/|@+-]*", re.ASCII).fullmatch
"""Ids and what is composed of them, figures and times; anything else is a text."""
_FIGURE = re.compile(r"[+-]?\d+([.,:/-]\d+)*").fullmatch
"""A number, an amount, a time or a date told as text."""


def scrub_events(blob: bytes, person: Person) -> bytes:
    """A batch of events without the person."""
    events = decode_events(blob)
    done = [scrub_event(event, person) for event in events]
    return blob if all(a is b for a, b in zip(done, events, strict=True)) else encode_events(done)


def scrub_event(event: Any, person: Person) -> Any:
    # A platform need not name the customer again in every message.
    if isinstance(event, MessageReceived) and event.conversation in person.conversations and (event.text or event.name):
        event = msgspec.structs.replace(event, text="", name="")
    raw = msgspec.to_builtins(event, builtin_types=(bytes,))
    done = person.scrub(raw)
    if done is raw:
        return event
    return msgspec.convert(done, type(event))


def scrub_record(record: Record, person: Person) -> Record:
    rounds = [(*where, scrub_events(blob, person)) for *where, blob in record.rounds]
    answers = [(part, _packed(blob, person)) for part, blob in record.answers]
    return Record(record.dropped, rounds, answers)  # type: ignore[arg-type]  # three places and a blob


def scrub_record_blob(blob: bytes, person: Person) -> bytes:
    raw = zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 30)
    record = msgspec.msgpack.decode(raw, type=Record)
    done = msgspec.msgpack.encode(scrub_record(record, person))
    return blob if done == raw else zstandard.ZstdCompressor(level=1).compress(done)


def scrub_snapshot(blob: bytes, person: Person) -> bytes:
    try:
        raw = zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 31)
        snapshot = msgspec.msgpack.decode(raw, type=Snapshot)
    except (zstandard.ZstdError, msgspec.DecodeError):
        # A damaged one is of no use to anybody, and nobody can tell what it holds.
        return b""
    done = {name: _packed(part, person) for name, part in snapshot.parts.items()}
    if done == snapshot.parts:
        return blob
    packed = msgspec.msgpack.encode(Snapshot(snapshot.number, snapshot.now, done))
    return zstandard.ZstdCompressor(level=1, write_checksum=True).compress(packed)


def _packed(blob: bytes, person: Person) -> bytes:
    """MessagePack or JSON without the person."""
    if not person.may_be_in(blob):
        return blob
    for codec in (msgspec.json, msgspec.msgpack):
        try:
            value = codec.decode(blob)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        done = person.scrub(_nested(value, person))
        return blob if done is value else codec.encode(done)
    return b""


def _nested(value: Any, person: Person) -> Any:
    """Bytes inside that are packed themselves, without the person."""
    if isinstance(value, bytes) and person.may_be_in(value):
        return _packed(value, person)
    if isinstance(value, list):
        done = [_nested(item, person) for item in value]
        return value if all(a is b for a, b in zip(done, value, strict=True)) else done
    if isinstance(value, dict):
        made = {name: _nested(item, person) for name, item in value.items()}
        return value if all(made[name] is value[name] for name in value) else made
    return value


def scrub_loose(blob: bytes, person: Person) -> bytes:
    """A blob of some part, packed by zstd or not."""
    try:
        raw = zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 30)
    except zstandard.ZstdError:
        return _packed(blob, person)
    done = _packed(raw, person)
    return blob if done == raw else zstandard.ZstdCompressor(level=1).compress(done)
