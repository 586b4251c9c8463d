"""The house's own words: what a room was told of them, and reading who set what and why."""

import msgspec

from livecue.compliance import tables
from livecue.compliance.engines import Words
from livecue.compliance.packs import DOORS, Door, OwnWord
from livecue.events import OwnWordSet
from livecue.store import Reader

SCOPES = ("org", "brand", "room")
"""The closest one wins, so the last."""
_SEVERITIES = frozenset({"silent", "warn", "block"})
_HOST_DOORS: tuple[Door, ...] = ("script", "speech", "title", "reply")
_LONGEST = 40
MOST = 2_000
"""Own words of a room: more is no list a person keeps."""


class Kept(msgspec.Struct, frozen=True):
    """An own word as it stands in one scope."""

    severity: str
    advice: str = ""
    reword: str = ""
    doors: tuple[str, ...] = ()


class OwnWords(msgspec.Struct):
    """By scope and word."""

    kept: dict[str, dict[str, Kept]] = {}

    def set(self, event: OwnWordSet) -> None:
        """Take over what was set; a removed word is forgotten in its scope."""
        words = self.kept.setdefault(event.scope, {})
        if event.removed:
            words.pop(event.word, None)
        else:
            words[event.word] = Kept(event.severity, event.advice, event.reword, event.doors)

    def in_force(self) -> Words:
        """What holds for the room, by word."""
        found: dict[str, Kept] = {}
        for scope in SCOPES:
            found.update(self.kept.get(scope, {}))
        return tuple(_word(text, kept) for text, kept in sorted(found.items()))


def _word(text: str, kept: Kept) -> OwnWord:
    doors = tuple(door for door in DOORS if door in kept.doors)
    return msgspec.convert(
        {"text": text, "severity": kept.severity, "advice": kept.advice, "reword": kept.reword,
         "doors": doors or _HOST_DOORS},
        OwnWord,
    )  # fmt: skip


def word_problem(event: OwnWordSet, words: OwnWords) -> tuple[str, str] | None:
    """What keeps an own word from being set: (code, what to do); None when nothing does."""
    word = event.word
    if not word.strip() or word != word.strip() or len(word) > _LONGEST:
        return "word_length", f"a word has 1 to {_LONGEST} characters, without spaces around it"
    if not any(c.isalnum() for c in word):
        return "word_length", "a word holds at least one letter, digit or character"
    if event.scope not in SCOPES:
        return "word_scope", f"a word holds for one of {', '.join(SCOPES)}"
    if event.severity not in _SEVERITIES:
        return "word_severity", "a word is blocked, warned of or let pass: block, warn, silent"
    if any(door not in DOORS for door in event.doors):
        return "word_doors", f"texts are of {', '.join(DOORS)}"
    if not event.reason.strip():
        return "word_reason", "say why: colleagues and an inspection will ask"
    if any(len(text) > 500 for text in (event.reason, event.advice, event.reword)):
        return "word_length", "reason, advice and wording have at most 500 characters each"
    if event.removed and word not in words.kept.get(event.scope, {}):
        return "word_gone", "this word is not on the list; it was removed already"
    if not event.removed and sum(map(len, words.kept.values())) >= MOST:
        return "word_many", f"a room keeps at most {MOST} own words; remove some first"
    return None


class WordRow(msgspec.Struct, frozen=True, kw_only=True):
    """One setting of an own word, as it was made."""

    room: str
    command: str
    set_at: int
    set_by: str
    scope: str
    word: str
    severity: str
    reason: str
    advice: str
    reword: str
    doors: tuple[str, ...]
    removed: bool
    undoes: str

    @property
    def event(self) -> OwnWordSet:
        """What says it again to another room."""
        return OwnWordSet(
            word=self.word, severity=self.severity, reason=self.reason, advice=self.advice, reword=self.reword,
            doors=self.doors, scope=self.scope, removed=self.removed, undoes=self.undoes,
        )  # fmt: skip


def list_word_changes(db: Reader, org: str, brand: str, room: str) -> list[WordRow]:
    """Every setting a room was told of, oldest first."""
    return [
        WordRow(
            room=r[0], command=r[1], set_at=r[2], set_by=r[3], scope=r[4], word=r[5], severity=r[6], reason=r[7],
            advice=r[8], reword=r[9], doors=tuple(filter(None, r[10].split(","))), removed=bool(r[11]), undoes=r[12],
        )
        for r in db.rows(tables.LIST_WORDS, (org, brand, room))
    ]  # fmt: skip


def standing_words(rows: list[WordRow]) -> list[WordRow]:
    """Of a room's settings those that stand, by scope and word."""
    found: dict[tuple[str, str], WordRow] = {}
    for row in rows:
        found.pop((row.scope, row.word), None)
        if not row.removed:
            found[row.scope, row.word] = row
    return sorted(found.values(), key=lambda row: (SCOPES.index(row.scope), row.word))


def words_of(rows: list[WordRow]) -> Words:
    """What holds for a room after these settings, as its ledger has it."""
    words = OwnWords()
    for row in rows:
        words.set(row.event)
    return words.in_force()
