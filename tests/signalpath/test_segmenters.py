"""Segmenters against examples worked out by hand: activity in, (start, stop, told at) out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tinygest.signalpath import native
from tinygest.signalpath._native import ffi, lib
from tinygest.signalpath.plan import (
    AdaptivePlan,
    HysteresisPlan,
    PeakPlan,
    SegmenterPlan,
    SlidingPlan,
    TriggerPlan,
)

HYSTERESIS = HysteresisPlan(
    start_level=5, stop_level=3, min_length=1, max_length=100, pre=0, post=0, merge=0
)


def run(
    plan: SegmenterPlan, activity: list[int], first: int = 0, *, ends: bool = False
) -> list[tuple[int, int, int]]:
    """(start, stop, index of the sample that told it) of each segment; ends: also of what is then open."""
    kind = getattr(lib, f"tg_{plan.kind}_kind")
    config = native.segmenter_config(plan)
    state = ffi.new(f"tg_{plan.kind}_t *")
    segment = ffi.new("tg_segment_t *")
    kind.reset(config, state, first)
    found = [
        (segment.start, segment.start + segment.length, index)
        for index, value in enumerate(activity, first)
        if kind.push(config, state, value, segment)
    ]
    if ends and kind.finish(config, state, segment):
        found.append((segment.start, segment.start + segment.length, first + len(activity) - 1))
    return found


def test_hysteresis_starts_at_start_level_and_ends_below_stop_level() -> None:
    #           0  1  2  3  4  5  6  7
    activity = [0, 4, 5, 9, 3, 2, 0, 4]
    assert run(HYSTERESIS, activity) == [(2, 5, 5)]


def test_hysteresis_merges_short_lulls() -> None:
    #           0  1  2  3  4  5  6  7  8  9
    activity = [0, 9, 0, 0, 9, 0, 0, 0, 9, 0]
    assert run(replace(HYSTERESIS, merge=2), activity) == [(1, 5, 7)]
    assert run(replace(HYSTERESIS, merge=1), activity) == [(1, 2, 3), (4, 5, 6)]


def test_hysteresis_stop_level_keeps_a_lull_alive() -> None:
    activity = [0, 9, 3, 3, 3, 3, 9, 2, 0]
    assert run(HYSTERESIS, activity) == [(1, 7, 7)]


def test_hysteresis_rolls_are_added_and_the_post_roll_is_waited_for() -> None:
    #           0  1  2  3  4  5  6  7  8
    activity = [0, 0, 0, 9, 9, 0, 0, 0, 0]
    assert run(replace(HYSTERESIS, pre=2, post=3), activity) == [(1, 8, 7)]
    assert run(replace(HYSTERESIS, pre=2, post=3, merge=3), activity) == [(1, 8, 8)]


def test_hysteresis_pre_roll_stops_at_the_reset_and_at_the_segment_before() -> None:
    #           0  1  2  3  4  5  6  7  8
    activity = [0, 9, 0, 0, 0, 9, 0, 0, 0]
    plan = replace(HYSTERESIS, pre=4, post=2)
    assert run(plan, activity) == [(0, 4, 3), (4, 8, 7)]
    assert run(plan, activity, first=1000) == [(1000, 1004, 1003), (1004, 1008, 1007)]


def test_hysteresis_does_not_look_at_activity_in_the_post_roll() -> None:
    #           0  1  2  3  4  5  6  7  8  9
    activity = [0, 9, 0, 9, 9, 9, 0, 0, 0, 0]
    assert run(replace(HYSTERESIS, post=3), activity) == [(1, 5, 4), (5, 9, 8)]


def test_hysteresis_drops_short_movements_without_waiting_for_the_post_roll() -> None:
    #           0  1  2  3  4  5  6  7  8  9
    activity = [0, 9, 0, 9, 9, 0, 0, 0, 0, 0]
    assert run(replace(HYSTERESIS, min_length=2, post=3), activity) == [(3, 8, 7)]


def test_hysteresis_rolls_do_not_make_a_movement_longer_than_min() -> None:
    assert run(replace(HYSTERESIS, min_length=2, pre=2, post=2), [0, 0, 0, 9, 0, 0, 0, 0]) == []


def test_hysteresis_closes_at_max_and_goes_on() -> None:
    plan = replace(HYSTERESIS, max_length=4)
    assert run(plan, [0, *[9] * 10, 0]) == [(1, 5, 4), (5, 9, 8), (9, 11, 11)]


def test_hysteresis_closes_at_max_inside_a_lull() -> None:
    #           0  1  2  3  4  5  6
    activity = [0, 9, 9, 0, 0, 9, 0]
    # At sample 4 four samples have come since the start; the movement's end plus post is at 4.
    assert run(replace(HYSTERESIS, max_length=4, merge=3, post=1), activity)[0] == (1, 4, 4)


def test_hysteresis_at_max_still_drops_what_is_too_short() -> None:
    plan = replace(HYSTERESIS, min_length=3, max_length=4, merge=5)
    assert run(plan, [0, 9, 9, 0, 0, 0, 0, 0]) == []


def test_hysteresis_counts_on_over_the_wrap() -> None:
    first = 2**32 - 3
    assert run(replace(HYSTERESIS, pre=2), [0, 0, 0, 9, 9, 0], first) == [(2**32 - 2, 2**32 + 2, 2**32 + 2)]


HALF = 1 << 15  # of a peak, Q16
ADAPTIVE = AdaptivePlan(
    movement=replace(HYSTERESIS, start_level=4, stop_level=2),
    start_share=HALF,
    stop_share=HALF // 2,
    decay_q16=0,
)


def test_adaptive_begins_with_the_least_levels() -> None:
    #           0  1  2  3  4  5
    activity = [3, 4, 3, 2, 1, 0]
    assert run(ADAPTIVE, activity) == [(1, 4, 4)]


def test_adaptive_levels_are_shares_of_the_highest_so_far() -> None:
    #           0   1   2   3  4  5   6   7  8  9
    activity = [0, 40, 12, 10, 9, 0, 19, 20, 9, 0]
    # After the peak of 40 a movement starts at 20 and goes on from 10 up.
    assert run(ADAPTIVE, activity) == [(1, 4, 4), (7, 8, 8)]


def test_adaptive_forgets_a_peak_but_never_falls_below_the_least_levels() -> None:
    forgets = replace(ADAPTIVE, decay_q16=HALF)
    #           0   1   2   3   4  5  6  7  8
    activity = [0, 40, 0, 0, 10, 0, 0, 3, 4]
    # The peak is 40, 20, 10, then 10 of its own: 5 of 10 would do, and so would 4 later.
    assert [start for start, _, _ in run(forgets, [*activity, 0])] == [1, 4, 8]


def test_adaptive_starts_anew_after_a_reset() -> None:
    activity = [0, 40, 0, 4, 0]
    assert run(ADAPTIVE, activity) == [(1, 2, 2)]
    assert run(ADAPTIVE, activity[2:]) == [(1, 2, 2)]


def test_adaptive_holds_the_largest_activity() -> None:
    always = replace(ADAPTIVE, start_share=65535, stop_share=65535, decay_q16=65535)
    assert run(always, [65535, 65535, 0]) == [(0, 2, 2)]


PEAK = PeakPlan(level=5, level_share=0, decay_q16=0, rise_share=HALF, horizon=2, length=4, pre=1)


def test_peak_takes_a_window_around_the_highest_sample() -> None:
    #           0  1  2  3  4  5  6  7
    activity = [0, 4, 6, 9, 8, 0, 0, 0]
    assert run(PEAK, activity) == [(2, 6, 5)]


def test_peak_waits_for_the_horizon_when_it_outlasts_the_window() -> None:
    #           0  1  2  3  4  5  6
    activity = [0, 0, 9, 0, 0, 0, 0]
    assert run(replace(PEAK, horizon=4), activity) == [(1, 5, 6)]


def test_peak_gives_way_to_a_higher_one_within_the_horizon() -> None:
    #           0  1  2  3  4  5  6  7
    activity = [0, 7, 0, 9, 0, 0, 0, 0]
    assert run(PEAK, activity) == [(2, 6, 5)]
    # An equal one is not higher.
    assert run(PEAK, [0, 9, 0, 9, 0, 0, 0, 0]) == [(0, 4, 3)]


def test_peak_needs_a_valley_before_the_next_one() -> None:
    #           0  1  2  3  4  5  6  7  8  9 10 11
    activity = [0, 9, 8, 7, 7, 8, 8, 7, 7, 3, 9, 0, 0]
    # 7 is more than half of 8; 3 is not more than half of 9.
    assert run(PEAK, activity) == [(0, 4, 3), (9, 13, 12)]


def test_peak_windows_do_not_overlap_and_may_be_cut() -> None:
    #           0  1  2  3  4  5  6  7  8
    activity = [0, 0, 9, 0, 0, 9, 0, 0, 0]
    plan = replace(PEAK, pre=2)
    assert run(plan, activity) == [(0, 4, 4), (4, 7, 7)]


def test_a_peak_inside_the_window_before_has_none() -> None:
    #           0  1  2  3  4  5  6  7  8  9
    activity = [0, 9, 0, 0, 9, 0, 0, 0, 0, 0]
    assert run(replace(PEAK, length=6, pre=0), activity) == [(1, 7, 6)]


def test_a_peak_during_an_open_window_follows_it() -> None:
    #           0  1  2  3  4  5  6  7  8  9
    activity = [0, 9, 0, 0, 9, 0, 0, 0, 0, 0]
    assert run(replace(PEAK, length=3, pre=0, horizon=1), activity) == [(1, 4, 3), (4, 7, 6)]
    assert run(replace(PEAK, length=4, pre=1, horizon=1), activity) == [(0, 4, 3), (4, 7, 6)]


def test_peak_level_follows_the_wearer() -> None:
    #           0   1  2  3  4  5   6  7  8  9
    activity = [0, 40, 0, 0, 9, 0, 20, 0, 0, 0]
    plan = replace(PEAK, level_share=HALF)
    assert run(plan, activity) == [(0, 4, 3), (5, 9, 8)]
    # A peak of 40 half forgotten with each sample is 5 when 9 comes.
    assert run(replace(plan, decay_q16=HALF), activity)[1] == (5, 9, 8)
    assert run(replace(plan, decay_q16=HALF), [*activity[:6], 0, 0, 0])[1] == (4, 7, 6)


def test_peak_counts_on_over_the_wrap() -> None:
    first = 2**32 - 2
    assert run(PEAK, [0, 0, 9, 0, 0, 0], first) == [(2**32 - 1, 2**32 + 3, 2**32 + 2)]


TRIGGER = TriggerPlan(level=5, length=4, pre=1)


def test_trigger_takes_a_window_around_the_rise() -> None:
    #           0  1  2  3  4  5  6
    activity = [0, 4, 5, 0, 0, 0, 0]
    assert run(TRIGGER, activity) == [(1, 5, 4)]


def test_trigger_needs_a_rise_after_its_window() -> None:
    #           0  1  2  3  4  5  6  7  8  9 10
    activity = [0, 9, 9, 9, 9, 9, 0, 9, 0, 0, 0]
    assert run(TRIGGER, activity) == [(0, 4, 3), (6, 10, 9)]


def test_trigger_ignores_rises_inside_its_window() -> None:
    #           0  1  2  3  4  5  6
    activity = [0, 9, 0, 9, 0, 0, 0]
    assert run(TRIGGER, activity) == [(0, 4, 3)]


def test_trigger_window_moves_back_when_its_pre_roll_is_taken() -> None:
    plan = TriggerPlan(level=5, length=4, pre=3)
    #           0  1  2  3  4  5  6  7
    activity = [0, 9, 0, 0, 9, 0, 0, 0]
    # The first window would start at -2, the second at 1: both keep their length.
    assert run(plan, activity) == [(0, 4, 3), (4, 8, 7)]


def test_trigger_at_the_first_sample_after_a_reset() -> None:
    assert run(TRIGGER, [9, 9, 9, 9], first=100) == [(100, 104, 103)]


def test_trigger_of_one_sample() -> None:
    assert run(TriggerPlan(level=5, length=1, pre=0), [0, 9, 9, 0, 9]) == [(1, 2, 1), (4, 5, 4)]


@pytest.mark.parametrize(
    ("length", "hop", "expected"),
    [
        (3, 2, [(0, 3, 2), (2, 5, 4), (4, 7, 6)]),
        (3, 4, [(0, 3, 2), (4, 7, 6)]),
        (1, 1, [(i, i + 1, i) for i in range(8)]),
        (9, 1, []),
    ],
)
def test_sliding_windows(length: int, hop: int, expected: list[tuple[int, int, int]]) -> None:
    assert run(SlidingPlan(length=length, hop=hop), [0] * 8) == expected


def test_hysteresis_tells_at_the_end_what_is_open_with_the_post_samples_there_are() -> None:
    #           0  1  2  3  4  5  6
    activity = [0, 0, 0, 9, 9, 0, 0]
    plan = replace(HYSTERESIS, pre=2, post=3, merge=4)
    assert run(plan, activity) == []
    assert run(plan, activity, ends=True) == [(1, 7, 6)]
    assert run(plan, activity[:4], ends=True) == [(1, 4, 3)]
    assert run(replace(plan, min_length=3), activity, ends=True) == []
    assert run(plan, [0, 0, 0], ends=True) == []
    assert run(ADAPTIVE, [0, 40, 12], ends=True) == [(1, 3, 2)]


def test_nothing_is_told_twice_at_the_end() -> None:
    assert run(HYSTERESIS, [0, 9, 9, 0], ends=True) == [(1, 3, 3)]
    assert run(HYSTERESIS, [], ends=True) == []


def test_peak_at_the_end_takes_a_candidate_and_at_least_half_of_its_window() -> None:
    plan = PeakPlan(level=5, level_share=0, decay_q16=0, rise_share=65535, horizon=4, length=6, pre=2)
    #           0  1  2  3  4  5  6
    activity = [0, 0, 3, 9, 4, 0, 0]
    assert run(plan, activity[:5]) == []
    assert run(plan, activity[:5], ends=True) == [(1, 5, 4)]
    assert run(plan, activity[:4], ends=True) == [(1, 4, 3)]
    assert run(replace(plan, pre=1), activity[:4], ends=True) == [], "two of six"
    whole = run(plan, [*activity, 0, 0], ends=True)
    assert whole == run(plan, [*activity, 0, 0]) == [(1, 7, 7)]


def test_trigger_at_the_end_takes_half_a_window_and_sliding_none() -> None:
    plan = TriggerPlan(level=5, length=6, pre=1)
    assert run(plan, [0, 0, 9, 9], ends=True) == [(1, 4, 3)]
    assert run(plan, [0, 0, 9], ends=True) == []
    assert run(SlidingPlan(length=4, hop=2), [0] * 5, ends=True) == [(0, 4, 3)]
