"""Rule packs: data files of entries, each bearing the article it rests on."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from livecue.errors import BadInput

Door = Literal["script", "speech", "title", "reply", "comment"]
"""Where a text comes from. ``reply`` is whatever the room's own account writes."""
DOORS: tuple[Door, ...] = ("script", "speech", "title", "reply", "comment")
Severity = Literal["block", "warn", "context"]
Disguise = Literal["full", "listed", "none"]

_FOLDER = files("livecue.compliance") / "packs"


class Safe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A context in which a hit is not what it seems; one of the four ways must hold.

    ``texts`` are phrases that cover the hit. ``before`` and ``after`` are regular expressions on the folded text
    that ends or starts at the hit; ``anywhere`` on the whole folded text. ``to`` is the severity then.
    ``code`` names the exemption (``Hit.context``).
    """

    code: str
    texts: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    anywhere: str = ""
    to: Literal["silent", "warn"] = "silent"
    categories: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    """For a pack's own contexts: the entries it holds for, all when empty."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule of a pack with all its texts.

    ``follow`` is a regular expression the folded text after the hit must match, and the hit grows by it; ``lead`` is
    one the text before it must end with.
    ``shapes`` are regular expressions on the key form (phone numbers). ``alike`` are disguises that cannot be
    derived, ``initials`` count only beside Chinese. ``only`` = disguised: the plain word is harmless.
    ``unless`` lists facts that settle it (stock, price_record, paper:<code>, label:<code>): then it is ``proved``;
    a fact that says otherwise makes it a block. ``only`` = contradicted: a claim that is harmless until a fact
    contradicts it. ``valid_until`` is the first day on which it no longer holds. ``reword`` are wordings offered in its
    place, best first; {stock} and {price} stand for what is known, "" is to take it out.
    """

    id: str
    cls: str = msgspec.field(name="class")
    severity: Severity
    basis: str
    valid_from: str
    valid_until: str = ""
    zh: str
    en: str
    reword: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    follow: str = ""
    lead: str = ""
    categories: tuple[str, ...] = ()
    except_categories: tuple[str, ...] = ()
    doors: tuple[Door, ...] = ()
    disguise: Disguise = "full"
    alike: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    only: Literal["", "disguised", "contradicted"] = ""
    safe: tuple[Safe, ...] = ()
    unless: tuple[str, ...] = ()
    proved: Literal["silent", "warn"] = "silent"
    negatable: bool = True


class Duty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that a script of a category must contain (one of ``texts``), unless ``label`` is shown on the picture."""

    id: str
    cls: str = msgspec.field(name="class")
    severity: Literal["block", "warn"]
    basis: str
    valid_from: str
    valid_until: str = ""
    zh: str
    en: str
    texts: tuple[str, ...]
    categories: tuple[str, ...]
    label: str = ""


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of entries. ``doors`` is where its entries count; ``safe`` holds for all of them. ``platforms`` are those
    whose rooms it is for, every one when empty."""

    id: str
    version: str
    zh: str
    en: str
    platforms: tuple[str, ...] = ()
    doors: tuple[Door, ...] = ("script", "speech", "title", "reply")
    entries: tuple[Entry, ...] = ()
    duties: tuple[Duty, ...] = ()
    safe: tuple[Safe, ...] = ()


class OwnWord(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the house: forbidden by the brand, or ``silent`` because it is its product's name."""

    text: str
    severity: Literal["silent", "warn", "block"] = "warn"
    advice: str = ""
    reword: str = ""
    doors: tuple[Door, ...] = ("script", "speech", "title", "reply")


@cache
def _shipped() -> dict[str, Pack]:
    packs = {}
    for file in sorted(_FOLDER.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            pack = read_pack(file.read_text("utf-8"), file.name)
            packs[pack.id] = pack
    return packs


def read_pack(text: str, name: str = "pack") -> Pack:
    """A pack from its TOML; raises ``BadInput`` that names the field at fault."""
    try:
        pack = msgspec.convert(tomllib.loads(text), Pack)
        for entry in pack.entries:
            _check(entry)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error, ValueError) as error:
        raise BadInput(f"rule pack {name}: {error}") from error
    return pack


def _check(entry: Entry) -> None:
    if not entry.texts and not entry.shapes and not entry.alike:
        raise ValueError(f"entry {entry.id} has no texts")
    for pattern in (entry.follow, entry.lead, *entry.shapes):
        re.compile(pattern)
    for safe in entry.safe:
        if not (safe.texts or safe.before or safe.after or safe.anywhere):
            raise ValueError(f"entry {entry.id}: safe context {safe.code} says nothing")
        for pattern in (safe.before, safe.after, safe.anywhere):
            re.compile(pattern)
    if entry.only == "contradicted" and not entry.unless:
        raise ValueError(f"entry {entry.id} waits for a fact and names none")
    for fact in entry.unless:
        if fact not in ("stock", "price_record", "price_now") and not fact.startswith(("paper:", "label:")):
            raise ValueError(f"entry {entry.id}: unknown fact {fact!r}")


def load_packs(names: Iterable[str] = (), on: str | None = None, platform: str | None = None) -> tuple[Pack, ...]:
    """The shipped packs by id, all of them when ``names`` is empty.

    ``on`` is a date (YYYY-MM-DD): what was not in force then is left out. ``platform``: packs of other platforms are
    left out. Raises ``BadInput`` on a name nobody ships.
    """
    shipped = _shipped()
    wanted = tuple(names) or tuple(shipped)
    unknown = [name for name in wanted if name not in shipped]
    if unknown:
        raise BadInput(f"no such rule pack: {', '.join(unknown)}; there are: {', '.join(shipped)}")
    packs = [shipped[name] for name in wanted]
    if platform is not None:
        packs = [pack for pack in packs if not pack.platforms or platform in pack.platforms]
    if on is None:
        return tuple(packs)
    return tuple(
        msgspec.structs.replace(
            pack,
            entries=tuple(entry for entry in pack.entries if in_force(entry, on)),
            duties=tuple(duty for duty in pack.duties if in_force(duty, on)),
        )
        for pack in packs
    )


def in_force(rule: Entry | Duty, on: str) -> bool:
    """Whether the rule holds on the day ``on`` (YYYY-MM-DD)."""
    return rule.valid_from <= on and (not rule.valid_until or on < rule.valid_until)


@cache
def change_days() -> tuple[str, ...]:
    """The days on which a shipped rule came into force or ended, oldest first."""
    rules: list[Entry | Duty] = []
    for pack in _shipped().values():
        rules += [*pack.entries, *pack.duties]
    return tuple(sorted({day for rule in rules for day in (rule.valid_from, rule.valid_until) if day}))


def version_of(packs: Sequence[Pack], own_words: Sequence[OwnWord], tables: bytes) -> str:
    """Newest pack version and a hash over all that can change a verdict; own words have a hash of their own."""
    digest = hashlib.blake2b(tables, digest_size=6)
    digest.update(msgspec.msgpack.encode(tuple(packs)))
    newest = max((pack.version for pack in packs), default="0")
    own = hashlib.blake2b(msgspec.msgpack.encode(tuple(own_words)), digest_size=4).hexdigest() if own_words else ""
    return f"{newest}+{digest.hexdigest()}" + (f".{own}" if own else "")
