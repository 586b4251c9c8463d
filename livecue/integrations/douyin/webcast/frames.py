"""What the web feed wants to hear back: heartbeats and acknowledgements (live-feeds 4.1).

Heartbeats go out every ``Response.heartbeat_ms``, but not faster than every 10 s.
"""

from livecue.integrations.pushframe import Frame, Response, frame_bytes

LEAST_HEARTBEAT_MS = 10_000


def heartbeat() -> bytes:
    """The frame a client sends to stay connected."""
    return frame_bytes("hb")


def acknowledgement(frame: Frame, response: Response) -> bytes | None:
    """The answer to ``frame``; None when the sender wants none.

    The header ``im-internal_ext`` goes before the field of the response. ``log_id`` exceeds 2^53, and travels as is.
    """
    if not response.need_ack:
        return None
    internal_ext = frame.headers.get("im-internal_ext") or response.internal_ext
    return frame_bytes("ack", internal_ext.encode(), log_id=frame.log_id)


def resume_point(frame: Frame, response: Response) -> tuple[str, str]:
    """(cursor, internal_ext) with which a connection goes on after a break."""
    return (
        frame.headers.get("im-cursor") or response.cursor,
        frame.headers.get("im-internal_ext") or response.internal_ext,
    )
