"""Flashing from model to board, with the virtual board in the board's place and no real PlatformIO."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import small_models
from fake_board import FakeBoard
from fake_platformio import calls, fake_platformio

from tinygest.core.contract import model_id
from tinygest.core.errors import ContractError, FlashError
from tinygest.core.sensor import imu_contract
from tinygest.flash.ports import BoardPort
from tinygest.protocol.info import Info
from tinygest.protocol.words import Imu
from tinygest.store.bundles import TFLITE, Lock
from tinygest.store.project import Project
from tinygest.workflow.flashing import Tools, built_in_model, flash, make_firmware, require_board

pytestmark = pytest.mark.usefixtures("board_cache")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project.create(tmp_path_factory.mktemp("project") / "p")
    case = small_models.feature_case()
    lock = Lock(model_id(case.contract, case.tflite), dataset_hash="", where="", recordings=(), seed=0)
    project.save_bundle(case.contract, lock, {TFLITE: case.tflite})
    return project


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, board_cache: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Firmware projects of these tests do not stay; the programs of the boards do."""
    monkeypatch.setattr("tinygest.workflow.flashing.cache_dir", lambda: tmp_path / "cache")


@dataclass
class Boards:
    """Virtual boards that run: their ports, and the radio."""

    ports: list[BoardPort]
    radio: str


@contextmanager
def boards(project: Project, *words: str) -> Iterator[Boards]:
    command = [sys.executable, "-m", "tinygest", "-p", str(project.root), "virtual-board", "--json", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            ready = json.loads(process.stdout.readline())
            ports = [BoardPort(b["serial"], b["device_id"]) for b in ready["boards"]]
            yield Boards(ports, f"bumble:{ready['radio']}")
        finally:
            process.send_signal(signal.SIGINT)


def tools(tmp_path: Path, running: Boards, **more: str) -> Tools:
    pio = fake_platformio(tmp_path / "pio", **more)
    return Tools(pio, lambda: running.ports, back_after_s=4.0, scan_s=4.0)


def test_a_model_is_put_on_a_board_and_read_back(project: Project, tmp_path: Path) -> None:
    with boards(project, "--model", "punch") as running:
        report = flash(project, "punch", radio=running.radio, tools=tools(tmp_path, running))
    (board,) = report.boards
    assert (board.model_id, board.advertises, board.error) == (project.bundle().model_id, True, "")
    assert board.device.endswith(running.ports[0].serial_number)
    assert report.size.flash == 360964
    built, uploaded = calls(tmp_path / "pio")
    assert built[-1] == "nano33ble_recognise"
    assert uploaded[-1] == running.ports[0].path
    assert built_in_model(Path(report.wanted.folder)) == board.model_id


def test_a_board_that_runs_something_else_is_told(project: Project, tmp_path: Path) -> None:
    with boards(project) as running:
        ready = tools(tmp_path, running)
        with pytest.raises(FlashError, match=r"no model instead of model [0-9a-f]{12}: flash it again"):
            flash(project, radio="", tools=ready)
        report = flash(None, radio="", tools=ready)
        assert report.boards[0].advertises is None
        folder = tmp_path / "own"
        make_firmware(folder, project)
        with pytest.raises(FlashError, match="instead of model"):
            flash(None, folder=folder, radio="", tools=ready)


def test_a_whole_classroom(project: Project, tmp_path: Path) -> None:
    """One board fails, and the others' turn comes."""
    with boards(project, "--boards", "3", "--imu", "bmi270,lsm9ds1") as running:
        broken = running.ports[1].path
        told = "Couldn't find a board on the selected port"
        ready = tools(tmp_path, running, upload=told, fails=broken)
        report = flash(None, every=True, radio=running.radio, tools=ready)
    assert [bool(board.error) for board in report.boards] == [False, True, False]
    assert "press its reset button twice" in report.boards[1].error
    assert [board.sensor for board in report.boards] == ["BMI270", "", "BMI270"]
    assert len({board.device for board in report.boards}) == 3


def test_a_board_that_does_not_come_back(project: Project, tmp_path: Path) -> None:
    there = [[BoardPort("/dev/ttyACM0", "A")], [BoardPort("/dev/ttyACM0", "A", in_bootloader=True)]]
    ready = Tools(
        fake_platformio(tmp_path / "pio"), lambda: there.pop(0) if there else [], back_after_s=0.5
    )
    with pytest.raises(FlashError, match="did not come back after the upload"):
        flash(None, tools=ready)
    ready = replace(ready, ports=lambda: [BoardPort(str(tmp_path / "no port"), "A")])
    with pytest.raises(FlashError, match="does not answer after the upload"):
        flash(None, tools=ready)


class StartsSlowly(FakeBoard):
    """It answers before it has found its sensor."""

    n_asked = 0

    def info(self) -> Info:
        self.n_asked += 1
        return replace(super().info(), imu=Imu.BMI270 if self.n_asked > 2 else Imu.NONE)


def test_a_sensor_that_is_not_ready_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flashed(board: FakeBoard) -> str:
        monkeypatch.setattr("tinygest.workflow.flashing.open_transport", lambda name: board)
        port = BoardPort(str(tmp_path), "A")
        ready = Tools(fake_platformio(tmp_path / "pio"), lambda: [port], back_after_s=1.0)
        return flash(None, radio="", tools=ready).boards[0].sensor

    assert flashed(StartsSlowly()) == "BMI270"
    with pytest.raises(FlashError, match="found no motion sensor"):
        flashed(FakeBoard())


def test_without_a_board_nothing_is_built(tmp_path: Path) -> None:
    with pytest.raises(FlashError, match="no Nano 33 BLE Sense was found"):
        flash(None, tools=Tools(fake_platformio(tmp_path / "pio"), list))
    assert not (tmp_path / "pio" / "calls").exists()


def test_a_model_of_another_sensor_is_refused() -> None:
    contract = small_models.feature_case().contract
    require_board(contract)
    for sensor, why in (
        (imu_contract(104.0), "rate 104 Hz against 100 Hz"),
        (imu_contract(100.0, gravity=False), "linear_acceleration"),
        (imu_contract(100.0, frame="wrist"), "axis frame 'wrist' against 'board'"),
    ):
        with pytest.raises(ContractError, match=f"punch cannot run on a board.*{why}"):
            require_board(replace_sensor(contract, sensor))


def replace_sensor(contract: object, sensor: object) -> object:
    import msgspec

    return msgspec.structs.replace(contract, sensor=sensor)
