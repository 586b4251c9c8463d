"""What a page says and how it looks: its words, the names of its controls, the contrast of its text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from livecue.events import ACTION_KINDS, EVENT_KINDS
from tests.browser.server import Desk

UI = Path(__file__).parents[2] / "ui" / "src"


def namespaces() -> list[str]:
    """What the key of every text begins with, as the table of texts names it."""
    found = re.search(r"export const zh = \{([^}]*)\}", (UI / "i18n" / "zh" / "index.ts").read_text())
    assert found is not None, "the table of texts is written otherwise: read it anew"
    names = re.findall(r"\w+", found.group(1))
    files = {file.stem.split("-")[0] for file in (UI / "i18n" / "zh").glob("*.ts")} - {"index"}
    assert set(names) == files, f"in the folder but not in the table, or the other way round: {set(names) ^ files}"
    return names


HAN = re.compile(r"[\u3400-\u9fff]")
KEY = re.compile(rf"(?<![\w/.@-])(?:{'|'.join(namespaces())})\.[a-z]\w*(?:\.\w+)*(?![\w/@-])")
"""What a text without translation looks like: its key."""
CODE = re.compile(r"(?<![\w@/.-])[a-z]+(?:_[a-z0-9]+)+(?![\w@/.-])")
"""What a word of the program looks like that nobody put into words."""
KIND = re.compile(
    rf"(?<![\w./])(?:{'|'.join(k for k in (*EVENT_KINDS, *ACTION_KINDS) if k[1:] != k[1:].lower())})(?!\w)"
)
"""What happened, or is to be done, by the name that the program has for it."""
ENGLISH = re.compile(r"[a-z]{3,}(?: [a-z]+)*", re.IGNORECASE)
ID = re.compile(r"[0-9a-hjkmnp-tv-z]{16}(?:[0-9a-hjkmnp-tv-z]{4})?")
"""What the program calls a thing by itself (``livecue.kit.ids``): by chance one in thirty has no digit in it."""
HOLE = re.compile(r"\{\w+\}")
"""A place in a text that nothing was put into."""

_TEXTS = """() => {
  const found = []
  const own = '[data-testid=lang-switch], option[value=zh], option[value=en], code, pre, .mono, [lang]:not(html)'
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode, box = node.parentElement
    // A comment with marked words in it is one text.
    const text = (box.closest('[data-testid=comment-row] .text') ?? node).textContent.trim()
    if (!text || !box.checkVisibility() || box.closest('script, style')) continue
    found.push({text, own: box.closest(own) !== null})
  }
  for (const box of document.body.querySelectorAll('[title], [aria-label], [placeholder], [alt]')) {
    for (const name of ['title', 'aria-label', 'placeholder', 'alt']) {
      const text = box.getAttribute(name)?.trim()
      if (text && box.checkVisibility()) found.push({text, own: box.closest(own) !== null})
    }
  }
  found.push({text: document.title, own: false})
  return found
}"""

_CONTRAST = """() => {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const paint = canvas.getContext('2d', {willReadFrequently: true})
  const known = new Map()
  const rgba = (css) => {
    if (!known.has(css)) {
      paint.clearRect(0, 0, 1, 1); paint.fillStyle = css; paint.fillRect(0, 0, 1, 1)
      const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data
      known.set(css, [r, g, b, a / 255])
    }
    return known.get(css)
  }
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)]
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (box) => {
    const layers = []
    for (let at = box; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor))
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255])
  }
  const poor = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const box = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim()
    // What cannot be used may be faint; what is struck out or off is drawn so on purpose.
    if (!text || !box.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue
    if (box.closest('script, style, :disabled, [aria-disabled=true], [aria-hidden=true], option')) continue
    const style = getComputedStyle(box), below = behind(box), front = over(rgba(style.color), below)
    const [a, b] = [light(front), light(below)].sort((x, y) => y - x)
    const size = parseFloat(style.fontSize), big = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700)
    const ratio = (a + 0.05) / (b + 0.05)
    if (ratio < (big ? 3 : 4.5)) poor.push(`${ratio.toFixed(2)} ${box.tagName}.${box.className}: ${text.slice(0, 40)}`)
  }
  return poor
}"""

_EXPLAINED = """async () => {
  const seen = (box) => box.checkVisibility({opacityProperty: true, visibilityProperty: true})
  const wait = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  const all = (css, within = document) => [...within.querySelectorAll(css)]
  const told = (box) => box.dataset.explains ?? box.dataset.metric
  // In front of everything else: its rows say all of it in words.
  const front = document.querySelector('[data-testid=metric-sheet]'), page = front ?? document
  const names = '[data-explains], [data-testid=tiles] [data-metric][tabindex]'
  const explainers = all(names, page).filter(seen)
  const beside = (figure, box) => told(box) === figure.dataset.metric &&
    (box.contains(figure) || figure.contains(box) || figure.closest('section, table, dl')?.contains(box))
  const wrong = [], done = new Set()
  for (const figure of all('[data-metric]', page).filter(seen)) {
    const metric = figure.dataset.metric
    if (front) {
      const [name, , , words, , source] = figure.closest('tr').cells
      done.add(metric)
      const whole = [name, words, source].every((cell) => cell.innerText.trim())
      if (!whole) wrong.push(`${metric}: its row of the sheet is not whole`)
    } else if (!explainers.some((box) => beside(figure, box))) {
      wrong.push(`${metric}: nothing beside it says what it is: ${figure.outerHTML.slice(0, 90)}`)
    }
  }
  for (const box of explainers) {
    const way = box.tabIndex >= 0 ? box : box.querySelector('button, a[href], input')
    const say = (what) => wrong.push(`${told(box)}: ${what}`)
    if (!way || way.tabIndex < 0) say('not reached by the keyboard')
    const same = told(box) + box.innerText
    if (!way || done.has(same)) continue
    done.add(same)
    way.focus(); await wait(); await wait()
    const tips = all('[data-testid=metric-tip]'), tip = tips.at(-1)
    const means = tip?.querySelector('[data-part=definition]')?.innerText.trim() ?? ''
    const rows = {}
    for (const dt of tip ? all('dt', tip) : []) rows[dt.innerText] = dt.nextElementSibling.innerText.trim()
    const short = WORDS.filter((name) => !rows[name] || rows[name] === '–')
    if (tips.length !== 1) say(`${tips.length} tips`)
    if (means.length < 3 || short.length) say(`"${means}" lacks ${short} in ${JSON.stringify(rows)}`)
    if (way.getAttribute('aria-describedby') !== tip?.id) say('a screen reader is not told')
    way.blur(); await wait()
    if (all('[data-testid=metric-tip]').length) say('stays open')
  }
  return [wrong, done.size]
}"""

NAMED = frozenset(
    (
        "button",
        "link",
        "textbox",
        "searchbox",
        "combobox",
        "listbox",
        "checkbox",
        "radio",
        "switch",
        "tab",
        "slider",
        "spinbutton",
        "image",
        "img",
        "dialog",
        "menuitem",
    )
)
"""Roles that are nothing to a screen reader without a name."""


PROPER = frozenset({"livecue", "sku", "tiktok", "webhook", "gpm", "gmv", "esc", "tab", "enter"})
"""Names that are the same in both languages, those of keys among them."""


def words_of(value: Any) -> set[str]:
    """Every text in what the server answered, but the Chinese half of texts that it gives in both languages."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        if "zh" in value and "en" in value:
            value = {key: one for key, one in value.items() if key != "zh"}
        # A text that is told in both languages may stand a third time, as it was written: `title` beside `title_en`.
        both = {key.removesuffix("_en") for key, one in value.items() if key.endswith("_en") and one}
        value = {key: one for key, one in value.items() if key.removesuffix("_zh") not in both}
        # What a finding rests on has a name in both languages.
        value = {key: one for key, one in value.items() if key != "basis"}
        return set(value).union(*(words_of(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*(words_of(one) for one in value))
    return set()


@dataclass(frozen=True)
class Data:
    """What people, products, comments and plans are called: nobody's to translate."""

    chinese: list[str]
    """Longest first."""
    names: frozenset[str]
    """Of people, brands and the like, whole."""


def _asked(desk: Desk, *paths: str) -> set[str]:
    return set().union(*(words_of(desk.get(path)) for path in paths))


def _moving(desk: Desk, room: str) -> set[str]:
    """Texts that come and go while a test looks."""
    return _asked(
        desk,
        f"/api/rooms/{room}/snapshot",
        f"/api/rooms/{room}/comments?limit=500",
        "/api/service/inbox?state=all",
        "/api/audit?limit=500",
    )


def _standing(desk: Desk, room: str) -> tuple[set[str], frozenset[str]]:
    """Texts that change when somebody does something, and names."""
    shows = desk.get(f"/api/rooms/{room}/shows")
    people, session = desk.get("/api/team/people"), desk.get("/api/session")
    found = _asked(
        desk,
        "/api/rooms",
        f"/api/rooms/{room}/improvements",
        f"/api/rooms/{room}/debriefs",
        "/api/catalog/products?brand=main",
        "/api/activities?brand=main",
        "/api/service/hot-spots",
        f"/api/rooms/{room}/selection",
        *(f"/api/shows/{show['show']}/debrief" for show in shows if show["status"] == "ended"),
        *(f"/api/shows/{show['show']}/ads" for show in shows[:1]),
    )
    names = {person[name] for person in people for name in ("name", "login")}
    names |= {brand[name] for brand in session["brands"] for name in ("name", "brand")}
    return found | words_of(shows) | words_of(people) | words_of(session), frozenset(names)


def _data(found: set[str], names: frozenset[str]) -> Data:
    # Names are shown without what stands in brackets behind them, of people on duty only one sign.
    found = found | {re.split(r"[(（]", text)[0] for text in found if "（" in text or "(" in text}
    # A saying is shown with its figures in place: what stands between them is data of the cue.
    found |= {part for text in found if "{" in text for part in HOLE.split(text)}
    return Data(sorted((text for text in found if HAN.search(text)), key=len, reverse=True), names)


def data_of(desk: Desk, room: str = "demo") -> Data:
    """The data that the screens may show now."""
    standing, names = _standing(desk, room)
    return _data(standing | _moving(desk, room), names)


NOTHING = Data([], frozenset())


def texts_of(page: Page) -> list[str]:
    """Every visible text and label of the page, but what names a language, is quoted in its own, or is code."""
    return [item["text"] for item in page.evaluate(_TEXTS) if not item["own"]]


def without(text: str, data: Data) -> str:
    """The text with the data taken out of it."""
    for word in data.chinese:
        if word in text and (len(word) > 1 or text == word):
            text = text.replace(word, "\x00")
    return text


def untranslated(page: Page, data: Data, language: str) -> list[str]:
    """What is not in the language of the page, though it is no data; keys, codes and holes are in no language."""
    initials = {sign for text in data.chinese for sign in text if HAN.match(sign)}
    wrong = []
    for text in texts_of(page):
        rest = without(text, data)
        if language == "en":
            foreign = HAN.search(rest) is not None and not (len(text) == 1 and text in initials)
        else:
            known = text in data.names or text.lower() in PROPER or ID.fullmatch(text) is not None
            foreign = not known and ENGLISH.fullmatch(text) is not None
        if foreign or any(sort.search(rest) for sort in (KEY, CODE, KIND, HOLE)):
            wrong.append(text)
    return sorted(set(wrong))


_known: dict[int, tuple[set[str], set[str], frozenset[str]]] = {}
"""What moves and what stands of each server, and its names, as fetched last."""


def strange(page: Page, desk: Desk, language: str, *also: str) -> list[str]:
    """``untranslated`` beside the data of now.

    They are fetched anew only where those of before leave something: first what moves, then all of it.
    """
    port, found = desk.server.port, [""]
    for anew in ("nothing", "what moves", "all"):
        if anew == "nothing" and port not in _known:
            continue
        if anew == "all":
            standing, names = _standing(desk, "demo")
        elif port in _known:
            _, standing, names = _known[port]
        else:
            continue
        moving = _known[port][0] if anew == "nothing" else _moving(desk, "demo")
        _known[port] = moving, standing, names
        data = _data(moving | standing, names)
        found = untranslated(page, Data([*also, *data.chinese], data.names), language)
        if not found:
            break
    return found


def nameless(page: Page) -> list[str]:
    """Controls and pictures for which the browser's own accessibility tree has no name."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}

    def name(node: dict[str, Any]) -> str:
        return str(node.get("name", {}).get("value", "")).strip()

    def role(node: dict[str, Any]) -> str:
        return str(node.get("role", {}).get("value", ""))

    def beside_words(node: dict[str, Any]) -> bool:
        above = nodes.get(node.get("parentId", ""))
        if above is None:
            return False
        return (
            role(above) == "alert" or (role(above) in ("button", "link") and bool(name(above))) or beside_words(above)
        )

    wrong = []
    for node in nodes.values():
        if node.get("ignored") or role(node) not in NAMED or name(node):
            continue
        # The picture in a named button, or in a message, says nothing besides.
        if role(node) in ("image", "img") and beside_words(node):
            continue
        described = session.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})["node"]
        wrong.append(f"{role(node)} <{described['localName']} {' '.join(described.get('attributes', []))}>")
    session.detach()
    return wrong


_PARTS = {"zh": ["单位", "来源", "数据时间"], "en": ["Unit", "Source", "Data from"]}


def unexplained(page: Page, least: int) -> list[str]:
    """Figures that do not say what they mean, in which unit, from where and how old: each by the keyboard alone.

    Fewer than ``least`` definitions on the page are a fault too: then the page shows nothing yet.
    """
    words = _PARTS[str(page.evaluate("document.documentElement.lang"))[:2]]
    wrong, count = [], 0
    for _ in range(20):
        wrong, count = page.evaluate(_EXPLAINED.replace("WORDS", json.dumps(words)))
        if count >= least:
            break
        # What is fading in is not there yet.
        page.wait_for_timeout(100)
    return list(wrong) if count >= least else [*wrong, f"only {count} definitions on {page.url}"]


def faint(page: Page) -> list[str]:
    """Texts whose contrast with what is behind them is below WCAG AA (4.5, large text 3)."""
    return list(page.evaluate(_CONTRAST))
