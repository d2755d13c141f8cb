"""What goes wrong is said, and when it is over the page goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from gateway_process import start_gateway, stop

from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project

LOSSES = ",".join(f"out-of-range=6@{at}" for at in range(12, 900, 40))
"""Whenever a recording begins, the board is soon lost, and comes back."""
BUILD_MS = 600_000


def test_a_gateway_that_comes_back(page, gateway):
    page.set_default_timeout(BUILD_MS)
    page.goto(f"{gateway.address}#/label/r0")
    page.get_by_role("application").locator("canvas").first.wait_for()
    port = int(gateway.address.split(":")[-1].strip("/"))
    stop(gateway.process)
    page.get_by_role("alert").filter(has_text="does not answer").first.wait_for()
    process, _ = start_gateway(gateway.project.root, port)
    try:
        page.get_by_role("alert").first.wait_for(state="hidden")
        page.get_by_role("application").focus()
        page.keyboard.press("ArrowRight")
        page.get_by_role("status").filter(has_text="Segment 1 of").wait_for()
        done = page.get_by_role("button", name="Undo").and_(page.locator("[title='assign z']"))
        for _ in range(30):
            page.keyboard.press("3")  # one that meets a gateway still starting is said to be lost
            page.wait_for_timeout(2000)
            if done.count():
                break
        done.wait_for()
        assert gateway.project.labels("r0").segments[0].label == "z"
    finally:
        stop(process)


def test_training_that_fails_says_why(page, own_gateway):
    page.goto(f"{own_gateway}#/train")
    page.get_by_label("recordings where").first.fill("subject=nobody")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("alert").filter(has_text="no recording").wait_for()
    page.reload()  # the address keeps the job
    page.get_by_role("alert").filter(has_text="no recording").wait_for()


@pytest.fixture
def own_gateway(tmp_path):
    """Of an empty project."""
    project = Project.create(tmp_path / "empty", ProjectConfig(labels=("x",)))
    process, address = start_gateway(project.root)
    yield address
    stop(process)


@pytest.fixture
def lossy(tmp_path, board_cache):
    """A board that is lost again and again, and a gateway that may reach it: (address, project)."""
    pytest.importorskip("bumble")
    project = Project.create(tmp_path / "lossy", ProjectConfig(labels=("x",)))
    command = [
        sys.executable,
        "-m",
        "tinygest",
        "virtual-board",
        "--boxer",
        "left",
        "--faults",
        LOSSES,
        "--json",
    ]
    board = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ}
    )
    assert board.stdout is not None
    radio = json.loads(board.stdout.readline())["radio"]
    process, address = start_gateway(project.root, more=("--link", f"bumble:{radio}"))
    yield address, project
    stop(process)
    board.terminate()
    board.communicate(timeout=30)


def test_a_board_that_is_lost_during_a_recording(page, lossy):
    address, project = lossy
    page.goto(f"{address}#/devices")
    connect(page)
    page.get_by_role("link", name="Record from it").click()
    page.get_by_label("subject").fill("Ann")
    page.get_by_label("countdown").fill("0")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="End").wait_for()
    said = page.get_by_role("log")
    said.locator(".trouble").first.wait_for(timeout=BUILD_MS)
    said.get_by_text("connected again").first.wait_for(timeout=BUILD_MS)
    page.wait_for_timeout(1500)  # some signal after the gap
    page.get_by_role("button", name="End").click()
    page.get_by_role("region", name="Just recorded").wait_for()
    (entry,) = project.recordings()
    assert entry.meta.subject == "Ann"
    assert entry.info.gaps
    assert project.recordings("quality=gaps") == [entry]


def connect(page):
    """The board may be away just now: it is looked for until it is there."""
    connected = page.get_by_role("button", name="Disconnect")
    heard = page.get_by_role("listitem").get_by_role("button", name="Connect", exact=True)
    scan = page.get_by_role("button", name="Scan")
    for _ in range(30):
        if connected.count():
            return
        (heard.first if heard.count() else scan).click()
        scan.and_(page.locator(":enabled")).wait_for(timeout=BUILD_MS)
        page.wait_for_timeout(600)
    connected.wait_for()
