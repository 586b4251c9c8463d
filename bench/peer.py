"""The ordinary way, to compare with: FastAPI, a Pydantic model a line, a SQLite row an event with a unique key.

It stores and de-duplicates, and does nothing else of what LiveCue does (no metrics, no rules, no words, no stock).
"""

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict


class Line(BaseModel):
    """One line."""

    model_config = ConfigDict(extra="allow")
    kind: str
    key: str = ""
    user: str = ""


def application(path: Path) -> FastAPI:
    """The peer over the database at ``path``."""
    app = FastAPI()
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE events (room TEXT, kind TEXT, key TEXT, user TEXT, body TEXT, PRIMARY KEY (room, kind, key))"
    )

    @app.get("/")
    def up() -> dict[str, bool]:
        return {"up": True}

    @app.post("/bridge/v1/rooms/{room}/events")
    async def events(room: str, request: Request) -> dict[str, Any]:
        lines = [Line.model_validate_json(line) for line in (await request.body()).split(b"\n") if line]
        connection.execute("BEGIN")
        before = connection.total_changes
        connection.executemany(
            "INSERT OR IGNORE INTO events VALUES (?,?,?,?,?)",
            [
                (room, line.kind, line.key, line.user, json.dumps(line.model_dump(), ensure_ascii=False))
                for line in lines
            ],
        )
        accepted = connection.total_changes - before
        connection.execute("COMMIT")
        return {"accepted": accepted, "duplicates": len(lines) - accepted, "rejected_count": 0}

    return app


if __name__ == "__main__":
    uvicorn.run(application(Path(sys.argv[1])), port=int(sys.argv[2]), log_level="warning", access_log=False)
