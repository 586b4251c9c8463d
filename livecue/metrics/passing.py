"""Room time passes: what grows with time, and what happens each time 5 s or a minute are over."""

from collections.abc import Callable

from livecue.metrics.board import Board
from livecue.metrics.columns import KIND, ROOM
from livecue.metrics.counter import STAY_MS, Counter
from livecue.metrics.online import UNTOLD
from livecue.metrics.talks import AFTER_MS
from livecue.metrics.tally import BUCKET_MS, LONGEST
from livecue.metrics.tellers import Tellers

MINUTE_BUCKETS = 60_000 // BUCKET_MS
_GROWN = tuple((ROOM[f"grown_{ms // 1000}"], ROOM[f"left_{ms // 1000}"], ms // BUCKET_MS) for ms in STAY_MS)
_OLDEST_COHORT = STAY_MS[-1] // BUCKET_MS + 2
_ON_AIR, _WATCH, _WATCHED, _ONLINE = (ROOM[name] for name in ("on_air_ms", "watch_ms", "watched_ms", "online"))
_LEAVE = KIND["leave"]
_MOST_STEPS = 2 * LONGEST


def pass_time(counter: Counter, now: int, minute_over: Callable[[Board, int, bool], None]) -> None:
    """Move the room's time to ``now``; ``minute_over(board, minute, heard)`` is called for each full minute."""
    board = counter.board
    bucket = now // BUCKET_MS
    counter.seen_late(now)
    if board.ended_at:
        board.now = now
        if bucket != board.bucket:
            board.bucket = bucket
            board.token += 1
    elif bucket == board.bucket:
        _grow(counter, now)
    else:
        heard = board.now // (MINUTE_BUCKETS * BUCKET_MS)
        asleep = bucket - board.bucket > _MOST_STEPS
        ripe = board.bucket + _OLDEST_COHORT
        while board.bucket < bucket:
            if asleep and board.bucket == ripe:
                # The room slept for long: nobody can look at the windows in between.
                _step(counter, bucket - LONGEST)
            _step(counter, board.bucket + 1)
            _minute(counter, heard, minute_over)
        _grow(counter, now)
    counter.bind()


def _step(counter: Counter, bucket: int) -> None:
    """Close the open bucket and open ``bucket``."""
    _grow(counter, bucket * BUCKET_MS)
    board = counter.board
    board.online.close(board.bucket, _online(counter))
    board.token += 1
    board.bucket = bucket
    board.room.turn(board.token, bucket, board.stretch)
    _mature(board, bucket)
    for product in [product for product in board.aligning if _over(board, product)]:
        board.product(product).align()
        board.aligning.remove(product)
    board.frozen = counter.state.tellers.frozen()
    counter.bind()


def _over(board: Board, product: str) -> bool:
    return board.now - board.product(product).ended_at > AFTER_MS


def _minute(counter: Counter, heard: int, minute_over: Callable[[Board, int, bool], None]) -> None:
    board = counter.board
    minute, rest = divmod(board.bucket, MINUTE_BUCKETS)
    if not rest and (minute - 1) * MINUTE_BUCKETS * BUCKET_MS >= board.began_at:
        minute_over(board, minute - 1, minute - 1 <= heard)


def _online(counter: Counter) -> int:
    board = counter.board
    own = board.people.in_room if leaves_told(counter.state.tellers) else UNTOLD
    return board.online.now(board.now, own)


def leaves_told(tellers: Tellers) -> bool:
    """Whether anyone tells when people leave."""
    return any(teller.at[_LEAVE] >= 0 for teller in tellers.known.values())


def _grow(counter: Counter, now: int) -> None:
    """Let the time from the board's now to ``now`` count: on air, watching, talking."""
    board = counter.board
    passed = now - board.now
    if passed > 0:
        totals = board.room.totals
        if board.on_air:
            totals[_ON_AIR] += passed
        online = board.online
        people = _online(counter)
        if people != UNTOLD:
            # The platform's counter holds for a while only; our own for as long as we count.
            held = passed if online.at == UNTOLD else min(passed, online.lasts_until - board.now)
            totals[_WATCH] += people * held
            totals[_WATCHED] += held
        if board.talking:
            counter.product(board.talking).tally.totals[ROOM["talk_ms"]] += passed
            totals[ROOM["talk_ms"]] += passed
        board.now = counter.now = now
    people = _online(counter)
    board.room.totals[_ONLINE] = people
    if people != UNTOLD:
        board.online.see(people)
    count, fast = board.waits.ripe(board.now)
    board.room.totals[ROOM["due"]] += count
    board.room.totals[ROOM["due_fast"]] += fast


def _mature(board: Board, bucket: int) -> None:
    """Views that began long enough ago are now known to have lasted, or not."""
    totals = board.room.totals
    for grown, left, age in _GROWN:
        cohort = bucket - 1 - age
        before, after = board.room.before(cohort), board.room.before(cohort + 1)
        if after:
            entries = ROOM["entries"]
            totals[grown] += after[entries] - (before[entries] if before else 0)
            early = board.early_leaves.get(cohort)
            if early is not None:
                totals[left] += early[STAY_MS.index(age * BUCKET_MS)]
    board.early_leaves.pop(bucket - _OLDEST_COHORT, None)
