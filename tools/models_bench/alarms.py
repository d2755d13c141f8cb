"""False alarms in simulated everyday motion, at thresholds that other people's everyday motion gave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from models_bench.work import Work
from tinygest.simulate.people import make_person
from tinygest.simulate.script import everyday_script
from tinygest.simulate.session import simulate_session
from tinygest.store.project import Project
from tinygest.workflow.calibration import CalibrateOptions, calibrate
from tinygest.workflow.examples import start_from_example
from tinygest.workflow.testing import run_test
from tinygest.workflow.training import train_bundle

SPLIT = "grouped:3"  # of the people who trained it: their recall, and their hours beside the ten
PER_HOUR = 1.0  # asked of `calibrate`; 2 is what the upper bound must keep
N_ACTIONS = 1300  # of a session: about an hour
TRAINING, CALIBRATION, JUDGED = 200, 300, 400  # first number of the people in each part


def run(work: Work, names: Sequence[str], seeds: Iterable[int]) -> None:
    work.once("alarms.boxing_simulated", lambda: judge(work))


def judge(work: Work) -> dict[str, Any]:
    """Train on boxers and an hour of their everyday motion, calibrate, judge on others."""
    project = project_of(work)
    train_bundle(project, "punch", family="dense", where="session!=cal session!=judged", validate=False)
    options = CalibrateOptions("punch", PER_HOUR, where="session=cal", split=SPLIT, jobs=work.jobs)
    calibrated = calibrate(project, options, announce=print)
    test = run_test(project, str(calibrated.bundle), "session=judged")
    before = run_test(project, str(calibrated.parent), "session=judged")
    assert calibrated.calibration is not None
    assert calibrated.calibration.checked is not None
    assert test.events is not None
    assert before.events is not None
    alarms = test.events.false_alarms
    return {
        "alarms": alarms.n,
        "hours": alarms.hours,
        "per_hour": alarms.per_hour,
        "high": alarms.high,
        "before_per_hour": before.events.false_alarms.per_hour,
        "recall_before": calibrated.calibration.before.recall,
        "recall": calibrated.calibration.checked.recall,
        "recall_where_chosen": calibrated.calibration.chosen.recall,
        "verdict": calibrated.calibration.verdict(),
    }


def project_of(work: Work) -> Project:
    """The example's boxers, and hours of everyday motion of people who never box."""
    root = work.folder / "boxing_simulated"
    if (root / "everyday.done").is_file():
        return Project.open(root)
    project = start_from_example(root, "boxing") if not root.exists() else Project.open(root)
    add_everyday(project, "daily", TRAINING, 2.0)
    add_everyday(project, "cal", CALIBRATION, work.hours)
    add_everyday(project, "judged", JUDGED, work.hours)
    (root / "everyday.done").touch()
    return project


def add_everyday(project: Project, session: str, first: int, hours: float) -> None:
    """Sessions of one person each, one after another until the hours are full."""
    there = set(project.layout.recording_ids())
    number, total_h = first, 0.0
    while total_h < hours:
        name = f"e{number}_right_{session}"
        if name not in there:
            board = ("rev1", "rev2")[number % 2]
            recording, track = simulate_session(
                make_person(f"E{number}", number),
                islice(everyday_script(number), N_ACTIONS),
                board,
                number,
                session=session,
                recording_id=name,
            )
            project.add(recording, track)
        total_h += project.entry(name).info.n_samples / 100 / 3600
        number += 1
