"""How the log is written: lines for people or one JSON object a line for collectors."""

import logging
import sys
from datetime import UTC, datetime

import msgspec

_NOISY = ("alembic", "uvicorn.error", "httpx")


class JsonLines(logging.Formatter):
    """``{"at", "level", "from", "text"}`` and ``"error"`` with the traceback where there is one; at in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "text": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def open_log(level: str, shape: str) -> None:
    """Write the log of this process to stderr. ``shape`` is text or json."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines() if shape == "json" else logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
