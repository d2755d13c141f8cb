from pathlib import Path

import msgspec
import pytest
import small_models

from tinygest.core.contract import model_id
from tinygest.core.errors import VerifyError
from tinygest.store.bundles import TFLITE, Lock
from tinygest.store.project import Project
from tinygest.verify.network_profile import NetworkProfile, check_stack
from tinygest.verify.profile import Flash, Instructions, ProfileReport, Ram, Spread, Stack
from tinygest.verify.report import VerifyReport
from tinygest.workflow import verification

NETWORKS = Path(__file__).resolve().parent.parent / "golden" / "networks"


@pytest.fixture
def project(tmp_path):
    project = Project.create(tmp_path / "p")
    project.add(small_models.make_recording("short", small_models.bursts(5, 800)))
    case = small_models.feature_case()
    lock = Lock(model_id(case.contract, case.tflite), dataset_hash="", where="", recordings=(), seed=0)
    project.save_bundle(case.contract, lock, {TFLITE: case.tflite})
    return project.root


@pytest.mark.usefixtures("needs_host_compiler", "needs_qemu", "needs_tflm")
def test_verify_tells_what_was_compared(cli, project, monkeypatch):
    done = cli("-p", project, "verify", "punch", "--require", "host,cortex-m4,tflm", "--json")
    assert done.status == 0, done.err
    assert done.json["model"] == "punch"
    assert {stage["target"] for stage in done.json["stages"]} == {"host", "cortex-m4"}
    assert all(stage["n_bytes"] > 0 for stage in done.json["stages"])
    report = msgspec.convert(done.json, VerifyReport)
    monkeypatch.setattr(verification, "verify_model", lambda *_, **__: report)
    text = cli("-p", project, "verify").out
    assert "1 recordings, 800 samples" in text
    assert all(tool in text for tool in report.tools.values())
    assert text.endswith("0 bytes differ\n")


def test_require_of_something_unknown_is_a_usage_error(cli, project):
    done = cli("-p", project, "verify", "--require", "m33")
    assert done.status == 2
    assert done.err == "tinygest: --require m33: choose from cortex-m4, host, tflm\n"


@pytest.mark.usefixtures("needs_host_compiler")
def test_required_tool_that_is_absent_fails(cli, project, monkeypatch):
    monkeypatch.setattr("tinygest.toolchain.qemu.COMMAND", "no-such-qemu")
    done = cli("-p", project, "verify", "--require", "cortex-m4")
    assert done.status == 1
    assert "cortex-m4 is required but could not run: the emulator no-such-qemu was not found" in done.err


@pytest.mark.usefixtures("needs_qemu")
def test_profile_tells_each_figure(cli, project, monkeypatch):
    report = msgspec.convert(cli("-p", project, "profile", "punch", "--json").json, ProfileReport)
    monkeypatch.setattr(verification, "profile_model", lambda *_, **__: report)
    text = cli("-p", project, "profile", "punch").out
    figures = (
        report.flash.library,
        report.ram.state,
        report.stack.measured,
        report.instructions.network.max,
    )
    assert all(str(figure) in text for figure in figures)
    assert all(layer.layer in text for layer in report.layers)
    assert report.compiler in text


@pytest.mark.usefixtures("needs_qemu")
def test_profile_of_a_bare_network(cli, monkeypatch, tmp_path):
    """Whatever its file is called: here a name that C could not use."""
    file = tmp_path / "my-net.tflite"
    file.write_bytes((NETWORKS / "dense_softmax.tflite").read_bytes())
    report = msgspec.convert(cli("profile", file, "--json").json, NetworkProfile)
    assert report.network == "my-net"
    assert report.size.instructions.n == report.speed.instructions.n == 20
    assert [layer.kernel for layer in report.layers][-1] == "tg_softmax"
    monkeypatch.setattr(verification, "profile_file", lambda *_, **__: report)
    text = cli("profile", file).out
    assert "SOFTMAX" in text
    assert all(str(build.flash) in text for build in (report.size, report.speed))
    assert str(report.stack_stated) in text
    with pytest.raises(VerifyError, match=rf"may take \d+ bytes of stack, and the .* promises {1};"):
        check_stack(report.size, 1)
    done = cli("profile", file, "--limit", 3)
    assert "are for models, not for a .tflite file" in done.err


@pytest.mark.parametrize(("flash_bytes", "status"), [(1000, 1), (100_000, 0)])
def test_a_library_over_the_budget_is_an_error(cli, project, monkeypatch, flash_bytes, status):
    with (project / "tinygest.toml").open("a") as file:
        file.write(f"\n[budgets]\nflash_bytes = {flash_bytes}\ninstructions = 5000\n")
    spread = Spread(3, 10, 20.0, 4000)
    figures = Instructions(spread, spread, None, None, None, None)
    report = ProfileReport(
        *("punch", "0" * 64, Flash(6190, 0, 0, 0, 0, 0), Ram(7, 8), Stack(9, None, ()), figures),
        *(1, 1, "l", "c", (), "e"),
    )
    monkeypatch.setattr(verification, "profile_library", lambda *_, **__: report)
    done = cli("-p", project, "profile")
    assert done.status == status
    if status:
        assert done.err == (
            "tinygest: model punch is over the budget of tinygest.toml: flash_bytes 6190 of 1000\n"
        )
    else:
        assert "within the budget of tinygest.toml" in done.out


def test_figures_that_were_not_measured_are_not_shown(cli, project, monkeypatch):
    nothing = Instructions(*[None] * 6)
    report = ProfileReport(
        "m",
        "0" * 64,
        Flash(1, 2, 3, 4, 5, 6),
        Ram(7, 8),
        Stack(9, None, ()),
        nothing,
        1,
        1,
        "l",
        "c",
        (),
        "e",
    )
    monkeypatch.setattr(verification, "profile_model", lambda *_, **__: report)
    rows = [line.split() for line in cli("-p", project, "profile").out.splitlines()]
    assert ["stack,", "at", "most", "-", "-"] in rows
    assert ["network", "0", "-", "-", "-", "-"] in rows
