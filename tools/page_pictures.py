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

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
SIZE = {"width": 1200, "height": 820}
PHONE = {"width": 390, "height": 780}
PATIENCE_MS = 600_000
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
        train = ["train", "--name", "punch", "--family", "dense"]
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

        def picture(name: str) -> None:
            page.wait_for_timeout(1200)
            page.screenshot(path=str(out / f"{name}.png"))

        page.goto(f"{address}#/devices")
        page.get_by_role("button", name="Virtual gloves", exact=True).click()
        for _ in range(2):
            page.get_by_role("listitem").get_by_role("button", name="Connect").first.click()
            page.get_by_role("button", name="Scan").and_(page.locator(":enabled")).wait_for()
        page.wait_for_timeout(3000)
        picture("devices")
        page.goto(f"{address}#/record")
        page.wait_for_timeout(8000)
        picture("record")
        page.goto(f"{address}#/library")
        picture("library")
        page.goto(f"{address}#/label/p2_left_a?start=0&stop=2000")
        page.get_by_role("application").locator("canvas").first.wait_for()
        page.get_by_role("application").focus()
        page.keyboard.press("ArrowRight")
        picture("label")
        page.set_viewport_size(PHONE)
        picture("label-phone")
        page.set_viewport_size(SIZE)
        page.get_by_role("button", name="Detect segments").click()
        picture("detect")
        page.goto(f"{address}#/train")
        picture("train")
        page.goto(f"{address}#/test")
        page.get_by_role("button", name="Test", exact=True).click()
        page.get_by_text("by the compiled C library").wait_for()
        picture("test")
        page.goto(f"{address}#/deploy")
        page.get_by_role("button", name="Measure").click()
        page.get_by_role("region", name="What it costs").wait_for()
        picture("deploy")
        page.get_by_role("button", name="Try on virtual gloves").click()
        page.get_by_role("listitem").get_by_role("button", name="Watch").first.wait_for()
        for _ in range(2):
            page.get_by_role("listitem").get_by_role("button", name="Watch").first.click()
            page.get_by_role("button", name="Scan").and_(page.locator(":enabled")).wait_for()
        page.goto(f"{address}#/watch")
        page.wait_for_timeout(20_000)
        picture("watch")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
