"""Searches under way: started, looked at, stopped, taken. They live in memory: what is not accepted is not kept."""

import logging
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import IO

import msgspec

from livecue.errors import BadInput, Conflict, Overloaded
from livecue.planning.roster.problem import Problem, Roster
from livecue.planning.roster.searching import Progress
from livecue.planning.roster.worker import Order, Said

_log = logging.getLogger("livecue.planning.roster")
AT_ONCE = 1
"""Searches at a time: each takes two threads for a minute or more."""


class SearchBusy(Conflict):
    """A search for this roster runs already."""

    code = "search_busy"


@dataclass
class Search:
    """One search. ``state`` running, done, failed or stopped (with the best so far in ``roster``)."""

    version: int
    """Version of the roster it was started on."""
    state: str = "running"
    progress: Progress | None = None
    roster: Roster | None = None
    wrong: str = ""
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)


class Searches:
    """Every search of this program, by roster."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, Search] = {}

    def start(self, roster: str, version: int, problem: Problem, gap: float, seconds: float) -> Search:
        """Begin. Raises ``SearchBusy`` for a second search of a roster, ``Overloaded`` when others run."""
        with self._lock:
            running = [name for name, one in self._found.items() if one.state == "running"]
            if roster in running:
                raise SearchBusy("a search for this roster runs already; stop it first")
            if len(running) >= AT_ONCE:
                raise Overloaded("another roster is being searched; try again when it is done", 30.0)
            search = Search(version)
            self._found[roster] = search
        process = subprocess.Popen(
            [sys.executable, "-m", "livecue.planning.roster.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with self._lock:
            search.process = process
            if self._found.get(roster) is not search:
                # Called off while it was being started.
                process.kill()
        order = msgspec.json.encode(Order(problem, gap, seconds)) + b"\n"
        threading.Thread(target=self._follow, args=(search, process, order), name="roster-search", daemon=True).start()
        return search

    def find(self, roster: str) -> Search | None:
        """The newest search of a roster."""
        return self._found.get(roster)

    def stop(self, roster: str) -> None:
        """End a search and keep the best so far."""
        search = self._found.get(roster)
        if search is None or search.state != "running" or search.process is None or search.process.stdin is None:
            return
        search.state = "stopping"
        try:
            search.process.stdin.write(b"stop\n")
            search.process.stdin.flush()
        except (OSError, ValueError):
            _log.info("the search of %s has ended by itself", roster)

    def drop(self, roster: str) -> None:
        """End a search and forget it."""
        with self._lock:
            search = self._found.pop(roster, None)
        if search is not None and search.process is not None and search.process.poll() is None:
            search.process.kill()

    def close(self) -> None:
        """End all of them."""
        for roster in list(self._found):
            self.drop(roster)

    def _follow(self, search: Search, process: "subprocess.Popen[bytes]", order: bytes) -> None:
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(order)
            process.stdin.flush()
            self._read(search, process.stdout)
        except (OSError, ValueError, msgspec.DecodeError) as error:
            search.wrong = search.wrong or str(error)
        finally:
            stopped = search.state == "stopping"
            if search.roster is None and not search.wrong:
                search.wrong = f"the search ended without a word (exit code {process.wait()})"
            search.state = "failed" if search.roster is None else "stopped" if stopped else "done"
            process.stdout.close()
            try:
                process.stdin.close()
            except OSError:
                _log.debug("the search had closed its input")
            process.wait()

    def _read(self, search: Search, lines: IO[bytes]) -> None:
        decoder = msgspec.json.Decoder(Said)
        for line in lines:
            said = decoder.decode(line)
            if said.progress is not None:
                search.progress = said.progress
            search.roster = said.roster or search.roster
            search.wrong = said.wrong or search.wrong


def accepted(search: Search | None) -> Roster:
    """The roster of a search that ended. Raises ``BadInput``."""
    if search is None or search.roster is None or search.state in ("running", "stopping"):
        raise BadInput("there is no finished search to accept; start one first")
    return search.roster
