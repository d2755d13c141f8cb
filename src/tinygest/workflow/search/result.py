"""What a search has found so far: a row a trial, and the front of those that nothing beats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from tinygest.store.config import Budgets
from tinygest.workflow.costs import over_budget
from tinygest.workflow.search.space import in_words
from tinygest.workflow.search.study import Search, counts

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial


class TrialRow(msgspec.Struct, frozen=True):
    """One trial."""

    number: int
    state: str
    """complete, stopped, failed, running, waiting, or lost: its worker died, another trial took over."""
    model: str
    """What was chosen, in words."""
    parameters: dict[str, Any]
    score: float | None
    interval: tuple[float, float] | None
    """95 %"""
    flash_bytes: int | None
    ram_bytes: int | None
    instructions: int | None
    on_front: bool
    reason: str
    """Why it was stopped or failed."""
    worker: str
    retry_of: int | None


class SearchResult(msgspec.Struct, frozen=True):
    """As `--json` prints it."""

    study: str
    measure: str
    """What the score is."""
    split: str
    budgets: Budgets
    n_finished: int
    n_trials: int
    rows: tuple[TrialRow, ...]

    @property
    def front(self) -> list[TrialRow]:
        """Best score first."""
        return sorted((row for row in self.rows if row.on_front), key=lambda row: -(row.score or 0.0))


def result_of(search: Search, measure: str, split: str) -> SearchResult:
    """Read the study."""
    trials = search.trials()
    front = pareto_front([trial for trial in trials if _competes(trial, search.settings.budgets)])
    return SearchResult(
        study=search.study.study_name,
        measure=measure,
        split=split,
        budgets=search.settings.budgets,
        n_finished=n_finished(trials),
        n_trials=sum(map(counts, trials)),
        rows=tuple(_row(trial, trial.number in front) for trial in trials),
    )


def n_finished(trials: Sequence[FrozenTrial]) -> int:
    """Slots that are used up."""
    return sum(trial.state.is_finished() and counts(trial) for trial in trials)


def pareto_front(trials: Sequence[FrozenTrial]) -> set[int]:
    """Numbers of the trials that no other one beats: as good in everything and better in something."""
    points = {trial.number: (-trial.values[0], *trial.values[1:]) for trial in trials}
    return {
        number
        for number, point in points.items()
        if not any(_beats(other, point) for other in points.values())
    }


def _beats(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a != b and all(x <= y for x, y in zip(a, b, strict=True))


def _competes(trial: FrozenTrial, budgets: Budgets) -> bool:
    if trial.state.name != "COMPLETE" or "same_as" in trial.user_attrs:
        return False
    return not over_budget(trial.user_attrs["cost"], budgets)


def _row(trial: FrozenTrial, on_front: bool) -> TrialRow:
    told = trial.user_attrs
    cost = told.get("cost", {})
    complete = trial.state.name == "COMPLETE"
    return TrialRow(
        number=trial.number,
        state=_state(trial),
        model=in_words(trial.params),
        parameters=dict(trial.params),
        score=trial.values[0] if complete else None,
        interval=tuple(told["interval"]) if told.get("interval") else None,
        flash_bytes=cost.get("flash_bytes"),
        ram_bytes=cost.get("ram_bytes"),
        instructions=cost.get("instructions"),
        on_front=on_front,
        reason=told.get("reason", ""),
        worker=told.get("worker", ""),
        retry_of=trial.system_attrs.get("failed_trial"),
    )


def _state(trial: FrozenTrial) -> str:
    names = {"COMPLETE": "complete", "PRUNED": "stopped", "RUNNING": "running", "WAITING": "waiting"}
    return names.get(trial.state.name) or ("failed" if counts(trial) else "lost")
