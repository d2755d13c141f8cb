"""Every view, by axe: no serious finding, in light and dark, at a laptop's and a phone's width."""

from __future__ import annotations

import pytest
from axe import findings, need_axe

VIEWS = ("devices", "record", "library", "label/r0", "train", "test", "deploy", "watch")
PATIENCE_MS = 120_000
LAPTOP, PHONE = 1200, 390


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", LAPTOP),
        ("dark", PHONE),
        pytest.param("dark", LAPTOP, marks=pytest.mark.slow),
        pytest.param("light", PHONE, marks=pytest.mark.slow),
    ],
)
def test_no_serious_finding(browser, gateway, scheme, width):
    need_axe()
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_default_timeout(PATIENCE_MS)
    found = []
    for view in VIEWS:
        page.goto(f"{gateway.address}#/{view}")
        title = view.partition("/")[0].title()
        page.get_by_role("heading", level=1, name=title).wait_for()
        if view.startswith("label"):
            page.get_by_role("application").locator("canvas").first.wait_for()
        page.wait_for_timeout(300)  # until what the view asks for has come
        found += findings(page, view)
        if view in ("devices", "library", "train"):  # what is folded away
            for folded in page.locator("main details > summary").all():
                folded.click()
            found += findings(page, f"{view}, unfolded")
    page.close()
    assert found == []


def test_by_keyboard_alone(page, gateway):
    """From the address to a corrected recording, with Tab, Space and Enter."""
    page.goto(f"{gateway.address}#/devices")
    page.get_by_role("heading", name="Devices").wait_for()
    tab_to(page, "Library")
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Choose r0", exact=True).wait_for()
    tab_to(page, "subject")
    page.keyboard.type("Ann")
    tab_to(page, "Choose r0")
    page.keyboard.press("Space")
    page.get_by_text("1 chosen").wait_for()
    tab_to(page, "Correct", back=True)
    page.keyboard.press("Enter")
    page.get_by_role("row").filter(has_text="Ann").wait_for()


NAME = """
() => {
  const now = document.activeElement;
  const label = now.labels?.[0]?.firstChild?.textContent ?? '';
  const text = now.tagName === 'INPUT' ? '' : now.textContent;
  return [now.getAttribute('aria-label'), label, text].map(one => (one ?? '').trim());
}
"""


def tab_to(page, name, *, back=False):
    """Press Tab until something of this name is reached."""
    for _ in range(80):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if name in page.evaluate(NAME):
            return
    raise AssertionError(f"{name} is not reached by Tab")
