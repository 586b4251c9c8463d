"""What moderation remembers of a room: bounded and immutable, and the picture it gives."""

import msgspec

from livecue.desk.moderation.crowd import Chorus, Said, Spammer
from livecue.flow import RoomInfo

MOST_HIDDEN = 2_000
MOST_MUTED = 500
MOST_ACTS = 60
_SHOWN_HIDDEN = 300
_SHOWN_SPAMMERS = 12
_SHOWN_ACTS = 12


class Act(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something asked for. ``state``: asked, waiting, pending, done, failed, uncertain, cancelled or refused;
    ``back`` is the kind of what would take it back, "" when nothing can or it was."""

    act: str
    action: str
    kind: str
    comment: str = ""
    user: str = ""
    reason: str = ""
    by: str = ""
    when: int = 0
    state: str = ""
    code: str = ""
    back: str = ""
    until_s: int = 0


class SpamView(msgspec.Struct, frozen=True):
    """An account to look at, for the screens; ``name`` is the platform's pseudonym."""

    user: str
    name: str
    how: str
    count: int
    text: str
    comment: str
    muted: bool


class ModerationPicture(msgspec.Struct, frozen=True):
    """What is hidden, who is muted, what stands on top, accounts to look at, what the crowd is excited about."""

    hidden: dict[str, str]
    """Comment to the reason."""
    muted: dict[str, int]
    """Viewer to the room time until which they cannot comment, 0 unknown."""
    pinned: str
    spammers: list[SpamView]
    choruses: list[Chorus]
    acts: list[Act]
    """The newest first."""
    reasons: tuple[str, ...]


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that outlives the process."""

    show: str = ""
    window: tuple[Said, ...] = ()
    slot: int = 0
    looked: int = 0
    """Comments of the window that were looked at already (by their moment)."""
    spammers: dict[str, Spammer] = {}
    names: dict[str, str] = {}
    """Names of the spammers, as shown in the room."""
    choruses: tuple[Chorus, ...] = ()
    hidden: dict[str, str] = {}
    muted: dict[str, int] = {}
    pinned: str = ""
    acts: dict[str, Act] = {}


class ModerationState(msgspec.Struct, frozen=True):
    """The room and what is kept of it."""

    room: RoomInfo
    kept: Kept


def picture_of(kept: Kept, reasons: tuple[str, ...], now: int) -> ModerationPicture:
    """What the screens show at room time ``now``."""
    hidden = dict(list(kept.hidden.items())[-_SHOWN_HIDDEN:])
    muted = {user: until for user, until in kept.muted.items() if not until or until > now}
    spammers = sorted(kept.spammers.values(), key=lambda item: (-item.seen, item.user))[:_SHOWN_SPAMMERS]
    return ModerationPicture(
        hidden=hidden,
        muted=muted,
        pinned=kept.pinned,
        spammers=[
            SpamView(
                item.user, kept.names.get(item.user, ""), item.how, item.count, item.text,
                item.comments[-1] if item.comments else "", item.user in muted,
            )
            for item in spammers
        ],
        choruses=list(kept.choruses),
        acts=list(reversed(kept.acts.values()))[:_SHOWN_ACTS],
        reasons=reasons,
    )  # fmt: skip
