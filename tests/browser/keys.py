"""A page by the Tab key alone: what is reached, in which order, and where the focus is after a dialog."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.looks import nameless

_WANTED = r"""() => {
  const css = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable=true]'
  const dialogs = [...document.querySelectorAll('[aria-modal=true]')].filter((box) => box.checkVisibility())
  const usable = [...(dialogs.at(-1) ?? document.body).querySelectorAll(css)].filter((box) =>
    box.tabIndex >= 0 && !box.disabled && !box.closest('[inert]') && box.getClientRects().length > 0 &&
    box.checkVisibility({visibilityProperty: true}))
  const chosen = (box) => {
    const group = usable.filter((one) => one.type === 'radio' && one.name === box.name && one.form === box.form)
    return group.find((one) => one.checked) ?? group[0]
  }
  // Of radio buttons that belong together one is reached; the arrows lead to the others.
  window.wanted = usable.filter((box) => box.type !== 'radio' || !box.name || chosen(box) === box)
  window.called = (box) => `${box.dataset.testid ?? box.tagName}.${box.className}: ` +
    (box.getAttribute('aria-label') ?? box.innerText ?? '').trim().slice(0, 30)
  window.reached = []
  window.there = new Set(document.querySelectorAll('*'))
  const scroller = (box) => {
    for (let at = box.parentElement; at; at = at.parentElement)
      if (at.scrollHeight > at.clientHeight + 1 && !/visible/.test(getComputedStyle(at).overflowY)) return at
  }
  const wrong = []
  for (const box of window.wanted) if (box.tabIndex > 0) wrong.push(`${called(box)} jumps the queue by its tabindex`)
  window.wanted.slice(1).forEach((next, place) => {
    const box = window.wanted[place]
    if (scroller(box) !== scroller(next) || box.contains(next)) return
    const [a, b] = [box.getBoundingClientRect(), next.getBoundingClientRect()]
    const aside = Math.min(a.right, b.right) - Math.max(a.left, b.left)
    const level = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
    if (b.bottom <= a.top && aside > 0) wrong.push(`${called(next)} stands above ${called(box)}, and comes after it`)
    if (level > Math.min(a.height, b.height) / 2 && b.right <= a.left)
      wrong.push(`${called(next)} stands left of ${called(box)}, and comes after it`)
  })
  if (!dialogs.length) document.activeElement?.blur()
  return [window.wanted.length, wrong]
}"""
_AT = r"""() => {
  const box = document.activeElement
  if (!box || box === document.body) return 'outside'
  const style = getComputedStyle(box), place = window.wanted.indexOf(box)
  // The parts of a date are shown by the browser itself, one after the other.
  const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || /date|time/.test(box.type)
  // A box that scrolls and has nothing to press in it is a stop of the browser's own; what scrolls brings new things.
  const rolls = box.tabIndex < 0 && (box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth)
  window.reached.push(place)
  return [place, called(box), ring || style.boxShadow !== 'none', rolls || !there.has(box)]
}"""
_LEFT = "() => window.wanted.filter((box, place) => box.isConnected && !window.reached.includes(place)).map(called)"


def walked(page: Page, within: bool = False) -> list[str]:
    """What is wrong with a walk through the page, or the dialog before it (``within``), by Tab.

    Every control that can be used is to be reached once, in the order of the document, which is that of the eye; each
    shows that it is reached; and behind the last one the walk leaves the page, or begins anew in the dialog.
    """
    count, wrong = page.evaluate(_WANTED)
    if not count:
        return [f"nothing to reach on {page.url}"]
    order: list[int] = []
    for _ in range(count + 40):
        page.keyboard.press("Tab")
        at: Any = page.evaluate(_AT)
        if at == "outside":
            if order:
                break
            continue
        place, name, seen, may = at
        # A date is several steps in one place.
        if order and place == order[0] and (place != order[-1] or count == 1):
            break
        if place < 0 and not may:
            wrong.append(f"{name}: reached, though it " + ("is outside of the dialog" if within else "cannot be used"))
        if place >= 0 and place not in order[-1:]:
            order.append(place)
            if not seen:
                wrong.append(f"{name}: nothing shows that it is reached")
    else:
        wrong.append(f"the walk does not end; last at {name}")
    if order != sorted(set(order)):
        wrong.append(f"reached in the order {order}")
    return [*wrong, *(f"{name}: never reached" for name in page.evaluate(_LEFT))]


def dialog_of(page: Page) -> Locator:
    """The dialog in front."""
    return page.locator("[aria-modal=true]:visible").last


def opened_and_left(page: Page, opener: Locator) -> list[str]:
    """Open a dialog by Enter, walk through it, leave it by Escape: the focus is where it was. What is wrong."""
    opener.focus()
    page.keyboard.press("Enter")
    expect(dialog_of(page)).to_be_visible()
    # What slides in is not there yet.
    page.wait_for_timeout(400)
    wrong = []
    if not dialog_of(page).evaluate("box => box.contains(document.activeElement)"):
        wrong.append("the focus stays outside of the dialog")
    # The picture beside a question says nothing besides.
    wrong += [f"without a name: {one}" for one in nameless(page) if not one.startswith("image")]
    wrong += walked(page, within=True)
    page.keyboard.press("Escape")
    expect(page.locator("[aria-modal=true]:visible")).to_have_count(0)
    page.wait_for_timeout(400)
    if not opener.evaluate("box => box === document.activeElement"):
        wrong.append(f"the focus is not given back but at {page.evaluate('called(document.activeElement)')}")
    return wrong
