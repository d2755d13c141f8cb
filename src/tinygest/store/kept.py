"""Folders that hold the newest few of what comes and goes."""

from __future__ import annotations

import shutil
from pathlib import Path


def remove_oldest(folder: Path, n_kept: int) -> None:
    """All but the n_kept newest files and folders in it. Raises OSError if it cannot be read."""
    by_age = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    for old in by_age[: max(0, len(by_age) - n_kept)]:
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.unlink(missing_ok=True)
