"""Whole data sets into a project; importers themselves are tested under tests/formats."""

from __future__ import annotations

import shutil
import weakref

import pytest

from tinygest.core.errors import FormatError
from tinygest.formats.base import CsvLayout, ImportOptions
from tinygest.store.project import Project
from tinygest.workflow import importing
from tinygest.workflow.importing import import_data
from tinygest.workflow.projects import list_recordings

OPTIONS = ImportOptions(rate_hz=50.0, accel_unit="g", layout=CsvLayout(label_column="label"))


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "p")


@pytest.fixture
def walks(tmp_path):
    folder = tmp_path / "walks"
    folder.mkdir()
    for number in range(5):
        rows = "\n".join(f"{row % 7 - 3},{'step' if row % 10 < number else ''}" for row in range(30))
        (folder / f"w{number}.csv").write_text(f"ax,label\n{rows}\n")
    return folder


def test_summary_and_progress(project, walks):
    told = []
    result = import_data(project, walks, "csv", OPTIONS, lambda *what: told.append(what))
    assert told == [("importing", done, 5) for done in range(1, 6)]
    assert result.added == [f"w{number}" for number in range(5)]
    assert (result.n_segments, result.labels) == (12, {"step": 12})
    assert result.duration_s == pytest.approx(5 * 30 / 50)
    assert [row.n_segments for row in list_recordings(project)] == [0, 3, 3, 3, 3]


def test_one_recording_is_in_memory_at_a_time(project, walks, monkeypatch):
    alive = []
    most = 0

    def watch(*arguments):
        source = original(*arguments)

        def recordings():
            nonlocal most
            for imported in source.recordings:
                alive.append(weakref.ref(imported.recording))
                most = max(most, sum(reference() is not None for reference in alive))
                yield imported
                del imported

        return type(source)(source.n_recordings, recordings(), source.remarks)

    original = importing.open_source
    monkeypatch.setattr(importing, "open_source", watch)
    import_data(project, walks, "csv", OPTIONS)
    assert len(alive) == 5
    assert most <= 2  # the loop's variable still holds the one before


def test_a_fault_in_the_last_file_leaves_nothing(project, walks):
    (walks / "w4.csv").write_text("ax,label\n1,step\n2\n")
    with pytest.raises(FormatError, match=r"w4\.csv, line 3"):
        import_data(project, walks, "csv", OPTIONS)
    assert project.recordings() == []
    assert not list(project.layout.private.glob("intake-*"))


@pytest.mark.parametrize(
    ("name", "n_recordings", "n_segments"),
    [("nano33_spells", 5, 125), ("magic_wand", 31, 604), ("uhh_gestures", 40, 400)],
)
def test_real_sets(project, shared_dir, name, n_recordings, n_segments):
    result = import_data(project, shared_dir / "data" / name, "imu-csv", ImportOptions())
    assert (len(result.added), result.n_segments, result.remarks) == (n_recordings, n_segments, [])
    rows = list_recordings(project)
    assert all(row.subject for row in rows)
    reviewed = sum(row.reviewed_s for row in rows)
    assert reviewed == pytest.approx(result.duration_s if name == "uhh_gestures" else 0)


def test_a_slice_of_a_real_set_that_lost_a_file(project, shared_dir, tmp_path):
    whole = shared_dir / "data" / "nano33_spells"
    part = tmp_path / "nano33_spells"
    shutil.copytree(whole, part)
    lost = min((part / "rec").iterdir())
    lost.chmod(0o644)
    (part / "rec").chmod(0o755)
    lost.unlink()
    with pytest.raises(FormatError, match=rf"labels\.csv, line 2: '{lost.name}' is not a file"):
        import_data(project, part, "imu-csv", ImportOptions())
    assert project.recordings() == []


def test_an_interrupted_import_leaves_nothing_and_can_be_run_again(project, walks):
    def interrupt(what, done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_data(project, walks, "csv", OPTIONS, interrupt)
    assert project.recordings() == []
    assert not list(project.layout.private.glob("intake-*"))
    assert len(import_data(project, walks, "csv", OPTIONS).added) == 5
