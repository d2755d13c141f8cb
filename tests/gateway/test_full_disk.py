"""A disk that really is full: a small tmpfs, where this user may mount one."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fake_board import FakeBoard, misplaced

from tinygest.core.errors import StoreError
from tinygest.core.recording import RecordingMeta
from tinygest.gateway.finish import recover
from tinygest.gateway.recorder import Recorder
from tinygest.store.project import Project

from .conftest import running


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this user may not mount a tmpfs")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_keeps_all_but_the_last_moment(small_disk: Path) -> None:
    project = Project.create(small_disk / "p")

    async def run() -> tuple[str, int, str]:
        board = FakeBoard()
        async with running(board) as (session, _):
            recorder = Recorder(project, session, "full", RecordingMeta(subject="S1"))
            await asyncio.sleep(0.5)
            filler = (small_disk / "filler").open("wb", buffering=0)
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:
                filler.close()
            async with asyncio.timeout(20):  # until the last page of the journal is used up
                while not recorder.problem:
                    await asyncio.sleep(0.01)
            made = int(board.uptime_s() * 100)
            problem = recorder.problem
            with pytest.raises(StoreError) as failed:
                await recorder.stop()
        return problem, made, str(failed.value)

    problem, made, failed = asyncio.run(run())
    assert "the disk is full" in problem
    assert "what was recorded is kept" in failed
    assert project.layout.recording_ids() == []

    (small_disk / "filler").unlink()
    finished, problems = recover(project)
    assert ([one.id for one in finished], problems) == (["full"], [])
    recording = project.load("full")
    n_lost = made - int(recording.samples[-1, 0])
    print(f"full disk: {10 * n_lost} ms lost")
    assert n_lost < 100
    assert np.abs(misplaced(recording.samples, [])).max() == 0
