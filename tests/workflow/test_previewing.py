from __future__ import annotations

import json

import pytest

from tinygest.core.errors import FormatError, UsageError
from tinygest.formats.base import ImportOptions
from tinygest.workflow.previewing import Missing, preview_import


@pytest.fixture
def gestures(tmp_path):
    take = {"data": {"x": [0, 1, 2], "y": [0, 1, 0], "z": [1, 0, 1]}}
    path = tmp_path / "g.json"
    path.write_text(json.dumps([{"name": name, "recordings": [take, take]} for name in ("wave", "tap")]))
    return path


def test_what_would_come_in(gestures):
    preview = preview_import(gestures, "createai", ImportOptions(rate_hz=50.0, subject="ann"))
    assert (preview.n_recordings, preview.n_samples) == (2, 12)
    assert preview.duration_s == pytest.approx(12 / 50)
    assert preview.units == {"ax": ["g"], "ay": ["g"], "az": ["g"]}
    assert (preview.labels, preview.subjects, preview.missing) == ({"tap": 2, "wave": 2}, ["ann"], [])


def test_everything_that_is_missing_at_once(gestures, tmp_path):
    preview = preview_import(gestures, "createai", ImportOptions())
    assert preview.missing == [Missing("the sample rate (CreateAI's is about 50)", "--rate-hz")]
    assert (preview.duration_s, preview.rates_hz, preview.n_without_subject) == (None, [], 2)
    path = tmp_path / "n.csv"
    path.write_text("acc_x,gyro_x,target\n1,2,0\n3,4,1\n")
    preview = preview_import(path, "nordic", ImportOptions())
    assert {missing.option for missing in preview.missing} == {
        "--rate-hz",
        "--counts-per-g",
        "--counts-per-dps",
    }


def test_what_no_option_could_mend_is_an_error(tmp_path):
    path = tmp_path / "n.csv"
    path.write_text("p,q\n1,2\n")
    with pytest.raises(UsageError, match="--map"):
        preview_import(path, "csv", ImportOptions())
    path.write_text("ax\nx\n")
    with pytest.raises(FormatError, match="line 2"):
        preview_import(path, "csv", ImportOptions())
