"""Write lines.tsv: every labelled line, hand-written and made from template families, with its part.

Run as ``python tools/triage/write_lines.py``. The same seed writes the same bytes.
"""

import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from tools.triage.noise import roughen  # noqa: E402
from tools.triage.slots import fill  # noqa: E402

SEED = 20261121
PER_FAMILY = {"train": 90, "test": 40}
LABELS = {"q": "question", "c": "complaint"}
WHOLE = {"i": "intent", "ab": "abuse", "sp": "spam", "ch": "chat"}
TOPICS = {
    "p": "price",
    "s": "stock",
    "z": "size_colour",
    "u": "usage",
    "q": "quality",
    "l": "logistics",
    "o": "offer",
    "a": "after_sale",
    "x": "other",
}
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


def meaning(code: str) -> tuple[str, str]:
    """Label and topic of a code of the guide; raises ``KeyError`` on an unknown one."""
    if code in WHOLE:
        return WHOLE[code], ""
    return LABELS[code[0]], TOPICS[code[1]]


def families(path: Path) -> list[tuple[str, str, list[str]]]:
    """(name, code, templates) of each family in a file."""
    found: list[tuple[str, str, list[str]]] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("@ "):
            _, name, code = line.split()
            found.append((name, code, []))
        elif line and not line.startswith("#"):
            found[-1][2].append(line)
    return found


def grow(template: str, rng: random.Random, held_out: bool) -> str:
    """One sentence out of a template."""
    while match := _CHOICE.search(template):
        template = template[: match.start()] + rng.choice(match[1].split("|")) + template[match.end() :]
    return _SLOT.sub(lambda slot: fill(slot[1], rng, held_out), template)


def made(part: str) -> list[tuple[str, str, str, str, str]]:
    """Lines of all families of a part: (part, how, family, code, text), no text twice."""
    lines = []
    for name, code, templates in families(HERE / f"families_{part}.txt"):
        rng = random.Random(f"{SEED}/{name}")
        seen: dict[str, None] = {}
        for turn in range(PER_FAMILY[part] * 6):
            if len(seen) == PER_FAMILY[part]:
                break
            text = grow(templates[turn % len(templates)], rng, part == "test")
            seen.setdefault(roughen(text, code, rng))
        lines += [(part, "made", name, code, text) for text in seen if text]
    return lines


def hand() -> list[tuple[str, str, str, str, str]]:
    """The hand-written lines; files named test_* are whole kinds of rooms that training never sees."""
    lines = []
    for path in sorted((HERE / "hand").glob("*.tsv")):
        part = "test" if path.name.startswith("test_") else "train"
        for line in path.read_text("utf-8").splitlines():
            code, text = line.split("\t")
            lines.append((part, "hand", path.stem, code, text))
    return lines


def main() -> None:
    lines = hand() + made("train") + made("test")
    for _, _, _, code, text in lines:
        meaning(code)
        assert "\t" not in text and "\n" not in text, text
    trained = {text for part, _, _, _, text in lines if part == "train"}
    kept = [line for line in lines if line[0] == "train" or line[4] not in trained]
    body = "".join("\t".join(line) + "\n" for line in kept)
    (HERE / "lines.tsv").write_text("part\thow\tfamily\tcode\ttext\n" + body, "utf-8")
    print(f"{len(kept)} lines, {sum(line[0] == 'test' for line in kept)} of them held out")


if __name__ == "__main__":
    main()
