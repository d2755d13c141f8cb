"""In PlatformIO's place: notes how it was called and prints what a test wants."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tinygest.flash.platformio import PlatformIO

SIZES = """RAM:   [===       ]  28.3% (used 74280 bytes from 262144 bytes)
Flash: [====      ]  36.7% (used 360964 bytes from 983040 bytes)
"""


def fake_platformio(folder: Path, build: str = SIZES, upload: str = "", fails: str = "") -> PlatformIO:
    """fails: "build", "upload", or a port whose upload fails. Calls are appended to FOLDER/calls."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"build": build, "upload": upload, "fails": fails, "calls": str(folder / "calls")}
    (folder / "settings.json").write_text(json.dumps(settings))
    return PlatformIO((sys.executable, __file__, str(folder / "settings.json")))


def calls(folder: Path) -> list[list[str]]:
    return [json.loads(line) for line in (folder / "calls").read_text().splitlines()]


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text())
    words = sys.argv[2:]
    with Path(settings["calls"]).open("a") as log:
        log.write(json.dumps(words) + "\n")
    what = "upload" if "upload" in words else "build"
    print(settings[what])
    sys.exit(settings["fails"] in (what, *words))


if __name__ == "__main__":
    main()
