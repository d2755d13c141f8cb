"""Does a model trained on one board revision keep its score on the other?

    python tools/bench_revisions.py

The same simulated sessions are seen by both revisions (LSM9DS1 at about 238 Hz, BMI270 at about
200 Hz, each unit with its own rate, bias, gain and noise) and resampled to 100 Hz. A model is trained
on one revision of some people and tested, as a compiled library, on both revisions of the others.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from tinygest.simulate.boxing_set import boxing_sessions, simulate_boxing
from tinygest.simulate.imu import BOARDS
from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project
from tinygest.train.model import TrainOptions
from tinygest.workflow.testing import ModelTest, run_test
from tinygest.workflow.training import train_bundle


@dataclass(frozen=True)
class Score:
    """A model of one revision on held-out people who wore a revision."""

    trained_on: str
    tested_on: str
    event_f1: float
    accuracy: float
    """On true segments."""
    n_events: int


def compare(n_people: int, held_out: set[int], train: TrainOptions | None = None) -> list[Score]:
    """Every revision to train on against every revision to test on."""
    with tempfile.TemporaryDirectory(prefix="tinygest-revisions-") as folder:
        project = Project.create(Path(folder) / "p", ProjectConfig(fields={"board": "revision"}))
        with project.intake() as intake:
            for session in boxing_sessions(n_people):
                for board in BOARDS:
                    recording, track = simulate_boxing(session, board)
                    intake.add(replace(recording, id=f"{recording.id}_{board}"), track)
        tested = "subject=" + ",".join(f"P{person}" for person in sorted(held_out))
        return [
            score
            for trained_on in BOARDS
            for score in _scores(project, trained_on, tested, train or TrainOptions())
        ]


def _scores(project: Project, trained_on: str, tested: str, train: TrainOptions) -> list[Score]:
    others = tested.replace("=", "!=", 1)
    where = f"{others} board={trained_on}"
    train_bundle(project, trained_on, family="dense", where=where, options=train, validate=False)
    return [
        _score(trained_on, board, run_test(project, trained_on, f"{tested} board={board}"))
        for board in BOARDS
    ]


def _score(trained_on: str, tested_on: str, test: ModelTest) -> Score:
    assert test.events is not None  # simulated recordings are continuous
    return Score(
        trained_on,
        tested_on,
        event_f1=test.events.macro_f1,
        accuracy=test.segments.accuracy,
        n_events=sum(row.events.n_true for row in test.recordings if row.events),
    )


HEAD = ("trained on", "tested on", "event macro-F1 @.5", "accuracy of segments", "loss of F1, points")


def rows(scores: list[Score]) -> list[tuple[str, ...]]:
    """One for each pair; the loss is against the revision that the model was trained on."""
    own = {score.trained_on: score.event_f1 for score in scores if score.trained_on == score.tested_on}
    return [
        (
            score.trained_on,
            score.tested_on,
            f"{score.event_f1:.3f}",
            f"{score.accuracy:.3f}",
            f"{100 * (own[score.trained_on] - score.event_f1):.1f}",
        )
        for score in scores
    ]


def print_scores(scores: list[Score]) -> None:
    for row in (HEAD, *rows(scores)):
        print("".join(f"{cell:<22}" for cell in row).rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--held-out", type=int, nargs="+", default=[5, 6])
    options = parser.parse_args()
    scores = compare(options.people, set(options.held_out))
    print(f"{scores[0].n_events} punches of people {options.held_out}, not seen in training")
    print_scores(scores)


if __name__ == "__main__":
    main()
