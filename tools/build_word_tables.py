"""Build ``livecue/compliance/data/characters.bin``: what the word engine knows of single characters.

Run it only when Unicode, OpenCC or pypinyin bring something new; the result is committed::

    uv run --no-project --with opencc==1.4.2 --with pypinyin==0.55.0 --with msgspec --with zstandard \
        python tools/build_word_tables.py

Neither package is needed at run time. Sources: the Unicode database of this Python, OpenCC's table of
traditional characters (Apache-2.0), pypinyin's table of readings (MIT), level 1 of GB/T 2312 (the 3,755 characters
of everyday writing).
"""

import sys
import unicodedata
from pathlib import Path

import msgspec
import opencc  # type: ignore[import-not-found]  # a build-time package only
import zstandard
from pypinyin import Style  # type: ignore[import-not-found]
from pypinyin.pinyin_dict import pinyin_dict  # type: ignore[import-not-found]  # a build-time package only
from pypinyin.style import convert  # type: ignore[import-not-found]

OUT = Path(__file__).parent.parent / "livecue" / "compliance" / "data" / "characters.bin"
TOP = 0x40000
"""Planes 0 to 3: every assigned character that can be read; tags and private use lie above."""
INVISIBLE = {"Cf", "Mn", "Me", "Cs", "Co", "Cn", "Cc"}
FILLERS = {0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800}
"""Characters of letter or symbol class that print as nothing."""


def folded(cp: int, simplify: "opencc.OpenCC") -> str:
    """NFKC, format characters and marks stripped (accents too), case folded, simplified."""
    if cp in FILLERS:
        return ""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", chr(cp)))
    text = "".join(c for c in text if unicodedata.category(c) not in INVISIBLE or c in "\n\t\r")
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", text).casefold())
    return "".join(simplify.convert(c) if is_han(ord(c)) else c for c in text)


def is_han(cp: int) -> bool:
    return 0x3400 <= cp <= 0x9FFF or 0x20000 <= cp <= 0x323AF or 0xF900 <= cp <= 0xFAFF


def ranges(cps: list[int]) -> list[tuple[int, int]]:
    """Sorted code points as (first, last) runs."""
    runs: list[tuple[int, int]] = []
    for cp in cps:
        if runs and runs[-1][1] == cp - 1:
            runs[-1] = (runs[-1][0], cp)
        else:
            runs.append((cp, cp))
    return runs


def main() -> None:
    """Write the table and say how large it is."""
    simplify = opencc.OpenCC("t2s")
    one: dict[int, int] = {}
    many: dict[int, str] = {}
    dropped: list[int] = []
    skipped: list[int] = []
    for cp in range(TOP):
        to = folded(cp, simplify)
        if not to:
            dropped.append(cp)
        elif len(to) > 1:
            many[cp] = to
        elif ord(to) != cp:
            one[cp] = ord(to)
        if len(to) == 1 and unicodedata.category(to)[0] in "PSZC":
            skipped.append(cp)
    readings: dict[int, str] = {}
    for cp, spoken in pinyin_dict.items():
        plain = convert(spoken.split(",")[0], Style.NORMAL, strict=False).replace("ü", "v").replace("ê", "e")
        if cp < TOP and plain.isascii() and plain.isalpha():
            readings[cp] = plain
    syllables = sorted(set(readings.values()))
    number = {syllable: index for index, syllable in enumerate(syllables)}
    common = [bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    table = {
        "unicode": unicodedata.unidata_version,
        "one": [list(one), list(one.values())],
        "many": many,
        "dropped": ranges(dropped),
        "skipped": ranges(skipped),
        "syllables": syllables,
        "sound": [sorted(readings), [number[readings[cp]] for cp in sorted(readings)]],
        "common": "".join(pair.decode("gb2312", "ignore") for pair in common),
    }
    blob = zstandard.ZstdCompressor(level=19).compress(msgspec.msgpack.encode(table))
    OUT.write_bytes(blob)
    sys.stdout.write(
        f"{OUT.name}: {len(blob):,} bytes, {len(one):,} one-to-one, {len(many):,} to several, "
        f"{len(readings):,} readings in {len(syllables)} syllables, {len(table['common']):,} common\n"
    )


if __name__ == "__main__":
    main()
