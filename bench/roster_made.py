"""A month to fill that nobody has seen before: people, rooms and shows drawn from a seed."""

from random import Random

from livecue.planning.roster import DAY, Leave, Post, Problem, Skill, Wish, Worker

CATEGORIES = ("beauty", "clothing", "home", "food", "mother")
SHIFTS = {"noon": (10 * 60, 14 * 60), "day": (14 * 60, 18 * 60), "golden": (19 * 60, 23 * 60)}
SHARES = {"host": 0.25, "cohost": 0.19, "floor": 0.235, "console": 0.235, "cs": 0.09}
"""Of the people. With 200 of them for 30 rooms about 95 % of what they may work is asked for."""


def make_problem(people: int = 200, rooms: int = 30, days: int = 30, seed: int = 1) -> Problem:
    """A problem of that size; the same for the same seed.

    Each room has a golden show every evening and every seventh day one more at noon or in the afternoon; every tenth
    golden show is a special one, with a rehearsal two days ahead and no reserve host. People know three rooms, hold
    their role in two categories, are away two days and wish for three things.
    """
    draw = Random(seed)
    names = [f"r{n:02d}" for n in range(rooms)]
    category = {room: CATEGORIES[n % len(CATEGORIES)] for n, room in enumerate(names)}
    workers = _workers(draw, people, names, category)
    posts = [post for day in range(days) for room in names for post in _day(draw, day, room, category[room])]
    posts += [
        _service(day, desk, shift) for day in range(days) for desk in range(rooms // 5) for shift in ("day", "golden")
    ]
    leaves, wishes = [], []
    for worker in workers:
        away = draw.sample(range(days), 2)
        leaves += [Leave(worker.person, d * DAY, (d + 1) * DAY) for d in away]
        for day in draw.sample([d for d in range(days) if d not in away], 3):
            wishes.append(Wish(worker.person, day, on=draw.random() < 0.3, weight=draw.choice((5, 10, 20))))
    return Problem(
        first="2026-12-01",
        days=days,
        workers=tuple(workers),
        posts=tuple(posts),
        leaves=tuple(leaves),
        wishes=tuple(wishes),
        free_days=tuple(d for d in range(days) if (d + 1) % 7 in (5, 6)),
    )


def _workers(draw: Random, people: int, rooms: list[str], category: dict[str, str]) -> list[Worker]:
    found: list[Worker] = []
    counts = {role: round(people * share) for role, share in SHARES.items()}
    counts["host"] += people - sum(counts.values())
    for role, count in counts.items():
        for place in range(count):
            two = [CATEGORIES[place % 5], CATEGORIES[(place + 1 + draw.randrange(4)) % 5]]
            skills = (Skill(role),) if role in ("cs", "console") else tuple(Skill(role, c) for c in sorted(set(two)))
            if role == "cohost" and draw.random() < 0.2:
                skills += (Skill("floor", two[0]),)
            own = [room for room in rooms if role in ("cs", "console") or category[room] in two]
            tier = draw.choices(("head", "potential", "reserve"), (2, 4, 4))[0] if role == "host" else ""
            person = f"{role}-{place:02d}"
            known = () if role == "cs" else tuple(sorted(draw.sample(own, min(3, len(own)))))
            found.append(Worker(person, person, skills, tier, known, 176 * 60))
    return found


def _day(draw: Random, day: int, room: str, category: str) -> list[Post]:
    shows = ["golden"] + (["noon" if draw.random() < 0.5 else "day"] if draw.random() < 1 / 7 else [])
    posts = []
    for shift in shows:
        start, end = (day * DAY + minute for minute in SHIFTS[shift])
        golden = shift == "golden"
        special = golden and day >= 2 and draw.random() < 0.1
        rehearsal = ((day - 2) * DAY + 15 * 60, (day - 2) * DAY + 16 * 60) if special else None
        roles = ("host", "cohost", "floor", "console") if golden else ("host", "floor", "console")
        for role in roles:
            posts.append(
                Post(
                    post=f"{room}-{day:02d}-{shift}-{role}",
                    room=room,
                    role=role,
                    day=day,
                    start=start,
                    end=end,
                    category=category,
                    show=f"{room}-{day:02d}-{shift}",
                    golden=golden,
                    least="potential" if special and role == "host" else "",
                    wanted=("head" if special else "potential" if golden else "") if role == "host" else "",
                    rehearsal=rehearsal if role in ("host", "cohost", "floor") else None,
                )
            )
    return posts


def _service(day: int, desk: int, shift: str) -> Post:
    start, end = (day * DAY + minute for minute in SHIFTS[shift])
    return Post(
        post=f"cs{desk}-{day:02d}-{shift}", room="", role="cs", day=day, start=start, end=end, golden=shift == "golden"
    )
