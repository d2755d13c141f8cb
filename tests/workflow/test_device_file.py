from __future__ import annotations

import json

from tinygest.core.sensor import imu_contract
from tinygest.protocol.ssi_config import COLUMN_NAMES
from tinygest.store.project import Project
from tinygest.workflow.device_file import device_file, export_device_file


def test_columns_are_those_of_the_boards_configuration():
    (source,) = device_file(imu_contract(100))["capture_sources"]
    names = [
        sensor["type"] + suffix for sensor in source["sensors"] for suffix in sensor["column_suffixes"]
    ]
    assert names == list(COLUMN_NAMES.values())
    assert source["sample_rates"] == [100]


def test_the_same_board_is_the_same_plug_in_and_another_one_another():
    one, again, other = (device_file(imu_contract(rate))["uuid"] for rate in (100, 100, 50))
    assert one == again != other


def test_the_file(tmp_path):
    project = Project.create(tmp_path / "p")
    result = export_device_file(project, tmp_path / "out")
    written = json.loads((tmp_path / "out" / "tinygest.ssf").read_bytes())
    assert written["device_connections"][0]["bluetooth_le_configuration"]["uuid_service"].startswith(
        "16480000"
    )
    assert result.n_files == 1
