from __future__ import annotations

import pytest

from tinygest.core.errors import LabelError, StoreError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.store.labels import encode_track

TRACK = LabelTrack((Segment(1, 5, "jab", "import"),))


def take_in(project, recordings, track=None):
    with project.intake() as intake:
        for recording in recordings:
            intake.add(recording, track or LabelTrack())
    return intake


def test_all_appear_together(project, make_recording):
    with project.intake() as intake:
        intake.add(make_recording("b"), TRACK)
        intake.add(make_recording("a", subject="S1"), LabelTrack())
        assert project.recordings() == []
    assert [entry.id for entry in project.recordings()] == ["a", "b"]
    assert project.labels("b") == TRACK
    assert project.entry("a").meta.subject == "S1"


def test_a_failure_leaves_nothing(project, make_recording, tree):
    take_in(project, [make_recording("a")])
    before = tree(project.root)

    def recordings():
        yield make_recording("b")
        raise ValueError("line 7")

    with pytest.raises(ValueError, match="line 7"):
        take_in(project, recordings())
    assert tree(project.root) == before


def test_labels_outside_the_recording_are_refused(project, make_recording, tree):
    before = tree(project.root)
    with pytest.raises(LabelError):
        take_in(project, [make_recording("a", 4)], track=TRACK)
    assert tree(project.root) == before


def test_taking_in_again_adds_the_rest_and_keeps_edits(project, make_recording):
    take_in(project, [make_recording("a")], track=TRACK)
    project.save_labels("a", LabelTrack())
    intake = take_in(project, [make_recording("a"), make_recording("b")], track=TRACK)
    assert (intake.added, intake.already_there) == (["b"], ["a"])
    assert project.labels("a") == LabelTrack()


def test_another_recording_of_the_same_name_is_refused(project, make_recording, tree):
    take_in(project, [make_recording("a")])
    before = tree(project.root)
    with pytest.raises(StoreError, match="another recording 'a'"):
        take_in(project, [make_recording("b"), make_recording("a", 99)])
    with pytest.raises(StoreError, match="two recordings"):
        take_in(project, [make_recording("c"), make_recording("c")])
    assert tree(project.root) == before


def test_what_a_killed_process_left_is_removed(project, make_recording, tree):
    before = tree(project.root)
    abandoned = project.layout.private / "intake-x"
    abandoned.mkdir()
    (abandoned / "a.signal").write_bytes(b"half")
    assert project.recordings() == []
    take_in(project, [])
    assert tree(project.root) == before


def test_labels_of_a_removed_signal_are_kept(project, make_recording):
    take_in(project, [make_recording("a")], track=TRACK)
    project.layout.signal("a").unlink()
    take_in(project, [make_recording("a")])
    assert project.labels("a") == LabelTrack()
    assert (project.layout.labels / "a.orphan").read_bytes() == encode_track(TRACK)


def test_a_full_disk_is_one_sentence(project, make_recording, monkeypatch):
    from tinygest.store import intake as module

    def full(*arguments):
        raise OSError(28, "No space left on device")

    for name in ("write_synced", "publish_file"):
        monkeypatch.setattr(module, name, full)
        with pytest.raises(StoreError, match="No space left"):
            take_in(project, [make_recording("a")])
        assert project.recordings() == []
        monkeypatch.undo()


def test_a_crash_between_the_moves_leaves_whole_recordings(project, make_recording, monkeypatch):
    from tinygest.store import intake as module

    real, calls = module.publish_file, []

    def die_at_the_second(temporary, path):
        calls.append(path)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(temporary, path)

    recordings = [make_recording(name) for name in "abc"]
    monkeypatch.setattr(module, "publish_file", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        take_in(project, recordings, track=TRACK)
    assert [entry.id for entry in project.recordings()] == ["a"]
    monkeypatch.undo()
    assert take_in(project, recordings, track=TRACK).added == ["b", "c"]
    assert [project.labels(name) for name in "abc"] == [TRACK] * 3
