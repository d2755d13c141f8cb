"""The real page in a real browser, served by the real gateway."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from gateway_process import start_gateway, stop

from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project

PAGE = Path(__file__).resolve().parents[2] / "src" / "tinygest" / "web" / "page" / "index.html"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# No calls home, and no sandbox where tests run as root.
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE_MS = 60_000


class Gateway(NamedTuple):
    """A gateway that runs."""

    project: Project
    address: str
    process: subprocess.Popen[str]


@pytest.fixture(scope="module")
def browser():
    """Chromium. No longer than a module: its driver keeps an event loop running, and others need theirs."""
    if not PAGE.is_file():
        pytest.skip("the page has not been built; run `make page`")
    playwright = pytest.importorskip("playwright.sync_api")
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("Chromium is absent")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def n_people():
    """How many recordings there are; a module whose tests each want one of their own says more."""
    return 3


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, burst_recordings, n_people) -> Iterator[Gateway]:
    """A project with some people's bursts along x, y, z, and its gateway: one for a whole module."""
    project = Project.create(
        tmp_path_factory.mktemp("page") / "gloves", ProjectConfig(labels=("x", "y", "z"))
    )
    for recording, track in burst_recordings(n_subjects=n_people, n_each=4):
        project.add(recording, track)
    process, address = start_gateway(project.root)
    yield Gateway(project, address, process)
    stop(process)


@pytest.fixture
def page(browser, gateway):
    """A page whose errors fail the test."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    opened.set_default_timeout(PATIENCE_MS)
    errors = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    opened.close()
    assert errors == []
