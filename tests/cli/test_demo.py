"""The main job on the simulated set: shortened always, in full as `tinygest demo`."""

import json
import re

import pytest

from tinygest.workflow.demo import DemoPlan


def test_the_main_job_on_a_part_of_the_simulated_set(cli, tmp_path, needs_host_compiler):
    """Real commands, few steps of training: what comes out need not be good, but it must agree."""
    project, library = tmp_path / "boxing", tmp_path / "library"
    assert cli("init", project, "--example", "boxing").status == 0
    few = ["--family", "dense", "--steps", "60", "--copies", "1", "--no-validate"]
    part = "subject=P1,P2 side=left session=A"
    assert cli("-p", project, "train", "--name", "punch", "--where", part, *few).status == 0
    assert cli("-p", project, "generate", "punch", "--out", library).status == 0
    one = ["--where", "subject=P3 side=left session=A"]
    finished = cli("-p", project, "verify", "punch", "--library", library, *one)
    assert finished.status == 0, finished.err
    assert "0 bytes differ" in finished.out
    tested = cli("-p", project, "test", "punch", *one, "--json").json
    assert tested["runner"] == "the compiled C library"
    assert tested["events"]["n_true"] > 30
    assert tested["events"]["macro_f1"] > 0.3


@pytest.mark.slow
def test_the_demo_ends_in_a_verified_library_and_a_report(cli, tmp_path, needs_host_compiler):
    finished = cli("demo", "--out", tmp_path / "demo")
    assert finished.status == 0, finished.err
    plan = DemoPlan(tmp_path / "demo")
    said = re.sub(r"(--tcp |127\.0\.0\.1:)\d+", r"\1", finished.out)
    for step in plan.steps():  # without those that need not be done twice, and at another port
        assert f"$ {step.line}".replace(str(plan.port), "") in said
    for side in ("left", "right"):
        assert (plan.project / "recordings" / f"ada_{side}.json").exists()
        assert f"{side}, by the board: " in finished.out
    assert "0 bytes differ" in finished.out
    assert "simulated" in finished.out
    assert "<html" in plan.report.read_text()
    assert json.loads(next(plan.library.rglob("model.json")).read_text())


def test_without_an_emulator_the_demo_leaves_out_what_needs_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tinygest.toolchain.qemu.COMMAND", "no-such-qemu")
    verbs = {word for step in DemoPlan(tmp_path).steps() for word in step.arguments}
    assert {"verify", "test", "evaluate"} <= verbs
    assert "profile" not in verbs


def test_a_step_that_fails_ends_the_demo(cli, tmp_path):
    (tmp_path / "boxing" / "recordings").mkdir(parents=True)
    finished = cli("demo", "--out", tmp_path)
    assert finished.status == 1
    assert "in the way" in finished.err
    assert "Done" not in finished.out
