"""Axe in a page: what a reader with other means than eyes and mouse would stumble over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")
RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify(found.violations))"
IS_THERE = "typeof axe !== 'undefined'"
IS_WIDE = "document.documentElement.scrollWidth > innerWidth"


def need_axe() -> None:
    """Skip where it is not installed."""
    if not AXE.is_file():
        pytest.skip("axe-core is absent; `make page` installs it")


def findings(page: Any, where: str) -> list[str]:
    """Serious findings of what the page shows now, and whether it is wider than the window."""
    if not page.evaluate(IS_THERE):
        page.add_script_tag(path=str(AXE))
    found = []
    for finding in json.loads(page.evaluate(RUN)):
        if finding["impact"] in SERIOUS:
            nodes = [node["html"][:120] for node in finding["nodes"][:3]]
            found.append(f"{where}: {finding['id']}: {finding['help']}: {nodes}")
    if page.evaluate(IS_WIDE):
        found.append(f"{where}: wider than the window")
    return found
