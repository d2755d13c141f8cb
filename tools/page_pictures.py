"""Pictures of every view of the page, from the real page on the shipped example, into docs/page/.

    python tools/page_pictures.py [--out docs/page]

Needs the built page, Chromium and playwright. Trains a small model and starts virtual gloves, so it
takes some minutes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
SIZE = {"width": 1200, "height": 820}
PHONE = {"width": 390, "height": 780}
PATIENCE_MS = 600_000
SETTLE_MS = 1200
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "page")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    from gateway_process import start_gateway, stop

    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "boxing"
        tinygest = [sys.executable, "-m", "tinygest"]
        subprocess.run([*tinygest, "init", str(project), "--example", "boxing"], check=True)
        train = ["train", "--name", "punch", "--family", "dense", "--steps", "600"]
        train += ["--where", "subject!=P5,P6"]  # the others are for Test
        subprocess.run([*tinygest, "-p", str(project), *train], check=True)
        process, address = start_gateway(project)
        try:
            take_pictures(address, out)
        finally:
            stop(process)
    return 0


def take_pictures(address: str, out: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE_MS)
        camera = Camera(page, address, out)
        boards_and_recordings(camera)
        labelling(camera)
        models(camera)
        watching(camera)
        browser.close()


class Camera:
    """The page, and where its pictures go."""

    def __init__(self, page: Any, address: str, out: Path) -> None:
        self.page, self._address, self._out = page, address, out

    def go_to(self, view: str) -> None:
        self.page.goto(f"{self._address}#/{view}")
        self.page.get_by_role("heading", level=1).wait_for()

    def take(self, name: str, *, phone: bool = False, dark: bool = False, whole: bool = False) -> None:
        """whole: as long as the view is, not as high as the window."""
        self.page.set_viewport_size(PHONE if phone else SIZE)
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.wait_for_timeout(SETTLE_MS)
        self.page.screenshot(path=str(self._out / f"{name}.png"), full_page=whole)
        self.page.set_viewport_size(SIZE)
        self.page.emulate_media(color_scheme="light")


def connect_both(camera: Camera, button: str) -> None:
    page = camera.page
    heard = page.get_by_role("listitem").get_by_role("button", name=button, exact=True)
    free = page.get_by_role("button", name="Scan").and_(page.locator(":enabled"))
    free.wait_for()
    while page.get_by_role("button", name="Disconnect").count() < 2:
        (heard.first if heard.count() else page.get_by_role("button", name="Scan")).click()
        free.wait_for()
        page.wait_for_timeout(1000)


def boards_and_recordings(camera: Camera) -> None:
    page = camera.page
    camera.go_to("devices")
    page.get_by_role("button", name="Virtual gloves", exact=True).click()
    connect_both(camera, "Connect")
    page.wait_for_timeout(4000)
    camera.take("devices", whole=True)
    camera.go_to("record")
    page.wait_for_timeout(9000)
    page.get_by_label("label", exact=True).fill("jab")
    page.get_by_label("subject").fill("Ann")
    page.get_by_label("countdown").fill("0")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_timeout(4000)
    camera.take("record", whole=True)
    page.get_by_role("button", name="End").click()
    page.get_by_role("region", name="Just recorded").wait_for()
    camera.take("recorded-phone", phone=True)
    camera.go_to("devices")
    page.get_by_role("button", name="Stop virtual gloves").click()
    page.get_by_role("button", name="Scan").and_(page.locator(":enabled")).wait_for()
    camera.go_to("library")
    camera.take("library")
    camera.take("library-phone", phone=True, dark=True)


def labelling(camera: Camera) -> None:
    page = camera.page
    camera.go_to("label/p2_left_a?start=0&stop=2000")
    page.get_by_role("application").locator("canvas").first.wait_for()
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    camera.take("label")
    camera.take("label-dark", dark=True)
    camera.take("label-phone", phone=True)
    page.get_by_role("button", name="Detect segments").click()
    page.get_by_role("region", name="Detect segments").get_by_text("found").wait_for()
    camera.take("detect", whole=True)


def models(camera: Camera) -> None:
    page = camera.page
    camera.go_to("train")
    page.get_by_role("region", name="Model punch/1").wait_for()
    camera.take("train", whole=True)
    camera.go_to("test")
    page.get_by_label("recordings where").fill("subject=P5,P6")
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("by the compiled C library").wait_for()
    camera.take("test", whole=True)
    camera.take("test-dark", dark=True)
    camera.go_to("deploy")
    page.get_by_role("button", name="Measure").click()
    page.get_by_role("region", name="What it costs").wait_for()
    camera.take("deploy")


def watching(camera: Camera) -> None:
    page = camera.page
    camera.go_to("deploy")
    page.get_by_role("button", name="Try on virtual gloves").click()
    page.get_by_role("heading", name="Devices").wait_for()
    connect_both(camera, "Watch")
    camera.go_to("watch")
    page.wait_for_timeout(20_000)
    camera.take("watch")
    camera.take("watch-phone", phone=True, dark=True)


if __name__ == "__main__":
    sys.exit(main())
