"""What all routes share: the project, its jobs, and signals that were looked at lately."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from threading import RLock
from typing import Annotated

import numpy as np
from fastapi import Depends, Request

from tinygest.core.recording import Recording
from tinygest.store.project import Project
from tinygest.web.settings import Settings
from tinygest.workflow.hub import Hub
from tinygest.workflow.jobs import Jobs
from tinygest.workflow.signal_view import Pyramid

KEPT_RECORDINGS = 8
"""An hour at 100 Hz with 6 channels is 4 MB, with its pyramid 13 MB."""


@dataclass
class Context:
    """One a server."""

    settings: Settings
    project: Project
    jobs: Jobs
    hub: Hub = field(init=False)
    """There while the server runs."""
    recording: _Recordings = field(init=False)

    def __post_init__(self) -> None:
        self.recording = _Recordings(self.project)


class _Recordings:
    """Recordings are written once, so what was read stays true."""

    def __init__(self, project: Project) -> None:
        self._load = lru_cache(KEPT_RECORDINGS)(project.load)
        self._made = lru_cache(KEPT_RECORDINGS)(self._pyramid)
        self._lock = RLock()

    def load(self, recording_id: str) -> Recording:
        with self._lock:  # requests that come together wait for one reading, not read twice
            return self._load(recording_id)

    def pyramid(self, recording_id: str) -> Pyramid:
        with self._lock:
            return self._made(recording_id)

    def _pyramid(self, recording_id: str) -> Pyramid:
        recording: Recording = self.load(recording_id)
        return Pyramid(np.ascontiguousarray(recording.samples.T))


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


Shared = Annotated[Context, Depends(_context)]


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.context.hub
    return hub


SharedHub = Annotated[Hub, Depends(_hub)]
