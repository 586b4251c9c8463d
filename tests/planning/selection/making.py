"""Pools and briefs of our own making."""

import random

from livecue.planning.selection import ROLES, Brief, Candidate, Evidence, Phase


def pool(count: int, seed: int = 1, categories: int = 6, suppliers: int = 8) -> list[Candidate]:
    """Items with the evidence of some past shows; the same for the same seed."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        role = chance.choices(ROLES, (20, 15, 40, 10, 10, 5))[0]
        price = round(100 * chance.lognormvariate(4.2, 0.7))
        share = {"hook": 0.1, "deal": 0.15}.get(role, 0.45) * chance.uniform(0.6, 1.4)
        exposed = round(chance.lognormvariate(7, 1))
        clicked = round(exposed * chance.betavariate(4, 60))
        sold = round(clicked * chance.betavariate(2, 40))
        made.append(
            Candidate(
                product=f"p{number}",
                name=f"商品{number}",
                role=role,
                category=f"c{chance.randrange(categories)}",
                supplier=f"s{chance.randrange(suppliers)}",
                price=price,
                cost=round(price * (1 - share)),
                stock=chance.choice((60, 200, 1000, None)),
                clicks=Evidence(clicked, exposed),
                sales=Evidence(sold, clicked),
                returns=Evidence(0.1 * sold * price, sold * price),
                tags=tuple(chance.sample(("女", "25-35", "宝妈", "学生"), chance.randrange(3))),
                host_fit=chance.uniform(0.7, 1.3),
                risk=chance.choice((0.0, 0.0, 0.2)),
                idle_days=chance.choice((None, 1.0, 9.0)),
            )
        )
    return made


def phases(*minutes: float) -> tuple[Phase, ...]:
    """Phases of these lengths; the middle one is golden."""
    middle = len(minutes) // 2
    return tuple(
        Phase(phase=f"b{n}", minutes=m, audience=900.0 if n == middle else 400.0 + 50 * n, golden=n == middle)
        for n, m in enumerate(minutes)
    )


def brief(**changes: object) -> Brief:
    """Two hours in three phases."""
    given = {"phases": phases(30, 50, 40), "least": 1, "most": 20, **changes}
    return Brief(**given)  # type: ignore[arg-type]
