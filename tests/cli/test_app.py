"""What holds for every verb."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tinygest.cli.app import VERBS

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = [verb.strip("_").replace("_", "-") for verb in VERBS]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tinygest", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", NAMES)
def test_verb_has_help_with_an_example_and_stands_in_the_readme(name: str) -> None:
    finished = run(name, "--help")
    assert finished.returncode == 0, finished.stderr
    assert "tinygest" in finished.stdout.split("Usage:")[1].split("\n", 1)[1], "an example"
    assert f"tinygest {name}" in (REPOSITORY / "README.md").read_text()


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, tinygest.cli.app\n"
        "heavy = {'tensorflow', 'keras', 'pandas', 'pyarrow', 'scipy', 'sklearn', 'matplotlib', 'bleak'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"


def test_a_misspelt_verb_is_a_usage_error_that_names_the_right_one() -> None:
    finished = run("trian")
    assert finished.returncode == 2
    assert "train" in finished.stderr
    assert "Traceback" not in finished.stderr
