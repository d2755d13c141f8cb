"""Progress in a file, for a process that watches this one."""

from __future__ import annotations

import time
from pathlib import Path

from tinygest.core.canonical import canonical_json
from tinygest.core.progress import Progress

EVERY_S = 0.2


def progress_file(path: Path) -> Progress:
    """Writes `{"what", "done", "total"}`, whole at any time, at most five times a second."""
    temporary = path.with_suffix(".part")
    last_s = -EVERY_S
    last_what = ""

    def report(what: str, done: int, total: int) -> None:
        nonlocal last_s, last_what
        now_s = time.monotonic()
        if now_s - last_s < EVERY_S and what == last_what and done < total:
            return
        last_s, last_what = now_s, what
        temporary.write_bytes(canonical_json({"what": what, "done": done, "total": total}))
        temporary.replace(path)  # a rename: never a half-written file

    return report
