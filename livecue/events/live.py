"""What happens in the live room, as its platform or a companion tells it.

``user`` is the platform's pseudonymous id as text; "" when it is withheld or masked: such
people cannot be told apart, and every metric that counts people says so instead of counting one.
"""

from livecue.events.base import Amount, Count, Event, Id, MaybeCount, Millis, Text


class StreamStarted(Event, frozen=True, kw_only=True):
    """The platform says the room is on air."""

    session: str = ""
    """The platform's id of this broadcast (changes every time)."""


class StreamPaused(Event, frozen=True, kw_only=True):
    """The platform says the broadcast is paused."""


class StreamResumed(Event, frozen=True, kw_only=True):
    """The platform says the broadcast goes on."""


class StreamEnded(Event, frozen=True, kw_only=True):
    """The platform says the broadcast is over."""

    reason: str = ""


class StreamStuttered(Event, frozen=True, kw_only=True):
    """The picture or sound stopped for ``ms`` milliseconds (M91, R052)."""

    ms: Millis = 0


class ViewerEntered(Event, frozen=True, kw_only=True):
    """One entry (M02, M03). ``via`` is the traffic source: feed, follow, video, square, search, paid, outside or ""."""

    user: str = ""
    name: str = ""
    via: str = ""


class ViewerLeft(Event, frozen=True, kw_only=True):
    """One person left after ``stay_s`` seconds; -1 when the source does not say."""

    user: str = ""
    stay_s: MaybeCount = -1
    via: str = ""


class OnlineCounted(Event, frozen=True, kw_only=True):
    """The platform's own counters; -1 is "not told". They may run backwards and are not repaired."""

    online: MaybeCount = -1
    """Concurrent viewers now (M06)."""
    views: MaybeCount = -1
    """Views since the start, as the platform counts them (M03)."""
    viewers: MaybeCount = -1
    """Distinct viewers since the start, as the platform counts them (M04)."""
    likes: MaybeCount = -1
    """Total of likes as displayed; never used to count likes."""


class ImpressionsCounted(Event, frozen=True, kw_only=True):
    """The room's card was shown ``times`` more times to ``people`` more people (M01, M05); -1 not told."""

    times: MaybeCount = -1
    people: MaybeCount = -1
    via: str = ""


class CommentPosted(Event, frozen=True, kw_only=True):
    """One comment, verbatim. ``by_host`` when the room's own account wrote it."""

    text: Text
    user: str = ""
    name: str = ""
    by_host: bool = False


class LikeGiven(Event, frozen=True, kw_only=True):
    """``count`` likes by one person, already merged by the platform (M25)."""

    user: str = ""
    count: Count = 1


class GiftSent(Event, frozen=True, kw_only=True):
    """A gift. A combo is told once, when it ends. ``coins``: its value in the platform's virtual unit, never money."""

    gift: str = ""
    name: str = ""
    count: Count = 1
    coins: Count = 0
    user: str = ""


class UserFollowed(Event, frozen=True, kw_only=True):
    """One new follower (M21)."""

    user: str = ""


class UserUnfollowed(Event, frozen=True, kw_only=True):
    """One follower less."""

    user: str = ""


class FanClubJoined(Event, frozen=True, kw_only=True):
    """One new member of the fan club 粉丝团 (M23)."""

    user: str = ""
    level: Count = 1


class RoomShared(Event, frozen=True, kw_only=True):
    """One person shared the room (M25)."""

    user: str = ""


class CommentHidden(Event, frozen=True, kw_only=True):
    """The platform no longer shows a comment."""

    comment: Id


class CommentShown(Event, frozen=True, kw_only=True):
    """The platform shows a hidden comment again."""

    comment: Id


class CommentPinned(Event, frozen=True, kw_only=True):
    """A comment stands on top of the room (置顶); the one before no longer does."""

    comment: Id


class CommentUnpinned(Event, frozen=True, kw_only=True):
    """No comment stands on top any more."""

    comment: str = ""


class ViewerMuted(Event, frozen=True, kw_only=True):
    """A viewer cannot comment (禁言) until ``until`` ms; 0 where the platform does not say."""

    user: Id
    until: Millis = 0


class ViewerUnmuted(Event, frozen=True, kw_only=True):
    """A viewer may comment again."""

    user: Id


SPEECH_FEED = "speech"
"""The feed that tells what the host says."""


class SpeechHeard(Event, frozen=True, kw_only=True):
    """What the host said, recognised by a transcription source; ``confidence`` 0 to 1, -1 not told (R065)."""

    text: Text
    speaker: str = ""
    confidence: float = -1.0


class SourceGone(Event, frozen=True, kw_only=True):
    """A feed of this room stopped; said once per gap."""

    feed: Id
    reason: str = ""


class SourceBack(Event, frozen=True, kw_only=True):
    """The feed is back after ``gap_ms``; what was missed counts in totals when ``sync`` brings it, not in windows."""

    feed: Id
    gap_ms: Millis = 0


class UnknownSeen(Event, frozen=True, kw_only=True):
    """A message of the platform that no translation exists for: kept and counted, never dropped."""

    name: str
    raw: bytes = b""


class AdSpent(Event, frozen=True, kw_only=True):
    """``amount`` more minor units were spent on paid traffic (M51)."""

    amount: Amount
    currency: str = "CNY"
