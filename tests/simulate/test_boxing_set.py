"""The shipped set is what its script makes."""

import importlib.util
from collections import Counter

import numpy as np
import pytest

from tinygest.core.resources import resource_dir
from tinygest.simulate.boxing_set import boxing_sessions, simulate_boxing
from tinygest.simulate.movements import PUNCH_LABELS
from tinygest.store.project import Project

SESSIONS = {session.recording_id: session for session in boxing_sessions()}


@pytest.fixture(scope="module")
def shipped():
    return Project.open(resource_dir("datasets/boxing_simulated"))


@pytest.mark.parametrize("recording_id", ["p1_left_a", "p4_right_b"])
def test_a_recording_can_be_made_again(shipped, recording_id):
    recording, track = simulate_boxing(SESSIONS[recording_id])
    stored = shipped.load(recording_id)
    np.testing.assert_array_equal(recording.samples, stored.samples)
    assert (recording.info, recording.meta) == (stored.info, stored.meta)
    assert track == shipped.labels(recording_id)


def test_every_session_is_there_and_says_it_is_simulated(shipped):
    entries = shipped.recordings()
    assert {entry.id for entry in entries} == SESSIONS.keys()
    for entry in entries:
        session = SESSIONS[entry.id]
        assert entry.info.source["simulated"] is True
        assert entry.meta.subject == f"P{session.person}"
        assert entry.meta.fields == {"board": session.board}


def test_labels_are_balanced(shipped):
    n = Counter(segment.label for name in SESSIONS for segment in shipped.labels(name).segments)
    assert set(n) == set(PUNCH_LABELS)
    assert max(n.values()) < 1.3 * min(n.values())


def test_it_is_small(shipped):
    files = [path for path in shipped.root.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 6e6
    assert (shipped.root / "README.md").read_text().count("imulated") >= 2


@pytest.mark.slow
def test_the_script_makes_the_same_files(shipped, tmp_path):
    path = resource_dir("tools") / "make_boxing_dataset.py"
    spec = importlib.util.spec_from_file_location("make_boxing_dataset", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    tool.make(tmp_path / "set")
    made = {path.relative_to(tmp_path / "set"): path for path in (tmp_path / "set").rglob("*.*")}
    for name, path in made.items():
        if path.suffix != ".parquet":  # its bytes depend on the version of pyarrow
            assert path.read_bytes() == (shipped.root / name).read_bytes(), name
    assert len([name for name in made if name.suffix == ".parquet"]) == len(SESSIONS)
