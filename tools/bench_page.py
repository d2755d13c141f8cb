"""How quick the page is, measured in the browser: an hour of signal, and boards that stream.

    python tools/bench_page.py

An hour at 100 Hz, 6 channels, 1,000 segments: time until signal and segments are drawn, then what each
pan and zoom step costs the page's main thread: script, style, layout and paint together, by Chromium's
own count of its tasks, all frames of the step and the answer of the gateway included. It counts the time
of the thread, not of the clock, so what else the machine does disturbs little.

Four boards at 200 Hz, 6 channels: messages as the gateway sends them, made in the page, so that nothing
but the page is measured; what a drawn frame costs.
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
STEP_MS = 250  # until the answer of the gateway is drawn too
N_BOARDS, LIVE_HZ, WINDOW_S, N_WINDOWS = 4, 200, 2, 10
PRESS = """
key => document.querySelector('[role=application]')
  .dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))
"""
OPENED = """
() => document.querySelector('[role=application] canvas') && /segments/.test(document.body.innerText)
  && performance.now()
"""
# In place of the gateway's WebSocket: N_BOARDS boards that stream, 25 messages a second each.
BOARDS = """
const channels = ["ax", "ay", "az", "gx", "gy", "gz"];
const address = i => `board ${i}`;
const status = n => JSON.stringify({kind: "status", n_dropped: 0,
  recording: {phase: "idle", number: 0, repeat: 0, seconds: 0, label: ""},
  boards: Array.from({length: nBoards}, (_, i) => ({address: address(i), mode: "capture", rate_hz: rateHz,
    channels, model_id: "", labels: [], trial: null, status: {name: `glove ${i}`, device: "", side: "left",
    state: "running", reason: "", rate_hz: rateHz, n_samples: n, n_missing: 0, n_repeated: 0, n_late: 0,
    n_links: 1, rssi_dbm: -60}}))});
function message(i, start, n) {
  let text = JSON.stringify({start, step: 1, n, kind: "i16", address: address(i), missing: 0, host_s: 0});
  text += " ".repeat((4 - text.length % 4) % 4);
  const buffer = new ArrayBuffer(4 + text.length + 2 * n * channels.length);
  new DataView(buffer).setUint32(0, text.length, true);
  new Uint8Array(buffer, 4).set(new TextEncoder().encode(text));
  const values = new Int16Array(buffer, 4 + text.length);
  for (let k = 0; k < values.length; k++)
    values[k] = 3000 * Math.sin((start + k % n) / 9 + k) + 500 * Math.random();
  return buffer;
}
window.WebSocket = class {
  constructor() {
    const [every, n] = [40, rateHz / 25];
    let at = 0;
    setTimeout(() => this.onopen(), 10);
    setInterval(() => this.onmessage({data: status(at)}), 250);
    setInterval(() => {
      for (let i = 0; i < nBoards; i++) this.onmessage({data: message(i, at, n)});
      at += n;
    }, every);
  }
};
window.frames_drawn = 0;
requestAnimationFrame(function count() { window.frames_drawn++; requestAnimationFrame(count); });
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
    whole = f"?start=0&stop={N_SAMPLES}"
    views = (("first in a new browser", ""), ("30 s of an hour", ""), ("the whole hour", whole))
    for name, query in views:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(f"{address}#/label/hour{query}", wait_until="commit")
        opened = page.wait_for_function(OPENED).json_value()
        print(f"{name}: drawn {opened:.0f} ms after the address was entered")
        page.wait_for_timeout(1500)
        clock = ThreadClock(page)
        for what, keys in (("pan", ("PageDown", "PageUp")), ("zoom", ("ArrowUp", "ArrowDown"))):
            times = [step(page, clock, keys[i % 2]) for i in range(N_STEPS)]
            print(f"{name}: {what} step {percentiles(times)}")
        page.close()
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.add_init_script(f"const [nBoards, rateHz] = [{N_BOARDS}, {LIVE_HZ}];{BOARDS}")
    page.goto(f"{address}#/record")
    page.get_by_role("img", name="Live signal").nth(N_BOARDS - 1).locator("canvas").first.wait_for()
    page.wait_for_timeout(10_000)  # until the plots are full
    clock = ThreadClock(page)
    times, rates = map(list, zip(*(live(page, clock) for _ in range(N_WINDOWS)), strict=True))
    many = f"{N_BOARDS} boards at {LIVE_HZ} Hz"
    print(f"{many}: a frame {percentiles(times)}; {statistics.median(rates):.0f} frames/s")
    page.close()


class ThreadClock:
    """Milliseconds that tasks of the page's main thread have taken so far."""

    def __init__(self, page: Any) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def now(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def step(page: Any, clock: ThreadClock, key: str) -> float:
    before = clock.now()
    page.evaluate(PRESS, key)
    page.wait_for_timeout(STEP_MS)
    return clock.now() - before


def live(page: Any, clock: ThreadClock) -> tuple[float, float]:
    """(milliseconds a drawn frame, frames a second)"""
    before, frames = clock.now(), page.evaluate("frames_drawn")
    page.wait_for_timeout(1000 * WINDOW_S)
    n = page.evaluate("frames_drawn") - frames
    return (clock.now() - before) / max(1, n), n / WINDOW_S


def percentiles(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} ms, 95 % within {np.percentile(times, 95):.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
