"""Words that fill the slots of the template families. Test families draw products from a list of their own."""

import random
import tomllib
from collections.abc import Callable
from pathlib import Path

_LISTS: dict[str, list[str]] = {
    name: words.split() for name, words in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}

_CHINESE = "零一二三四五六七八九十"


def _chinese_number(value: int) -> str:
    if value <= 10:
        return _CHINESE[value]
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")


def _number(rng: random.Random) -> str:
    value = rng.randint(1, 40)
    return _chinese_number(value) if rng.random() < 0.15 else str(value)


def _height(rng: random.Random) -> str:
    value = rng.randint(148, 185)
    return str(value) if rng.random() < 0.8 else f"1米{value - 100}"


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("abcdefghjkmnpqrstwxyz") for _ in range(count))


def _contact(rng: random.Random) -> str:
    return (" " if rng.random() < 0.5 else "") + _letters(rng, rng.randint(2, 5)) + str(rng.randint(100, 99999))


_MADE: dict[str, Callable[[random.Random], str]] = {
    "n": _number,
    "n2": _number,
    "h": _height,
    "w": lambda rng: str(rng.randint(80, 190)),
    "age": lambda rng: rng.choice(["两", "三", "四", "六", "八", "10", "1", "3", "5"]),
    "age0": lambda rng: rng.choice(["50", "60", "三十", "四十", "70", "18", "25", "65"]),
    "x": lambda rng: rng.choice(["2", "3", "5", "10", "十", "五", "8"]),
    "price": lambda rng: rng.choice(["9.9", "19.9", "29", "39.9", "59", "99", "129", "199", "299", "69"]),
    "price2": lambda rng: rng.choice(["109", "149", "39", "79.9", "249", "19"]),
    "wx": _contact,
    # No account begins with 0 and no mobile number with 12: none of them can be anybody's.
    "qq": lambda rng: f"0{rng.randint(10**7, 10**9)}",
    "phone": lambda rng: f"12{rng.randint(10**8, 10**9 - 1)}",
}


def fill(name: str, rng: random.Random, held_out: bool) -> str:
    """One word for a slot. ``held_out`` families take half their products from the list no training line uses."""
    if name == "p":
        return rng.choice(_LISTS["p_test" if held_out and rng.random() < 0.5 else "p"])
    if name == "c2":
        return rng.choice(_LISTS["c"])
    if name in _MADE:
        return _MADE[name](rng)
    return rng.choice(_LISTS[name])
