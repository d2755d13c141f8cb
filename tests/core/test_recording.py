from __future__ import annotations

import numpy as np
import pytest

from tinygest.core.errors import TinygestError
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta, check_meta
from tinygest.core.sensor import imu_contract


def make_recording(gaps: tuple[Gap, ...] = (), recording_id: str = "r1", rows: int = 10) -> Recording:
    info = RecordingInfo(imu_contract(100.0), rows, gaps)
    return Recording(recording_id, info, RecordingMeta(), np.zeros((rows, 6), np.int16))


def test_spans_are_cut_at_gaps() -> None:
    assert make_recording((Gap(3, 7), Gap(8))).spans() == [(0, 3), (3, 8), (8, 10)]


@pytest.mark.parametrize("gaps", [(Gap(0),), (Gap(10),), (Gap(5), Gap(4)), (Gap(4), Gap(4))])
def test_impossible_gaps_are_refused(gaps: tuple[Gap, ...]) -> None:
    with pytest.raises(TinygestError, match="gaps"):
        make_recording(gaps)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 81, "a b"])
def test_ids_that_could_leave_the_project_are_refused(name: str) -> None:
    with pytest.raises(TinygestError):
        make_recording(recording_id=name)


def test_samples_must_be_what_the_contract_says() -> None:
    info = RecordingInfo(imu_contract(100.0), 10)
    with pytest.raises(TinygestError, match="int16"):
        Recording("r1", info, RecordingMeta(), np.zeros((10, 3), np.int16))


@pytest.mark.parametrize(
    "meta",
    [
        RecordingMeta(subject="two\nlines"),
        RecordingMeta(side="x" * 81),
        RecordingMeta(fields={"glove": "\x1b[31m"}),
        RecordingMeta(default_label="unknown"),
    ],
)
def test_metadata_that_fits_no_table_is_refused(meta: RecordingMeta) -> None:
    with pytest.raises(TinygestError):
        check_meta(meta)


def test_notes_are_free() -> None:
    meta = RecordingMeta("Zoë", notes="two\nlines", default_label="left hook")
    assert check_meta(meta) is meta
