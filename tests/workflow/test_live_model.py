from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from tinygest.core.event import Event
from tinygest.gateway.stream import Batch, Cause
from tinygest.gateway.updates import Reported
from tinygest.protocol.events import ReportedEvent
from tinygest.workflow.answers import make_answers
from tinygest.workflow.hub_trial import MAX_WAITING, Trial
from tinygest.workflow.live_model import LiveModel
from tinygest.workflow.training import train_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory, burst_recordings, needs_host_compiler):
    from tinygest.store.project import Project
    from tinygest.train.fit import FitOptions
    from tinygest.train.model import TrainOptions

    project = Project.create(tmp_path_factory.mktemp("live") / "p")
    for recording, track in burst_recordings(n_subjects=2):
        project.add(recording, track)
    options = TrainOptions(fit=FitOptions(n_steps=60))
    return train_bundle(project, "live", family="dense", options=options, validate=False).bundle


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_live_events_are_those_of_the_recording(bundle, burst_recordings, tmp_path, size):
    recording, track = burst_recordings(n_subjects=1)[0]
    n = track.segments[-1].stop - 2  # it ends inside a movement
    recording = replace(
        recording,
        info=msgspec.structs.replace(recording.info, n_samples=n),
        samples=recording.samples[:n],
    )
    (expected,) = make_answers(bundle.contract, bundle.tflite, tmp_path).events([recording])
    model = LiveModel(bundle)
    events = []
    for at in range(0, n, size):
        events += model.push(recording.samples[at : at + size])
    events += model.finish()
    assert events[-1].decided_at == n - 1
    assert model.finish() == []
    found = [
        (e.start, e.start + e.length, bundle.contract.labels[e.label], e.score, e.decided_at)
        for e in events
    ]
    assert found == [(e.start, e.stop, e.label, e.score, e.decided_at) for e in expected]
    assert found


def test_a_trial_counts_what_agrees(bundle, burst_recordings):
    samples = burst_recordings(n_subjects=1)[0][0].samples
    trial = Trial(LiveModel(bundle))
    events = trial.take(Batch(samples, 0, 0, Cause.CONTINUES, 0.0, 0.0))
    for event in events[:-1]:
        trial.take(Reported(ReportedEvent(0, event, 1), 0, 0.0))
    trial.take(Reported(ReportedEvent(0, Event(0, 1, 1, 0, 5), 1), 0, 0.0))
    state = trial.state()
    assert (state.n_gateway, state.n_board, state.n_agree) == (len(events), len(events), len(events) - 1)


def test_lost_samples_move_indices_on(bundle, burst_recordings):
    samples = burst_recordings(n_subjects=1)[0][0].samples
    trial = Trial(LiveModel(bundle))
    empty = np.zeros((0, 6), np.int16)
    trial.take(Batch(empty, 0, 0, Cause.CONTINUES, 0.0, 0.0))
    events = trial.take(Batch(samples, 100, 100, Cause.LOST, 0.0, 0.0))
    assert all(event.start >= 100 for event in events)
    assert events


def test_a_trial_goes_on_with_the_next_link(bundle, burst_recordings):
    """The board counts its rows from 0 again; the session's time line goes on."""
    samples = burst_recordings(n_subjects=1)[0][0].samples
    trial = Trial(LiveModel(bundle))
    first = trial.take(Batch(samples, 0, 0, Cause.CONTINUES, 0.0, 0.0, 0))
    at = len(samples) + 400
    again = trial.take(Batch(samples, at, 400, Cause.LINK_DOWN, 0.0, 0.0, 0))
    assert again == first
    for event in first:
        trial.take(Reported(ReportedEvent(0, event, 1), 0, 0.0))
    assert trial.state().n_agree == len(first) > 0


def test_a_trial_beside_a_board_that_reports_nothing_does_not_grow(bundle):
    trial = Trial(LiveModel(bundle))
    for number in range(1000):
        trial.take(Reported(ReportedEvent(0, Event(number, 1, 1, 0, 5), 1), 0, 0.0))
    assert len(trial._theirs) == MAX_WAITING
