"""Every view, by axe: no serious finding, in light and dark, at a laptop's and a phone's width."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = ("devices", "record", "library", "label/r0", "train", "test", "deploy", "watch")
PATIENCE_MS = 120_000
SERIOUS = ("serious", "critical")
RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify(found.violations))"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 390)])
def test_no_serious_finding(browser, gateway, scheme, width):
    if not AXE.is_file():
        pytest.skip("axe-core is absent; `make page` installs it")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_default_timeout(PATIENCE_MS)
    findings = []
    for view in VIEWS:
        page.goto(f"{gateway.address}#/{view}")
        page.reload()
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_timeout(1000)  # until what the view asks for has come
        page.add_script_tag(path=str(AXE))
        for finding in json.loads(page.evaluate(RUN)):
            if finding["impact"] in SERIOUS:
                nodes = [node["html"][:120] for node in finding["nodes"][:3]]
                findings.append(f"{view}: {finding['id']}: {finding['help']}: {nodes}")
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if wide:
            findings.append(f"{view}: wider than the window")
    page.close()
    assert findings == []
