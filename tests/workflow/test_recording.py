"""Recording from boards, by plan."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from fake_board import FakeBoard

from tinygest.core.recording import RecordingMeta
from tinygest.protocol.words import Side
from tinygest.store.project import Project
from tinygest.transport.base import Found
from tinygest.workflow.boards import Target
from tinygest.workflow.recording import RecordPlan, Screen, record, recording_ids


def test_a_board_that_is_gone_does_not_keep_the_others_waiting(tmp_path) -> None:
    project = Project.create(tmp_path / "p")
    left, right = FakeBoard(1, Side.LEFT), FakeBoard(2, Side.RIGHT)

    def tick(lives: object, seconds: float, label: str) -> None:
        if seconds > 0.4 and not right.refuses:
            right.refuses = 1000
            right.lose_link()

    async def run() -> None:
        targets = [Target(board, Found("fake")) for board in (left, right)]
        plan = RecordPlan(RecordingMeta(), "r", seconds=1.0)
        async with asyncio.timeout(10):
            await record(project, targets, plan, Screen(tick=tick))

    asyncio.run(run())
    n_rows = {entry.id: entry.info.n_samples for entry in project.recordings()}
    assert 100 <= n_rows["r_left"] < 130
    assert 40 <= n_rows["r_right"] < 80


@pytest.mark.parametrize(
    ("boards", "endings"),
    [
        ([("left", "0000aaaa"), ("right", "0000bbbb")], ["left", "right"]),
        ([("", "0000aaaa")], [""]),
        ([("left", "0000aaaa"), ("left", "0000bbbb")], ["aaaa", "bbbb"]),
        ([("", "0001aaaa"), ("", "0002aaaa")], ["0001aaaa", "0002aaaa"]),
        ([("x" * 80, "0000aaaa")], ["x"]),
    ],
)
def test_ids_tell_boards_apart(boards: list[tuple[str, str]], endings: list[str]) -> None:
    lives = [
        SimpleNamespace(session=SimpleNamespace(identity=SimpleNamespace(side=side, device=device)))
        for side, device in boards
    ]
    for name in ("r", "r" * 100):
        ids = recording_ids(name, lives, RecordPlan(name=name), 1)
        assert len(set(ids)) == len(boards)
        assert all(one.startswith("r") and one.endswith(end) for one, end in zip(ids, endings, strict=True))
        assert max(map(len, ids)) <= 80
