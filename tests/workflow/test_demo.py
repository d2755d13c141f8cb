"""The demo is made of commands that exist."""

import shlex

import typer.main

from tinygest.cli.app import app
from tinygest.workflow.demo import DemoPlan


def test_every_line_is_one_that_a_user_could_type(tmp_path):
    """Parsed by the application itself, without running it: unknown verbs and options fail here."""
    for step in DemoPlan(tmp_path / "a demo").steps():
        program, *arguments = shlex.split(step.line)
        assert program == "tinygest"
        assert tuple(arguments) == step.arguments
        if arguments[0] == "-p":
            del arguments[:2]
        name, *rest = arguments
        typer.main.get_command(app).commands[name].make_context(name, rest)


def test_a_project_that_is_there_is_used(tmp_path):
    plan = DemoPlan(tmp_path)
    assert plan.steps()[0].arguments[0] == "init"
    plan.project.mkdir()
    (plan.project / "tinygest.toml").touch()
    assert all("init" not in step.arguments for step in plan.steps())
