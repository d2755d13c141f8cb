"""The whole story on virtual boards: connect two gloves, record, detect, label, train, test."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("bumble")

BUILD_MS = 300_000
"""The firmware is compiled, with the model inside."""
TRAIN_MS = 600_000


def connect_both(page, button):
    for _ in range(2):
        page.get_by_role("listitem").get_by_role("button", name=button, exact=True).first.click()
        page.wait_for_timeout(500)
        page.get_by_role("button", name="Scan").and_(page.locator(":enabled")).wait_for()
    page.get_by_text("running").nth(1).wait_for()


def test_from_two_gloves_to_results(page, gateway, needs_host_compiler):
    page.goto(f"{gateway.address}#/devices")
    page.get_by_role("button", name="Virtual gloves", exact=True).click()
    page.get_by_role("heading", name="Heard").wait_for(timeout=BUILD_MS)
    connect_both(page, "Connect")

    page.get_by_role("link", name="Record from them").click()
    page.get_by_label("label", exact=True).fill("x")
    page.get_by_label("subject").fill("Ann")
    page.get_by_label("seconds").fill("8")
    page.get_by_label("countdown").fill("1")
    page.get_by_role("button", name="Begin").click()
    recorded = page.get_by_role("region", name="Just recorded")
    recorded.wait_for()
    names = [link.inner_text() for link in recorded.get_by_role("link").all()]
    assert sorted(name.rsplit("_", 1)[1] for name in names) == ["left", "right"]
    for name in names:
        assert gateway.project.entry(name).meta.subject == "Ann"
        assert gateway.project.entry(name).info.gaps == ()

    page.goto(f"{gateway.address}#/label/{names[0]}")
    stage = page.get_by_role("application")
    stage.locator("canvas").first.wait_for()
    page.get_by_role("button", name="Detect segments").click()
    panel = page.get_by_role("region", name="Detect segments")
    panel.get_by_text(re.compile(r"\d+ found")).wait_for()
    panel.get_by_role("button", name="Accept").click()
    panel.wait_for(state="hidden")
    stage.focus()
    if gateway.project.labels(names[0]).segments:
        page.keyboard.press("ArrowRight")
        page.keyboard.press("2")
        page.get_by_role("button", name="Undo").and_(page.locator("[title='assign y']")).wait_for()
        page.keyboard.press("Control+z")
        page.get_by_role("button", name="Redo").and_(page.locator("[title='assign y']")).wait_for()

    page.goto(f"{gateway.address}#/train")
    page.get_by_label("name").fill("bursts")
    page.get_by_label("recordings where").fill("subject!=Ann")
    page.get_by_label("kind of network").select_option("dense")
    page.get_by_role("button", name="Train").click()
    page.get_by_role("region", name="Model bursts/1").wait_for(timeout=TRAIN_MS)

    page.get_by_role("region", name="Model bursts/1").get_by_role("link", name="test").click()
    page.get_by_label("recordings where").fill("subject!=Ann")
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("by the compiled C library").wait_for(timeout=BUILD_MS)
    page.get_by_role("button", name=re.compile("of x answered as x")).click()
    page.get_by_role("region", name="x answered as x").get_by_role("link").first.wait_for()


def test_training_that_fails_says_why(page, gateway):
    page.goto(f"{gateway.address}#/train")
    page.get_by_label("recordings where").fill("subject=nobody")
    page.get_by_role("button", name="Train").click()
    page.get_by_role("alert").filter(has_text="no recording").wait_for()
    page.reload()  # the address keeps the job
    page.get_by_role("alert").filter(has_text="no recording").wait_for()
