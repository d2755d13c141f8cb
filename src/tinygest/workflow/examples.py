"""Example projects that travel with tinygest."""

from __future__ import annotations

from pathlib import Path

from tinygest.core.errors import UsageError
from tinygest.core.resources import resource_dir
from tinygest.store.project import Project

EXAMPLES = {"boxing": "datasets/boxing_simulated"}
"""Name and folder of each, as seen from the top of the repository."""


def start_from_example(root: Path, name: str) -> Project:
    """A new project with copies of an example's recordings and labels.

    Raises UsageError for an example that does not exist, StoreError where the project cannot be.
    """
    if name not in EXAMPLES:
        raise UsageError(f"there is no example {name!r}; choose from {', '.join(EXAMPLES)}")
    example = Project.open(resource_dir(EXAMPLES[name]))
    entries = example.recordings()
    project = Project.create(root, example.config)
    with project.intake() as intake:
        for entry in entries:
            intake.add(example.load(entry.id), example.labels(entry.id))
    return project
