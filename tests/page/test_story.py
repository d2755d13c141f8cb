"""The whole story on virtual boards: connect two gloves, record, detect, label, train, test, watch."""

from __future__ import annotations

import re
import time

import pytest
from axe import AXE, findings

from tinygest.label import edits

pytest.importorskip("bumble")

BUILD_MS = 600_000
"""The firmware is compiled, with the model inside; on a machine that does other things too."""
TRAIN_MS = 900_000
CONNECT_S = 300


def free(page):
    """Until no request of the Devices view is under way."""
    page.get_by_role("button", name="Scan").and_(page.locator(":enabled")).wait_for(timeout=BUILD_MS)


def connect_both(page, button):
    """What is heard is connected one by one; a radio under load may need another attempt."""
    running = page.get_by_role("button", name="Disconnect")
    heard = page.get_by_role("listitem").get_by_role("button", name=button, exact=True)
    end = time.monotonic() + CONNECT_S
    free(page)
    while running.count() < 2:
        assert time.monotonic() < end, page.locator("main").inner_text()
        if heard.count():
            before = running.count()
            heard.first.click()
            free(page)
            page.wait_for_timeout(600)  # the status comes four times a second
            if running.count() > before:
                continue
        page.get_by_role("button", name="Scan").click()
        free(page)


@pytest.fixture(scope="module", autouse=True)
def _boards_are_built_once(board_cache):
    """Before the gateway starts, which hands the place on."""


def test_from_two_gloves_to_results(page, gateway):
    go_to(page, gateway, "devices")
    page.get_by_role("button", name="Virtual gloves", exact=True).click()
    connect_both(page, "Connect")
    page.get_by_role("link", name="Record from them").click()
    names = record(page, gateway)
    go_to(page, gateway, "devices")
    page.get_by_role("button", name="Stop virtual gloves").click()  # they cost as much as training
    free(page)
    go_to(page, gateway, f"label/{names[0]}")
    label(page, gateway, names[0])
    go_to(page, gateway, "train")
    train(page)
    check_access(page, "train")
    page.get_by_role("region", name="Model bursts/1").get_by_role("link", name="test").click()
    try_out(page)
    check_access(page, "test")
    move_thresholds(page, gateway)
    go_to(page, gateway, "label/r0")
    doubt(page, gateway)
    go_to(page, gateway, "deploy")
    page.get_by_role("button", name="Try on virtual gloves").click()
    page.get_by_role("heading", name="Devices").wait_for(timeout=BUILD_MS)
    connect_both(page, "Watch")
    go_to(page, gateway, "watch")
    watch(page)
    check_access(page, "watch")


def check_access(page, where):
    """The views with something in them; test_access looks at all of them without."""
    if AXE.is_file():
        assert findings(page, where) == []


def go_to(page, gateway, view):
    page.goto(f"{gateway.address}#/{view}")


def record(page, gateway):
    """Eight seconds of both gloves; returns the names of the recordings."""
    page.get_by_label("label", exact=True).fill("x")
    page.get_by_label("subject").fill("Ann")
    page.get_by_label("seconds").fill("8")
    page.get_by_label("countdown").fill("1")
    page.get_by_role("button", name="Begin").click()
    recorded = page.get_by_role("region", name="Just recorded")
    recorded.wait_for(timeout=BUILD_MS)
    names = [link.inner_text() for link in recorded.get_by_role("link").all()]
    assert sorted(name.rsplit("_", 1)[1] for name in names) == ["left", "right"]
    for name in names:
        entry = gateway.project.entry(name)
        assert entry.meta.subject == "Ann"
        assert entry.info.n_samples >= 7 * entry.info.contract.rate_hz  # a busy machine may lose some
    return names


def label(page, gateway, name):
    """Detect, accept, name by keyboard, undo."""
    stage = page.get_by_role("application")
    stage.locator("canvas").first.wait_for()
    page.get_by_role("button", name="Detect segments").click()
    panel = page.get_by_role("region", name="Detect segments")
    panel.get_by_text(re.compile(r"\d+ found")).wait_for()
    panel.get_by_role("button", name="Accept").click()
    panel.wait_for(state="hidden")
    assert gateway.project.labels(name).segments, "eight seconds of boxing without a punch"
    stage.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("status").filter(has_text="Segment 1 of").wait_for()
    page.keyboard.press("2")
    page.get_by_role("button", name="Undo").and_(page.locator("[title='assign y']")).wait_for()
    page.keyboard.press("Control+z")
    page.get_by_role("button", name="Redo").and_(page.locator("[title='assign y']")).wait_for()


def train(page):
    page.get_by_label("name").fill("bursts")
    page.get_by_label("recordings where").first.fill("subject!=Ann")
    page.get_by_label("kind of network").select_option("dense")
    page.get_by_label("effort").select_option("quick")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("region", name="Model bursts/1").wait_for(timeout=TRAIN_MS)


def try_out(page):
    """The compiled library over the recordings; what lies behind a cell."""
    page.get_by_label("recordings where").fill("subject!=Ann")
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("by the compiled C library").wait_for(timeout=BUILD_MS)
    page.get_by_role("button", name=re.compile("of x answered as x")).click()
    page.get_by_role("region", name="x answered as x").get_by_role("link").first.wait_for()


def move_thresholds(page, gateway):
    """One is moved by keyboard and saved: the model's next revision has it."""
    panel = page.get_by_role("region", name="Thresholds")
    panel.get_by_label(re.compile("^x:")).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    panel.get_by_text("x: 2").wait_for()
    panel.get_by_role("button", name="Save into the model").click()
    panel.get_by_role("link", name="bursts/2").wait_for(timeout=BUILD_MS)
    assert gateway.project.bundle("bursts").contract.decision.thresholds == {"x": 2}


def doubt(page, gateway):
    """A wrong label is what the model doubts; its key brings it up."""
    gateway.project.edit_labels("r1", "slip", lambda track, n: edits.assign(track, n, [3], "z"))
    page.get_by_role("button", name="Which labels does bursts/2 doubt?").click()
    page.get_by_text("bursts/2 doubts").wait_for(timeout=BUILD_MS)
    page.get_by_role("button", name="next doubtful").click()
    page.get_by_text(re.compile("^1: z, or x?")).wait_for()
    page.get_by_role("status").filter(has_text="Segment 4 of 12: z").wait_for()
    page.keyboard.press("1")
    page.get_by_role("button", name="Undo").and_(page.locator("[title='assign x']")).wait_for()


def watch(page):
    """Both gloves report something: bursts were learnt, punches are thrown, so anything is right."""
    for side in ("left", "right"):
        board = page.get_by_role("region").filter(has=page.get_by_role("heading", name=side))
        board.get_by_text(re.compile("^(x|y|z|unknown)$")).first.wait_for(timeout=BUILD_MS)
