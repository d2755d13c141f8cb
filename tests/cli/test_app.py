"""What holds for every verb."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import small_models

from tinygest.cli.app import VERBS
from tinygest.core.contract import model_id
from tinygest.store.bundles import TFLITE, Lock
from tinygest.store.project import Project

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


VERBS_WITHOUT_TENSORFLOW = (
    "recordings",
    "label list",
    "segment --dry-run",
    "generate punch --out library",
    "verify punch --limit 1",
    "test punch",
)

FORBID_TENSORFLOW = """
import sys

class Forbid:
    def find_spec(self, name, path=None, target=None):
        assert name.split(".")[0] not in ("tensorflow", "keras"), f"{name} is imported"

sys.meta_path.insert(0, Forbid())
from tinygest.cli import main
main()
"""


@pytest.mark.usefixtures("needs_host_compiler")
@pytest.mark.parametrize("command", VERBS_WITHOUT_TENSORFLOW)
def test_only_training_loads_tensorflow(tmp_path: Path, command: str) -> None:
    project = Project.create(tmp_path / "p")
    project.add(small_models.make_recording("a", small_models.bursts(5, 400)))
    case = small_models.feature_case()
    lock = Lock(model_id(case.contract, case.tflite), dataset_hash="", where="", recordings=(), seed=0)
    project.save_bundle(case.contract, lock, {TFLITE: case.tflite})
    words = [sys.executable, "-c", FORBID_TENSORFLOW, "-p", str(project.root), *command.split()]
    finished = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr


def test_a_misspelt_verb_is_a_usage_error_that_names_the_right_one() -> None:
    finished = run("trian")
    assert finished.returncode == 2
    assert "train" in finished.stderr
    assert "Traceback" not in finished.stderr
