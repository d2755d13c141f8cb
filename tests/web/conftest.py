"""A server on a small project, called without a network."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project
from tinygest.web.app import create_app
from tinygest.web.settings import Settings


@pytest.fixture
def project(tmp_path, burst_recordings):
    project = Project.create(tmp_path / "p", ProjectConfig(labels=("x", "y", "z")))
    for recording, track in burst_recordings(n_subjects=2, n_each=1, reviewed=False):
        project.add(recording, track)
    return project


@pytest.fixture
def settings(project):
    return Settings(project.root)


@pytest.fixture
def client(settings):
    with TestClient(create_app(settings), base_url="http://127.0.0.1:5555") as client:
        yield client
