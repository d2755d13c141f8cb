from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import FormatError, LabelError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.store.history import History


def track(number: int) -> LabelTrack:
    return LabelTrack((Segment(number, number + 1),))


def test_undo_and_redo_survive_processes(tmp_path):
    path = tmp_path / "a.jsonl"
    History.read(path).edit("add", track(0), track(1))
    History.read(path).edit("move", track(1), track(2))
    assert History.read(path).undo(track(2)).track == track(1)
    undone = History.read(path).undo(track(1))
    assert (undone.action, undone.track) == ("add", track(0))
    with pytest.raises(LabelError, match="nothing to undo"):
        History.read(path).undo(track(0))
    redone = History.read(path).redo(track(0))
    assert (redone.action, redone.track) == ("add", track(1))


def test_an_edit_ends_what_could_be_redone(tmp_path):
    history = History(tmp_path / "a.jsonl")
    history.edit("one", track(0), track(1))
    history.undo(track(1))
    history.edit("two", track(0), track(2))
    with pytest.raises(LabelError, match="nothing to redo"):
        history.redo(track(2))


def test_a_change_outside_can_be_undone(tmp_path):
    history = History(tmp_path / "a.jsonl")
    history.edit("one", track(0), track(1))
    assert history.undo(track(9)).track == track(1)
    assert history.redo(track(1)).track == track(9)


def test_a_torn_line_is_forgotten(tmp_path):
    path = tmp_path / "a.jsonl"
    History(path).edit("one", track(0), track(1))
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    assert not History.read(path).edits
    History.read(path).edit("again", track(0), track(3))
    assert History.read(path).undo(track(3)).track == track(0)


@pytest.mark.parametrize("line", [b"{}", b'{"step":"undo"}', b"\xff", b'{"step":"edit","action":"x"}'])
def test_a_damaged_line_is_named(tmp_path, line):
    path = tmp_path / "a.jsonl"
    path.write_bytes(line + b"\n")
    with pytest.raises(FormatError, match="line 1"):
        History.read(path)


@given(st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=30))
@settings(deadline=None, max_examples=50)
def test_agrees_with_two_stacks(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("history") / "a.jsonl"
    past, now, future = [], track(0), []
    for number, step in enumerate(steps, start=1):
        if step == "edit":
            past, future = [*past, now], []
            History.read(path).edit("edit", now, track(number))
            now = track(number)
        elif step == "undo" and past:
            future = [now, *future]
            assert History.read(path).undo(now).track == past[-1]
            now = past.pop()
        elif step == "redo" and future:
            past = [*past, now]
            assert History.read(path).redo(now).track == future[0]
            now = future.pop(0)
        else:
            continue
