"""Slices of real sets out of a project and into another."""

from __future__ import annotations

import shlex

import numpy as np
import pytest

from tinygest.core.errors import DatasetError, StoreError
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta
from tinygest.formats.base import CsvLayout, ImportOptions
from tinygest.formats.convert import STROKE_CHANNELS, make_contract
from tinygest.store.project import Project
from tinygest.workflow.exporting import export_data
from tinygest.workflow.importing import import_data


@pytest.fixture(scope="module", params=["uhh_gestures", "nano33_spells", "magic_wand"])
def real(request, shared_dir, tmp_path_factory):
    """A project with three recordings of a real set."""
    whole = Project.create(tmp_path_factory.mktemp("real") / "whole")
    import_data(whole, shared_dir / "data" / request.param, "imu-csv", ImportOptions())
    few = Project.create(tmp_path_factory.mktemp("real") / "few")
    with few.intake() as intake:
        for entry in whole.recordings()[:3]:
            intake.add(whole.load(entry.id), whole.labels(entry.id))
    return few


def content(project):
    """Unbroken pieces in order: samples, segments and subject, whatever the recordings are called."""
    found = []
    for entry in project.recordings():
        recording, track = project.load(entry.id), project.labels(entry.id)
        for start, stop in recording.spans():
            found.append(
                (
                    recording.samples[start:stop].tolist(),
                    [
                        (s.start - start, s.stop - start, s.label)
                        for s in track.segments
                        if start <= s.start < stop
                    ],
                    [
                        (max(i.start, start) - start, min(i.stop, stop) - start)
                        for i in track.reviewed
                        if i.start < stop and i.stop > start
                    ],
                    entry.meta.subject,
                )
            )
    return found


@pytest.mark.parametrize("format_name", ["edge-impulse", "sensiml", "csv"])
def test_real_slices_come_back(real, tmp_path, format_name):
    result = export_data(real, tmp_path / "out", format_name)
    back = Project.create(tmp_path / "back")
    contract = real.recordings()[0].info.contract
    options = ImportOptions(accept_faults=True)
    if format_name == "csv":
        layout = CsvLayout(time_column="t_s", label_column="label", subject_column="subject")
        options = ImportOptions(
            rate_hz=contract.rate_hz,
            accel_unit="g",
            gyro_unit="deg/s",
            gravity=contract.channels[0].quantity == "acceleration",
            frame=contract.frame,
            reviewed=False,
            accept_faults=True,
            layout=layout,
        )
    import_data(back, tmp_path / "out", format_name, options)
    assert content(back) == content(real)
    assert {entry.info.contract for entry in back.recordings()} == {contract}
    assert shlex.split(result.import_again)[:3] == ["tinygest", "import", str(tmp_path / "out")]


def test_cases_of_a_real_slice_come_back(real, tmp_path):
    export_data(real, tmp_path / "out", "ts")
    back = Project.create(tmp_path / "back")
    import_data(back, tmp_path / "out", "ts", ImportOptions(accept_faults=True))

    def cases(project):
        found = []
        for entry in project.recordings():
            samples = project.load(entry.id).samples
            for segment in project.labels(entry.id).segments:
                found.append(
                    (segment.label, entry.meta.subject, samples[segment.start : segment.stop].tolist())
                )
        return sorted(found)

    assert cases(back) == cases(real)


def test_strokes_cannot_go_and_nothing_is_left(tmp_path):
    project = Project.create(tmp_path / "p")
    contract = make_contract(
        STROKE_CHANNELS, 25, gravity=True, frame="x", counts_per_g=1.0, counts_per_dps=1.0
    )
    samples = np.zeros((5, 2), np.int16)
    project.add(Recording("s", RecordingInfo(contract, 5), RecordingMeta(), samples))
    for name in ("edge-impulse", "sensiml", "csv", "ts", "createai"):
        with pytest.raises(DatasetError, match="sx, sy"):
            export_data(project, tmp_path / "out", name)
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_a_failure_in_the_middle_leaves_nothing(tmp_path, monkeypatch):
    project = Project.create(tmp_path / "p")
    contract = make_contract(("ax",), 25, gravity=True, frame="x", counts_per_g=1.0, counts_per_dps=1.0)
    for name in ("a", "b"):
        samples = np.zeros((5, 1), np.int16)
        project.add(Recording(name, RecordingInfo(contract, 5), RecordingMeta(), samples))

    def full(self, recording_id):
        if recording_id == "b":
            raise OSError(28, "No space left on device")
        return load(self, recording_id)

    load = Project.load
    monkeypatch.setattr(Project, "load", full)
    with pytest.raises(StoreError, match="No space left"):
        export_data(project, tmp_path / "out", "sensiml")
    assert [path.name for path in tmp_path.iterdir()] == ["p"]
