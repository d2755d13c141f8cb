"""The study in its database: settings, slots, claims, heartbeats, retries.

A search of N trials has N slots, waiting trials that workers claim; so it ends with exactly N, however
many workers there are. A worker that falls silent loses its trial: it is marked as failed, and its
parameters wait again, once, for another worker. The database decides which of several workers sees to that.
"""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from tinygest.core.errors import StoreError, UsageError
from tinygest.store.config import Budgets
from tinygest.workflow.costs import excess
from tinygest.workflow.search.space import recipes

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.storages import RDBStorage
    from optuna.trial import FrozenTrial

DIRECTIONS: tuple[Literal["maximize", "minimize"], ...] = ("maximize", "minimize", "minimize", "minimize")
"""Of score, flash, RAM and instructions."""
SETTINGS = "tinygest"
MAY_DIFFER = ("versions", "patience_s")  # a newer tinygest may go on; the first patience holds
MAX_RETRIES = 3  # a trial that kills every worker must not kill them for ever
N_RANDOM = 10  # trials before the sampler starts to learn
BEATS = 4  # heartbeats within the patience of the others


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all workers of a search share; it lies in the database."""

    dataset_hash: str
    where: str
    split: str
    locked: str
    recordings: tuple[str, ...]
    budgets: Budgets
    segmenters: tuple[str, ...]
    seed: int
    training: dict[str, Any]
    """Options that all trials have in common."""
    patience_s: int
    """A worker that is silent for longer is taken for dead."""
    versions: dict[str, str]


@dataclass(frozen=True)
class Search:
    """An open study."""

    study: Study
    storage: RDBStorage
    settings: Settings

    def close(self) -> None:
        """End the connections."""
        self.storage.remove_session()
        self.storage.engine.dispose()

    def trials(self, *states: str) -> list[FrozenTrial]:
        """Trials in these states, by number; all without a state."""
        from optuna.trial import TrialState

        wanted = tuple(TrialState[name] for name in states) or None
        return self.study.get_trials(deepcopy=False, states=wanted)


def open_storage(url: str, patience_s: int) -> RDBStorage:
    """Connect; raises StoreError in one sentence that holds no password."""
    from optuna.storages import RDBStorage, RetryHeartbeatStaleTrialCallback
    from sqlalchemy.exc import SQLAlchemyError

    with quiet():
        try:
            return RDBStorage(
                _with_driver(url),
                engine_kwargs={"pool_pre_ping": True},
                heartbeat_interval=max(1, patience_s // BEATS),
                grace_period=patience_s,
                heartbeat_stale_trial_callback=RetryHeartbeatStaleTrialCallback(max_retry=MAX_RETRIES),
            )
        except (SQLAlchemyError, ImportError) as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise StoreError(f"cannot use the storage {shown(url)}: {reason}") from error


def sqlite_url(path: Path) -> str:
    """The default storage: one file."""
    return f"sqlite:///{path.resolve()}"


def shown(url: str) -> str:
    """The address without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "that was given"


def create(url: str, name: str, settings: Settings) -> Search:
    """Start a study, or go on with one of the same settings. Raises StoreError, UsageError."""
    import optuna

    storage = open_storage(url, settings.patience_s)
    with quiet():
        study = optuna.create_study(
            storage=storage, study_name=name, directions=DIRECTIONS, load_if_exists=True
        )
    known = study.user_attrs.get(SETTINGS)
    if known is not None:
        storage.engine.dispose()
        _require_same(name, known, settings)
        return join(url, name, settings.patience_s)
    study.set_user_attr(SETTINGS, _plain(settings))
    return Search(study, storage, settings)


def join(url: str, name: str, patience_s: int) -> Search:
    """Open a study that somebody else has started; raises StoreError if there is none."""
    import optuna

    storage = open_storage(url, patience_s)
    with quiet():
        try:
            study = optuna.load_study(study_name=name, storage=storage)
        except KeyError:
            storage.engine.dispose()
            raise StoreError(f"the storage {shown(url)} has no study {name!r}; start it first") from None
    known = study.user_attrs.get(SETTINGS)
    if known is None:
        storage.engine.dispose()
        raise StoreError(f"study {name!r} was not started by tinygest")
    settings = _decode(known)
    if settings.patience_s != patience_s:
        storage.engine.dispose()
        return join(url, name, settings.patience_s)
    return Search(study, storage, settings)


def add_slots(search: Search, n_trials: int) -> None:
    """Let the search have n_trials in all. The recipes come first, in a study that is new."""
    trials = search.trials()
    missing = n_trials - sum(counts(trial) for trial in trials)
    fixed = [] if trials else recipes(search.settings.segmenters[0])
    for number in range(missing):
        search.study.enqueue_trial(fixed[number] if number < len(fixed) else {})


def counts(trial: FrozenTrial) -> bool:
    """True unless the trial's worker died: its slot went on to another trial."""
    return trial.state.name != "FAIL" or "reason" in trial.user_attrs


def claim(search: Search) -> Trial | None:
    """The next waiting trial, for this worker alone; None if none waits."""
    import optuna

    for waiting in search.trials("WAITING"):
        number = waiting.number
        trial_id = search.storage.get_trial_id_from_study_id_trial_number(_study_id(search), number)
        # The heart beats before the trial is ours: one without a heartbeat would never be missed.
        search.storage.record_heartbeat(trial_id)
        try:
            mine = search.storage.set_trial_state_values(trial_id, optuna.trial.TrialState.RUNNING)
        except optuna.exceptions.UpdateFinishedTrialError:
            continue
        if mine:
            search.study.sampler = _sampler(search.settings, number)
            with quiet():
                return optuna.Trial(search.study, trial_id)
    return None


def retry_stale(search: Search) -> None:
    """Trials whose workers have fallen silent wait again."""
    import optuna

    with quiet():
        optuna.storages.fail_stale_trials(search.study)


@contextmanager
def beating(search: Search, trial: Trial) -> Iterator[None]:
    """Tell the others that this worker lives, while the block runs."""
    trial_id = search.storage.get_trial_id_from_study_id_trial_number(_study_id(search), trial.number)
    done = threading.Event()

    def beat() -> None:
        interval = search.storage.get_heartbeat_interval() or 1
        while not done.wait(interval):
            # A database that is away for a moment is no reason to stop; silence is noticed by others.
            with _ignored():
                search.storage.record_heartbeat(trial_id)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def wait_for_others(search: Search) -> bool:
    """Sleep a moment if a trial of another worker is under way, which may yet fall back to us."""
    if not search.trials("RUNNING"):
        return bool(search.trials("WAITING"))
    time.sleep(min(1.0, search.settings.patience_s / BEATS))
    return True


def violations(trial: FrozenTrial, budgets: Budgets) -> list[float]:
    """How far over each limit, as the sampler wants it: 0 or less is within."""
    cost = trial.user_attrs.get("cost")
    n_limits = sum(limit is not None for limit in msgspec.structs.astuple(budgets))
    return [0.0] * n_limits if cost is None else list(excess(cost, budgets).values())


def _sampler(settings: Settings, number: int) -> Any:
    """Seeded by the trial, so that a search by one worker can be repeated, stopped or not."""
    from optuna.samplers import TPESampler

    limited = any(limit is not None for limit in msgspec.structs.astuple(settings.budgets))
    with quiet():
        return TPESampler(
            n_startup_trials=N_RANDOM,
            seed=settings.seed * 1_000_003 + number,
            constraints_func=(lambda trial: violations(trial, settings.budgets)) if limited else None,
        )


def _plain(settings: Settings) -> dict[str, Any]:
    """As the database gives it back: lists, no tuples."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(settings))
    return plain


def _require_same(name: str, known: dict[str, Any], settings: Settings) -> None:
    """Raise UsageError that names what differs: trials of one study must be comparable."""
    wanted = _plain(settings)
    differ = [key for key in wanted if wanted[key] != known.get(key) and key not in MAY_DIFFER]
    if differ:
        raise UsageError(
            f"study {name!r} was started with another {' and '.join(differ)}; start a new one with --study"
        )


def _decode(known: dict[str, Any]) -> Settings:
    try:
        return msgspec.convert(known, Settings)
    except msgspec.ValidationError as error:
        raise StoreError(f"the study was started by another version of tinygest ({error})") from error


def _study_id(search: Search) -> int:
    return search.storage.get_study_id_from_name(search.study.study_name)


def _with_driver(url: str) -> str:
    """psycopg 3 for PostgreSQL, which is what the extra `search` installs."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme in ("postgresql", "postgres") else url


@contextmanager
def quiet() -> Iterator[None]:
    """Without Optuna's log, and without warnings that a function is still experimental: it is pinned."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _ignored() -> Iterator[None]:
    with suppress(StoreError), told_in_a_sentence():
        yield


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """A database that goes away in the block becomes a StoreError."""
    from optuna.exceptions import StorageInternalError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, StorageInternalError) as error:
        raise StoreError(
            "the storage of the search went away; what was finished is in it: start this again later"
        ) from error
