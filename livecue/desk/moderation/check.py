"""The law's line: what may be hidden, by whom, and why not. Pure functions over what is known of the comment.

Not to delete or hide unfavourable opinions in order to mislead (compliance 1.1, 4.3, 5): a reason is one of five, it
needs something in the comment that speaks for it, and criticism without any is answered, not hidden.
"""

import re
from collections.abc import Mapping

import msgspec

from livecue.desk.moderation.crowd import Spammer, has_contact
from livecue.desk.moderation.presets import ModerationPreset
from livecue.desk.moderation.shape import shape_of
from livecue.events import (
    Action,
    HideComment,
    MuteViewer,
    PinComment,
    ReplyToComment,
    ShowComment,
    UnmuteViewer,
    UnpinComment,
)

MODERATION_ACTIONS: tuple[type[Action], ...] = (
    HideComment, ShowComment, MuteViewer, UnmuteViewer, PinComment, UnpinComment, ReplyToComment,
)  # fmt: skip

_PERSONAL = (
    re.compile(r"(?<!\d)1[3-9](?:[ -]?\d){9}(?!\d)"),
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.I),
    re.compile(r"[路街巷村].{0,6}\d+号.{0,8}(?:\d+(?:室|单元|栋|幢)|收)"),
)
"""Telephone, identity card, e-mail, an address with house and door (compliance 1.5)."""


class Told(msgspec.Struct, frozen=True):
    """A comment with what was found about it. ``flags``: (entry, severity) of the word packs."""

    comment: str
    user: str
    text: str
    by_host: bool = False
    label: str = ""
    topic: str = ""
    confidence: float = 0.0
    proposed: str = ""
    flags: tuple[tuple[str, str], ...] = ()


class Facts(msgspec.Struct, frozen=True):
    """What is known when an action is asked for. ``copies``: other visible comments of the writer, the same text."""

    told: Told | None
    preset: ModerationPreset
    stage: str
    note: str = ""
    spammer: Spammer | None = None
    copies: int = 0
    hidden: Mapping[str, str] = {}
    muted: Mapping[str, int] = {}
    pinned: str = ""
    lately: tuple[Told, ...] = ()
    """The newest comments of the viewer who is to be muted."""
    replying: bool = False
    """Another public answer to the comment is on its way, or stands there."""


class Verdict(msgspec.Struct, frozen=True):
    """``state``: free, second (somebody must look twice) or refused; problems stop it, warnings are shown."""

    state: str
    problems: tuple[tuple[str, dict[str, str]], ...]
    warnings: tuple[tuple[str, dict[str, str]], ...]
    evidence: tuple[str, ...]
    criticism: bool
    second: bool
    """Another person must agree."""
    wait_s: int


class _Notes:
    def __init__(self) -> None:
        self.problems: list[tuple[str, dict[str, str]]] = []
        self.warnings: list[tuple[str, dict[str, str]]] = []
        self.evidence: tuple[str, ...] = ()
        self.criticism = False
        self.look_twice = False

    def stop(self, code: str, **names: object) -> None:
        self.problems.append((code, {name: str(value) for name, value in names.items()}))

    def warn(self, code: str, **names: object) -> None:
        self.warnings.append((code, {name: str(value) for name, value in names.items()}))


def is_criticism(told: Told, preset: ModerationPreset) -> bool:
    """Whether it says something unfavourable of goods, service, price or delivery."""
    shape = shape_of(told.text)
    return told.label == "complaint" or any(word in shape for word in preset.criticism)


def evidence_of(told: Told, reason: str, spammer: Spammer | None, preset: ModerationPreset) -> tuple[str, ...]:
    """What in the comment (or of its writer) speaks for the reason; nothing that the comment says of itself does."""
    found = []
    if reason == "privacy" and any(pattern.search(told.text) for pattern in _PERSONAL):
        found.append("personal")
    if reason in ("abuse", "spam") and told.label == reason and told.confidence >= preset.judged_from:
        found.append("judged")
    if reason in ("spam", "fraud") and has_contact(shape_of(told.text), preset):
        found.append("contact")
    classes = {"abuse": "R", "illegal": "C", "fraud": "NO"}.get(reason, "")
    if any(entry[:1] in classes for entry, _ in told.flags if entry):
        found.append("word")
    if reason == "spam" and spammer is not None and told.comment in spammer.comments:
        found.append("ring" if spammer.how == "ring" else "repeated")
    return tuple(found)


def judge(action: Action, facts: Facts) -> Verdict:
    """Whether it may leave, and what a person should know first."""
    notes = _Notes()
    if isinstance(action, HideComment):
        _hide(action, facts, notes)
    elif isinstance(action, MuteViewer):
        _mute(action, facts, notes)
    elif isinstance(action, PinComment):
        _pin(facts, notes)
    elif isinstance(action, ShowComment):
        if action.comment not in facts.hidden:
            notes.stop("not_hidden")
    elif isinstance(action, UnmuteViewer):
        if action.user not in facts.muted:
            notes.stop("not_muted")
    elif isinstance(action, UnpinComment):
        if not facts.pinned:
            notes.stop("not_on_top")
    elif isinstance(action, ReplyToComment):
        if facts.told is None:
            notes.stop("unknown_comment")
        if not action.text.strip():
            notes.stop("empty_reply")
        if facts.replying:
            notes.stop("reply_under_way")
    if notes.look_twice and not facts.note.strip() and not notes.problems:
        notes.stop("note_needed")
    other = notes.look_twice and facts.preset.second_look.get(facts.stage, "other") == "other"
    wait = facts.preset.wait_s.get(type(action).__name__, 0)
    if notes.look_twice and not other:
        wait = max(wait, facts.preset.self_wait_s)
    state = "refused" if notes.problems else "second" if notes.look_twice else "free"
    return Verdict(state, tuple(notes.problems), tuple(notes.warnings), notes.evidence, notes.criticism, other, wait)


def _hide(action: HideComment, facts: Facts, notes: _Notes) -> None:
    told, preset = facts.told, facts.preset
    if action.reason not in preset.reasons:
        notes.stop("bad_reason")
    if told is None:
        notes.stop("unknown_comment")
        return
    if told.comment in facts.hidden:
        notes.stop("hidden_already")
        return
    notes.criticism = is_criticism(told, preset)
    notes.evidence = evidence_of(told, action.reason, facts.spammer, preset)
    if not notes.evidence:
        if notes.criticism:
            # Fair criticism is answered, not hidden.
            notes.stop("fair_criticism")
        else:
            notes.warn("no_evidence")
            notes.look_twice = True
        return
    if notes.criticism and notes.evidence == ("personal",):
        # What harms a third person goes at once; what it complains of still has to be answered.
        notes.warn("answer_it_too")
    elif notes.criticism and set(notes.evidence) <= {"repeated", "ring"}:
        if not facts.copies:
            notes.stop("last_copy")
        else:
            notes.warn("criticism_in_it")
            notes.look_twice = True
    elif notes.criticism:
        notes.warn("criticism_in_it")
        notes.look_twice = True


def _mute(action: MuteViewer, facts: Facts, notes: _Notes) -> None:
    preset = facts.preset
    if action.reason not in preset.reasons:
        notes.stop("bad_reason")
    if not action.user:
        notes.stop("masked_viewer")
        return
    if not 0 < action.duration_s <= preset.mute_most_s:
        notes.stop("mute_length", most=preset.mute_most_s)
    if action.user in facts.muted:
        notes.stop("muted_already")
        return
    if not facts.lately:
        notes.stop("unknown_viewer")
        return
    evidence: dict[str, None] = {}
    for told in facts.lately:
        evidence.update(dict.fromkeys(evidence_of(told, action.reason, facts.spammer, preset)))
    notes.evidence = tuple(evidence)
    notes.criticism = any(is_criticism(told, preset) for told in facts.lately)
    if not notes.evidence:
        if notes.criticism:
            notes.stop("fair_criticism")
        else:
            notes.warn("no_evidence")
            notes.look_twice = True
        return
    if notes.criticism:
        notes.warn("criticism_in_it")
        notes.look_twice = True
    if action.duration_s > preset.mute_alone_s:
        notes.warn("mute_long")
        notes.look_twice = True


def _pin(facts: Facts, notes: _Notes) -> None:
    told = facts.told
    if told is None:
        notes.stop("unknown_comment")
        return
    if told.comment == facts.pinned:
        notes.stop("on_top_already")
    if told.comment in facts.hidden:
        notes.stop("hidden_already")
    if any(severity == "block" for _, severity in told.flags):
        notes.stop("pin_banned_word")
    elif told.flags:
        notes.warn("pin_doubtful_word")
        notes.look_twice = True
    if any(pattern.search(told.text) for pattern in _PERSONAL) or has_contact(shape_of(told.text), facts.preset):
        notes.stop("pin_personal")


def inverse(action: Action) -> Action | None:
    """What takes it back; None where nothing can."""
    if isinstance(action, HideComment):
        return ShowComment(comment=action.comment)
    if isinstance(action, MuteViewer):
        return UnmuteViewer(user=action.user)
    if isinstance(action, PinComment):
        return UnpinComment(comment=action.comment)
    return None
