"""The demo is made of commands that exist."""

import shlex

import typer.main

from tinygest.cli.app import app
from tinygest.workflow.demo import DemoPlan


def test_every_line_is_one_that_a_user_could_type(tmp_path):
    """Parsed by the application itself, without running it: unknown verbs and options fail here."""
    for step in DemoPlan(tmp_path / "a demo").steps():
        program, *arguments = shlex.split(step.line.removesuffix(" &"))
        if step.ends:
            assert step.line == "kill %1"
            continue
        assert program == "tinygest"
        assert tuple(arguments) == step.arguments
        if arguments[0] == "-p":
            del arguments[:2]
        name, *rest = arguments
        typer.main.get_command(app).commands[name].make_context(name, rest)


def test_a_project_that_is_there_is_used(tmp_path):
    plan = DemoPlan(tmp_path)
    assert plan.steps()[0].arguments[0] == "init"
    n_steps = len(plan.steps())
    plan.project.mkdir()
    (plan.project / "tinygest.toml").touch()
    assert all("init" not in step.arguments for step in plan.steps())
    (plan.project / "recordings").mkdir()
    (plan.project / "recordings" / "ada_left.json").touch()
    assert all("record" not in step.arguments for step in plan.steps())
    assert len(plan.steps()) < n_steps - 1


def test_what_stays_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr("tinygest.workflow.demo.has_virtual_boards", lambda: True)
    running = 0
    for step in DemoPlan(tmp_path).steps():
        running += step.stays - step.ends
        assert running in (0, 1)
    assert running == 0


def test_where_no_virtual_board_runs_the_rest_is_shown(tmp_path, monkeypatch):
    monkeypatch.setattr("tinygest.workflow.demo.has_virtual_boards", lambda: False)
    verbs = {word for step in DemoPlan(tmp_path).steps() for word in step.arguments}
    assert {"train", "verify", "test", "evaluate"} <= verbs
    assert not verbs & {"virtual-board", "record", "monitor"}
