"""How quick the page is, measured in the browser: an hour of signal, and boards that stream.

    python tools/bench_page.py [--out docs/benchmarks.md is pasted by hand]

An hour at 100 Hz, 6 channels, 1,000 segments: time until the signal is drawn, then script and paint of
each pan and zoom step (Chromium's own trace: time of the tasks of a frame). Figures are medians and the
95th percentile over the steps.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
RATE_HZ, N_SEGMENTS = 100.0, 1000
N_SAMPLES = int(3600 * RATE_HZ)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
N_STEPS = 40
# Long tasks of one frame: from before the key to after the paint.
STEP = """
async key => {
  const stage = document.querySelector('[role=application]');
  const start = performance.now();
  stage.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
  await new Promise(done => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  return performance.now() - start;
}
"""


def main() -> int:
    argparse.ArgumentParser(description=__doc__.split("\n", 1)[0]).parse_args()
    from gateway_process import start_gateway, stop
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        make_project(Path(folder) / "hour")
        process, address = start_gateway(Path(folder) / "hour")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        try:
            measure(browser, address)
        finally:
            browser.close()
            stop(process)
    return 0


def make_project(root: Path) -> None:
    """Noise with a burst at each segment: as much to draw as a real signal."""
    from tinygest.core.labels import LabelTrack, Segment
    from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta
    from tinygest.core.sensor import imu_contract
    from tinygest.store.config import ProjectConfig
    from tinygest.store.project import Project

    rng = np.random.default_rng(1)
    samples = rng.normal(0, 300, (N_SAMPLES, 6))
    starts = (np.arange(N_SEGMENTS) + 0.5) * N_SAMPLES / N_SEGMENTS
    segments = []
    for i, start in enumerate(starts.astype(int)):
        samples[start : start + 100] *= 10
        segments.append(Segment(int(start), int(start) + 100, "jab" if i % 2 else "cross"))
    info = RecordingInfo(imu_contract(RATE_HZ), N_SAMPLES)
    recording = Recording(
        "hour", info, RecordingMeta("S1"), np.clip(samples, -32768, 32767).astype(np.int16)
    )
    project = Project.create(root, ProjectConfig(labels=("jab", "cross")))
    project.add(recording, LabelTrack(tuple(segments)))


def measure(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{address}#/library")
    page.get_by_role("link", name="hour").wait_for()
    for name, query in (("30 s", ""), ("the whole hour", f"?start=0&stop={N_SAMPLES}")):
        page.goto("about:blank")
        page.goto(f"{address}#/label/hour{query}", wait_until="commit")
        page.get_by_role("application").locator("canvas").first.wait_for()
        opened = page.evaluate("performance.now()")
        print(f"{name}: drawn {opened:.0f} ms after the address was entered")
        page.wait_for_timeout(1000)
        for what, keys in (("pan", ("PageDown", "PageUp")), ("zoom", ("ArrowUp", "ArrowDown"))):
            times = [page.evaluate(STEP, keys[i % 2]) for i in range(N_STEPS)]
            print(f"{name}: {what} step {percentiles(times)}")
    page.close()


def percentiles(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} ms, 95 % within {np.percentile(times, 95):.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
