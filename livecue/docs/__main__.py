"""``python -m livecue.docs``: write the pages anew; ``--check`` only says whether they are up to date."""

import argparse
import sys
from pathlib import Path

from livecue.docs.pages import generate, outdated
from livecue.docs.words import Texts, skeleton

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """0 when the pages are up to date or were written, 1 when something is missing."""
    parser = argparse.ArgumentParser(prog="python -m livecue.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a page is out of date")
    parser.add_argument("--lacking", action="store_true", help="print the texts that have no Chinese yet, and stop")
    asked = parser.parse_args()
    if not (ROOT / "docs").is_dir():
        print(f"{ROOT} has no docs/: this runs in a source tree only", file=sys.stderr)
        return 1
    texts = Texts()
    pages = generate(texts)
    if asked.lacking:
        print(skeleton(texts.lacking))
        return 1 if texts.lacking else 0
    wrong = outdated(ROOT, pages)
    for path in wrong:
        print(f"{'out of date' if asked.check else 'written'}: {path}")
        if not asked.check:
            target = ROOT / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(pages[path], encoding="utf-8", newline="\n")
    for text in texts.unused:
        print(f"nobody says any more, take it out of livecue/docs/chinese.toml: {text}")
    for text in texts.lacking:
        print(f"no Chinese in livecue/docs/chinese.toml: {text}")
    if wrong and asked.check:
        print("run: python3 tasks.py docs")
    return 1 if texts.lacking or (wrong and asked.check) else 0


if __name__ == "__main__":
    sys.exit(main())
