"""Tasks in processes: every result once, errors arrive, nothing is left running."""

from __future__ import annotations

import math
import multiprocessing
import time

import pytest

from tinygest.workflow.pool import n_cores, run_tasks


def test_one_job_runs_here_and_in_order():
    assert list(run_tasks(math.sqrt, [1.0, 4.0, 9.0], 1)) == [(1.0, 1.0), (4.0, 2.0), (9.0, 3.0)]


def test_two_jobs_give_every_result_once():
    numbers = [float(k * k) for k in range(6)]
    assert dict(run_tasks(math.sqrt, numbers, 2)) == {n: math.sqrt(n) for n in numbers}
    assert not multiprocessing.active_children()


def test_no_tasks():
    assert list(run_tasks(math.sqrt, [], 2)) == []


def test_an_error_ends_the_others():
    started = time.monotonic()
    with pytest.raises(ValueError, match="sleep length"):
        list(run_tasks(time.sleep, [-1.0, 60.0, 60.0], 2))
    _wait_until_idle()
    assert time.monotonic() - started < 30


def test_a_caller_that_stops_early_ends_the_others():
    for task, _ in run_tasks(time.sleep, [0.0, 60.0, 60.0], 2):
        assert task == 0.0
        break
    _wait_until_idle()


def _wait_until_idle():
    deadline = time.monotonic() + 20
    while multiprocessing.active_children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not multiprocessing.active_children()


def test_there_is_a_core():
    assert n_cores() >= 1
