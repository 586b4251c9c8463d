"""One decision of moderation: a working copy of what is kept, changed by the events of a run, then frozen again."""

from typing import Any, TypeVar

import msgspec

from livecue.desk.moderation import tables
from livecue.desk.moderation.check import Facts, Told, Verdict, inverse, judge
from livecue.desk.moderation.crowd import Said, all_contacts, look
from livecue.desk.moderation.presets import preset_at
from livecue.desk.moderation.shape import shape_of, shapes_of
from livecue.desk.moderation.state import MOST_ACTS, MOST_HIDDEN, MOST_MUTED, Act, ModerationState
from livecue.events import (
    ActionDone,
    ActionFailed,
    ActionReleased,
    ActionUncertain,
    CommandApplied,
    CommandRefused,
    CommentHidden,
    CommentJudged,
    CommentPinned,
    CommentPosted,
    CommentShown,
    CommentUnpinned,
    HideComment,
    ModerationAction,
    ModerationAsked,
    ModerationNoted,
    ModerationPreviewed,
    MuteViewer,
    PinComment,
    QuestionAnswered,
    ReplyToComment,
    SpamNoticed,
    UnmuteViewer,
    ViewerMuted,
    ViewerUnmuted,
)
from livecue.flow import GAVE_UP, Unit, action_id_of, fate_of
from livecue.shows import ShowsPicture
from livecue.team import bounds_of_brand, stage_for_controls

T = TypeVar("T")

_SLOT_MS = 5_000
_DAY_MS = 24 * 3_600_000
_MONTH_MS = 30 * _DAY_MS
_OPEN = ("asked", "waiting", "pending", "uncertain")
_MOST_SPAMMERS = 200


class Turn:
    """Mutable while it lasts; ``state`` freezes it. Nothing of the old state is changed."""

    def __init__(self, old: ModerationState, unit: Unit) -> None:
        self._room, self._unit, self._kept = old.room, unit, old.kept
        self._old = old
        self._preset = preset_at(unit.now)
        self._heard: list[CommentPosted] = []
        self._labels: dict[str, str] = {}

    def state(self) -> ModerationState:
        """The next state."""
        self._settle_window()
        return self._old if self._kept is self._old.kept else ModerationState(self._room, self._kept)

    def _set(self, **changes: Any) -> None:
        self._kept = msgspec.structs.replace(self._kept, **changes)

    # What is said.

    def said(self, event: CommentPosted) -> None:
        """A comment joins the window; the room's own are not looked at."""
        if not event.by_host:
            self._heard.append(event)

    def judged(self, event: CommentJudged) -> None:
        """What the desk says of it: who asks or complains may repeat themselves longer."""
        if event.label != "chat":
            self._labels[event.comment] = event.label

    def _settle_window(self) -> None:
        """Take in what was said and judged since: once for many, before anything else looks."""
        heard, labels = self._heard, self._labels
        if not (heard or labels):
            return
        self._heard, self._labels = [], {}
        kept, now = self._kept, self._unit.now
        window = kept.window
        if heard:
            shapes = shapes_of([event.text for event in heard])
            contacts = all_contacts(shapes, self._preset)
            more = [
                Said(event.key, event.user, shape, place in contacts, now, event.text[:120])
                for place, (event, shape) in enumerate(zip(heard, shapes, strict=True))
            ]
            window = (*window, *more)[-self._preset.most :]
        if labels:
            window = _labelled(window, labels)
        named = {event.user: event.name for event in heard if event.name and event.user in kept.spammers}
        self._set(window=window, names={**kept.names, **named})

    # Time.

    def ticked(self, shows: ShowsPicture | None) -> None:
        """Look at the crowd every five seconds; what is too old is let go."""
        now, kept = self._unit.now, self._kept
        show = shows.show if shows is not None and shows.status == "on_air" else ""
        if show != kept.show:
            self._set(show=show)
        slot = now // _SLOT_MS
        if slot == kept.slot:
            return
        self._settle_window()
        kept = self._kept
        preset = self._preset
        window = tuple(item for item in kept.window if now - item.when < preset.window_s * 1000)
        if len(window) == len(kept.window):
            window = kept.window
        changes: dict[str, Any] = {"slot": slot, "window": window}
        newest = window[-1].when if window else 0
        if newest > kept.looked or (not window and kept.choruses):
            called = [draw.title for draw in shows.draws] if shows is not None else []
            found = look(window, called, preset)
            fresh = [item for item in found.spammers if item.user not in kept.spammers]
            known = {**kept.spammers, **{item.user: item for item in found.spammers}}
            changes |= {"spammers": _newest(known, _MOST_SPAMMERS), "choruses": found.choruses, "looked": newest}
            for how in sorted({item.how for item in fresh}):
                mine = [item for item in fresh if item.how == how]
                self._unit.announce(
                    SpamNoticed(
                        how=how,
                        users=tuple(item.user for item in mine[:50]),
                        count=sum(item.count for item in mine),
                        text=mine[0].text,
                        when=now,
                    )
                )
        keep_ms = preset.remember_s * 1000
        spammers = changes.get("spammers", kept.spammers)
        if any(now - item.seen > keep_ms for item in spammers.values()):
            changes["spammers"] = {user: item for user, item in spammers.items() if now - item.seen <= keep_ms}
        if any(until and until <= now for until in kept.muted.values()):
            changes["muted"] = {user: until for user, until in kept.muted.items() if not until or until > now}
        names = {user: name for user, name in kept.names.items() if user in changes.get("spammers", kept.spammers)}
        if names != kept.names:
            changes["names"] = names
        self._set(**changes)

    # What people ask for.

    def asked(self, event: ModerationAsked) -> None:
        """Check it against the law's line; it leaves, waits for a second person, or is refused with the reason."""
        self._settle_window()
        action = event.action
        verdict = judge(action, self._facts(event))
        if event.dry:
            self._unit.announce(
                ModerationPreviewed(
                    command=event.command,
                    verdict=verdict.state,
                    problems=dict(verdict.problems),
                    warnings=dict(verdict.warnings),
                    evidence=verdict.evidence,
                    criticism=verdict.criticism,
                    second=verdict.second,
                    wait_s=verdict.wait_s,
                ),
                CommandApplied(command=event.command),
            )
            return
        act = f"m:{event.command or f'{self._unit.number}'}"
        self._note(act, event, verdict)
        if verdict.problems:
            code, about = verdict.problems[0]
            self._unit.announce(CommandRefused(command=event.command, code=code, why=WHY[code], about=about))
            return
        self._unit.act(
            msgspec.structs.replace(action, by=event.by, ref=act, wait_ms=verdict.wait_s * 1000, second=verdict.second)
        )
        self._unit.announce(CommandApplied(command=event.command))

    def _facts(self, event: ModerationAsked) -> Facts:
        kept, action = self._kept, event.action
        comment = getattr(action, "comment", "")
        told = self._told(comment) if comment else None
        user = action.user if isinstance(action, MuteViewer | UnmuteViewer) else told.user if told else ""
        copies = 0
        if told is not None and told.user:
            shape = shape_of(told.text)
            copies = sum(
                item.user == told.user
                and item.comment != told.comment
                and item.comment not in kept.hidden
                and item.shape == shape
                for item in kept.window
            )
        lately: tuple[Told, ...] = ()
        if isinstance(action, MuteViewer) and user:
            rows = self._unit.ask(tables.LATELY, (self._room.room, user, self._unit.now - _DAY_MS))
            lately = tuple(found for row in rows if (found := self._told(str(row[0]))) is not None)
        return Facts(
            told=told,
            preset=self._preset,
            stage=self._stage(),
            note=event.note,
            spammer=kept.spammers.get(user) if user else None,
            copies=copies,
            hidden=kept.hidden,
            muted=kept.muted,
            pinned=kept.pinned,
            lately=lately,
            replying=isinstance(action, ReplyToComment) and self._replying(action.comment),
        )

    def _replying(self, comment: str) -> bool:
        """Whether a person here, or the service desk, answers this comment already or has answered it."""
        if any(
            act.kind == "ReplyToComment" and act.comment == comment and act.state in (*_OPEN, "done")
            for act in self._kept.acts.values()
        ):
            return True
        return bool(self._unit.ask(tables.ANSWERING, (self._room.room, comment, self._unit.now)))

    def _told(self, comment: str) -> Told | None:
        room, since = self._room.room, self._unit.now - _DAY_MS
        rows = self._unit.ask(tables.TOLD, (room, comment, since))
        if not rows:
            return None
        user, text, by_host = rows[0]
        judged = self._unit.ask(tables.JUDGED, (room, comment, since))
        label, topic, confidence, proposed = judged[0] if judged else ("", "", 0.0, "")
        flags = self._unit.ask(tables.FLAGGED, (room, comment, since))
        return Told(
            comment, str(user), str(text), bool(by_host), str(label), str(topic), float(confidence), str(proposed),
            tuple((str(entry), str(severity)) for entry, severity in flags),
        )  # fmt: skip

    def _stage(self) -> str:
        room = self._room
        size = self._unit.ask(tables.SIZE, (room.org, room.brand, room.org, room.brand, self._unit.now - _MONTH_MS))
        people, shows = (int(size[0][0]), int(size[0][1])) if size else (1, 0)
        bounds = bounds_of_brand(self._unit.ask, room.org, room.brand, self._unit.now).bounds
        return stage_for_controls(people, shows, bounds)

    def _note(self, act: str, event: ModerationAsked, verdict: Verdict) -> None:
        action, room, now = event.action, self._room, self._unit.now
        kind, code = type(action).__name__, verdict.problems[0][0] if verdict.problems else ""
        comment, user = getattr(action, "comment", ""), getattr(action, "user", "")
        reason = getattr(action, "reason", "")
        state = "refused" if code else "asked" if verdict.second else "waiting" if verdict.wait_s else "pending"
        back = inverse(action)
        one = Act(
            act=act,
            action=action_id_of(room.room, act),
            kind=kind,
            comment=comment,
            user=user,
            reason=reason,
            by=event.by,
            when=now,
            state=state,
            code=code,
            back=type(back).__name__ if back is not None and not code else "",
            until_s=action.duration_s if isinstance(action, MuteViewer) else 0,
        )
        self._set(acts=_newest({**self._kept.acts, act: one}, MOST_ACTS))
        self._unit.write(
            tables.SAVE_ACT,
            (
                room.org, room.brand, room.room, act, self._kept.show, now, event.by, kind, comment, user, reason,
                event.note, verdict.state, code, " ".join(verdict.evidence), int(verdict.criticism), state,
            ),
        )  # fmt: skip
        self._unit.announce(
            ModerationNoted(
                act=act,
                kind_of=kind,
                verdict=verdict.state,
                comment=comment,
                user=user,
                reason=reason,
                note=event.note,
                by=event.by,
                code=code,
                criticism=verdict.criticism,
                when=now,
            )
        )

    # What became of it, and what the platform shows.

    def fate(self, event: ActionDone | ActionFailed | ActionUncertain | ActionReleased) -> None:
        """The outbox and the platform say what became of an action of ours."""
        one = next((act for act in self._kept.acts.values() if act.action == event.action), None)
        if one is None:
            return
        if isinstance(event, ActionReleased):
            self._released(one, event)
            return
        state = {ActionDone: "done", ActionFailed: "failed", ActionUncertain: "uncertain"}[type(event)]
        if isinstance(event, ActionFailed) and event.code == GAVE_UP and one.kind == "ReplyToComment":
            # A person may yet send it again: until they have decided, nobody answers beside it.
            state = "uncertain"
        self._settle(one, state)
        if state != "done":
            return
        if one.kind == "HideComment":
            self.told(CommentHidden(comment=one.comment))
        elif one.kind == "ShowComment":
            self.told(CommentShown(comment=one.comment))
        elif one.kind == "PinComment":
            self.told(CommentPinned(comment=one.comment))
        elif one.kind == "UnpinComment":
            self.told(CommentUnpinned(comment=one.comment))
        elif one.kind == "MuteViewer":
            until = self._unit.now + one.until_s * 1000
            self.told(ViewerMuted(user=one.user, until=until))
        elif one.kind == "UnmuteViewer":
            self.told(ViewerUnmuted(user=one.user))

    def _released(self, one: Act, event: ActionReleased) -> None:
        if event.decision == "approve" and one.state == "asked" and event.by != one.by:
            self._settle(one, "pending")
            self._unit.write(tables.SECOND_BY, (event.by, self._room.room, one.act))
        elif event.decision == "cancel" and one.state in _OPEN:
            self._settle(one, "cancelled")
        elif event.decision in ("drop", "happened") and one.state in ("uncertain", "failed", "pending"):
            self._settle(one, "done" if event.decision == "happened" else "failed")
        elif event.decision == "retry" and fate_of(self._unit, self._room.room, one.action) == "pending":
            self._settle(one, "pending")

    def _settle(self, one: Act, state: str) -> None:
        if state == "done" and one.state != "done" and one.kind == "ReplyToComment":
            # Answered is what the platform shows, not what somebody pressed.
            self._unit.announce(QuestionAnswered(comment=one.comment, how="reply", by=one.by))
        back = one.back if state in (*_OPEN, "done") else ""
        acts = {**self._kept.acts, one.act: msgspec.structs.replace(one, state=state, back=back)}
        self._set(acts=acts)
        self._unit.write(tables.SETTLE_ACT, (state, self._unit.now, self._room.room, one.act))

    def told(
        self,
        event: CommentHidden | CommentShown | CommentPinned | CommentUnpinned | ViewerMuted | ViewerUnmuted,
    ) -> None:
        """What the platform shows changes only when it says so."""
        kept = self._kept
        if isinstance(event, CommentHidden):
            reason = kept.hidden.get(event.comment) or self._reason_of(event.comment)
            self._set(hidden=_newest({**kept.hidden, event.comment: reason}, MOST_HIDDEN))
        elif isinstance(event, CommentShown):
            self._set(hidden={name: why for name, why in kept.hidden.items() if name != event.comment})
            self._over(HideComment, event.comment)
        elif isinstance(event, CommentPinned):
            self._set(pinned=event.comment)
        elif isinstance(event, CommentUnpinned):
            self._set(pinned="")
            self._over(PinComment, kept.pinned)
        elif isinstance(event, ViewerMuted):
            until = event.until or kept.muted.get(event.user, 0)
            self._set(muted=_newest({**kept.muted, event.user: until}, MOST_MUTED))
        else:
            self._set(muted={user: until for user, until in kept.muted.items() if user != event.user})
            self._over(MuteViewer, event.user)

    def _reason_of(self, comment: str) -> str:
        acts = [act for act in self._kept.acts.values() if act.kind == "HideComment" and act.comment == comment]
        return acts[-1].reason if acts else ""

    def _over(self, kind: type[ModerationAction], subject: str) -> None:
        """What was taken back cannot be taken back again."""
        acts = {
            name: msgspec.structs.replace(act, back="")
            if act.kind == kind.__name__ and subject in (act.comment, act.user) and act.back
            else act
            for name, act in self._kept.acts.items()
        }
        self._set(acts=acts)


def _labelled(window: tuple[Said, ...], labels: dict[str, str]) -> tuple[Said, ...]:
    """The window with what its comments were judged to be: they are nearly always its newest."""
    found, left = list(window), len(labels)
    for place in range(len(found) - 1, -1, -1):
        item = found[place]
        label = labels.get(item.comment)
        if label is not None:
            found[place] = Said(item.comment, item.user, item.shape, item.contact, item.when, item.text, label)
            left -= item.comment != ""
            if not left:
                break
    return tuple(found)


def _newest(rows: dict[str, T], most: int) -> dict[str, T]:
    return rows if len(rows) <= most else dict(list(rows.items())[-most:])


WHY = {
    "bad_reason": "hiding and muting need a reason: abuse, spam, illegal, privacy or fraud",
    "unknown_comment": "this comment is not known here; do it on the platform's own page",
    "hidden_already": "this comment is hidden already",
    "not_hidden": "this comment is not hidden",
    "fair_criticism": "this is an opinion about goods, service or price, and nothing in it speaks for the reason given:"
    " the law lets nobody hide it; answer it, write to its author, or pass it on",
    "last_copy": "repeats of a complaint may be hidden as spam, but one copy stays and is answered",
    "note_needed": "this needs a second look: write down why",
    "masked_viewer": "the platform does not say who wrote this; mute on its own page",
    "unknown_viewer": "nothing by this viewer is known here",
    "mute_length": "a mute lasts from one second to a day",
    "muted_already": "this viewer is muted already",
    "not_muted": "this viewer is not muted",
    "on_top_already": "this comment stands on top already",
    "not_on_top": "no comment stands on top",
    "pin_banned_word": "a comment on top is advertising, and this one holds a banned word",
    "pin_personal": "this comment holds somebody's data or a way off the platform",
    "empty_reply": "write the answer",
    "reply_under_way": "this comment has a public answer already, or one is on its way; look at it first",
}
