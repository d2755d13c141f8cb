"""Independent tasks in parallel processes, results as they finish."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TypeVar

from tinygest.core.errors import TrainError

Task = TypeVar("Task")
Result = TypeVar("Result")


def n_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_tasks(
    function: Callable[[Task], Result], tasks: Sequence[Task], jobs: int
) -> Generator[tuple[Task, Result], None, None]:
    """(task, function(task)) in the order of finishing; a single job or task stays in this process.

    function and tasks must be picklable: processes are spawned, because TensorFlow does not survive a
    fork. When a task raises, or the caller closes the generator, tasks that wait are dropped and those
    that run are ended.
    """
    if jobs == 1 or len(tasks) < 2:
        yield from ((task, function(task)) for task in tasks)
        return
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(min(jobs, len(tasks)), context, initializer=_start_worker)
    try:
        futures: dict[Future[Result], Task] = {executor.submit(function, task): task for task in tasks}
        for future in as_completed(futures):
            yield futures[future], future.result()
        executor.shutdown()
    finally:
        workers = list((getattr(executor, "_processes", None) or {}).values())
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()


def run_fresh(function: Callable[[Task], Result], task: Task) -> Result:
    """function(task) in a process of its own, where nothing has run before.

    TensorFlow fixes its threads at its first computation, so a result that must not depend on what came
    before needs this. Raises what the function raises, TrainError if the process ends without an answer.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, initializer=_start_worker) as executor:
        try:
            return executor.submit(function, task).result()
        except BrokenProcessPool:
            raise TrainError("the process ended without a result; is there enough memory?") from None


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and never outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
