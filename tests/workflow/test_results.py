"""Results against what really happened."""

from __future__ import annotations

from types import SimpleNamespace

from tinygest.workflow.results import BOARD, GATEWAY, Comparison, Result, Results, compare
from tinygest.workflow.timed_labels import Time

BEGAN_S = 1.8e9


def result(by: str, label: str, start_s: float, stop_s: float) -> Result:
    return Result("left", "00a1", by, label, 200, BEGAN_S + start_s, BEGAN_S + stop_s)


def watched(*seen: Result, trial: object = None) -> Results:
    live = SimpleNamespace(status=lambda: SimpleNamespace(name="left", side="left", device="00a1"))
    return Results(live, (), trial, seen=list(seen), since_s=BEGAN_S)


def times(*spans: tuple[str, float, float]) -> list[Time]:
    return [Time(label, BEGAN_S + start, BEGAN_S + stop, "A1") for label, start, stop in spans]


def test_right_other_missed_extra() -> None:
    seen = watched(
        result(BOARD, "jab", 1.1, 1.7),  # some 0.1 s late, as results are
        result(BOARD, "hook", 3.0, 3.5),
        result(BOARD, "unknown", 4.1, 4.6),
        result(BOARD, "jab", 6.0, 6.4),
        result(BOARD, "unknown", 7.0, 7.2),  # silence where nothing was is right
    )
    really = times(("jab", 1, 1.6), ("cross", 3, 3.6), ("jab", 4, 4.5), ("jab", 5, 5.4), ("jab", 8, 8.5))
    assert compare(seen, really, BEGAN_S + 20) == [
        Comparison("left", BOARD, n_true=5, n_right=1, n_other=2, n_missed=2, n_extra=1)
    ]


def test_only_what_could_be_seen_counts() -> None:
    """Not of before, not of the last moment, not of the other glove."""
    really = [*times(("jab", -1, -0.5), ("jab", 1, 1.5), ("jab", 9, 9.5)), Time("jab", 2, 3, "B2")]
    (row,) = compare(watched(result(BOARD, "jab", 1, 1.5)), really, BEGAN_S + 10)
    assert (row.n_true, row.n_right, row.n_missed) == (1, 1, 0)


def test_a_model_that_runs_here_is_judged_for_itself() -> None:
    seen = watched(result(GATEWAY, "jab", 1, 1.5), trial=object())
    board, here = compare(seen, times(("jab", 1, 1.5)), BEGAN_S + 10)
    assert (board.by, board.n_missed) == (BOARD, 1)
    assert (here.by, here.n_right) == (GATEWAY, 1)
    seen.recognises = False
    assert compare(seen, times(("jab", 1, 1.5)), BEGAN_S + 10) == [here]
