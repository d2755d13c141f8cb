import msgspec
import numpy as np
import pytest

from tinygest.core.contract import Activity, CentreSegmenter, Decision, PeakSegmenter, SlidingSegmenter
from tinygest.core.errors import DatasetError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.train.activity_weights import activity_weights
from tinygest.train.data import training_data
from tinygest.train.segmenter_choice import check_window_fits, choose_segmenter, typical_length
from tinygest.train.segmenter_kinds import KINDS
from tinygest.train.segmenter_search import judged_time


def cover_all(one):
    """Stretch every segment to the start of the next one: no pauses are left."""
    recording, track = one
    starts = [0, *(s.start for s in track.segments[1:])]
    stops = [*starts[1:], recording.info.n_samples]
    segments = tuple(
        Segment(start, stop, s.label) for start, stop, s in zip(starts, stops, track.segments, strict=True)
    )
    return recording, LabelTrack(segments)


def test_pauses_get_the_kind_that_finds_every_burst(burst_recordings):
    seen = []
    choice = choose_segmenter(training_data(burst_recordings()), progress=lambda *step: seen.append(step))
    assert set(choice.kinds) == set(KINDS)
    best = max(choice.kinds.values(), key=lambda fitted: fitted.score)
    assert choice.segmenter == best.segmenter
    assert choice.f1 == best.f1 == 1
    assert choice.decision == Decision()
    assert seen[-1][1] == seen[-1][2]


def test_a_given_activity_is_what_the_levels_are_fitted_to(burst_recordings):
    data = training_data(burst_recordings())
    given = Activity((0, 0, 0, 1, 1, 1), smooth_ms=200)
    choice = choose_segmenter(data, given)
    assert choice.activity == given
    assert choice.f1 > 0.9
    quiet, loud = choice.kinds["trigger"].segmenter, choose_segmenter(data).kinds["trigger"].segmenter
    assert quiet.level < loud.level


def test_the_choice_depends_on_nothing_but_the_data_given(burst_recordings):
    data = training_data(burst_recordings())
    assert choose_segmenter(data) == choose_segmenter(data)


def test_without_pauses_a_centre_detector_knows_how_long_each_label_is(burst_recordings):
    data = training_data([cover_all(one) for one in burst_recordings()])
    choice = choose_segmenter(data)
    assert choice.decision == Decision()
    segmenter = choice.segmenter
    assert isinstance(segmenter, CentreSegmenter)
    assert segmenter.lengths_ms == {"x": 1400.0, "y": 1400.0, "z": 1400.0}
    assert (segmenter.length_ms, segmenter.hop_ms, segmenter.horizon) == (1120.0, 120.0, 3)


def test_what_no_segmenter_tells_apart_gets_a_centre_detector(burst_recordings):
    """What is marked has nothing to do with movement."""
    rng = np.random.default_rng(1)

    def anywhere(one):
        recording, track = one
        starts = (
            np.sort(rng.choice(recording.info.n_samples // 40, len(track.segments), replace=False)) * 40
        )
        moved = [Segment(int(x), int(x) + 30, s.label) for x, s in zip(starts, track.segments, strict=True)]
        return recording, msgspec.structs.replace(track, segments=tuple(moved))

    data = training_data([anywhere(one) for one in burst_recordings()])
    choice = choose_segmenter(data)
    assert isinstance(choice.segmenter, CentreSegmenter)
    assert max(fitted.lenient_f1 for fitted in choice.kinds.values()) < 0.95
    only = choose_segmenter(data, kinds=("peak",))
    assert isinstance(only.segmenter, PeakSegmenter)


def test_captures_get_a_window_that_fits_into_nine_of_ten(burst_captures):
    data = training_data(burst_captures(n=20))
    choice = choose_segmenter(data)
    assert isinstance(choice.segmenter, SlidingSegmenter)
    length = choice.segmenter.length_ms * data.sensor.rate_hz / 1000
    assert 0.85 <= np.mean(data.lengths() >= length) <= 0.95
    assert choice.decision.agree_of == 1


def test_typical_length_matches_as_many_segments_of_every_label_as_possible(burst_captures):
    data = training_data(burst_captures(n=20))
    length = typical_length(data)
    lengths = data.lengths()
    matched = [np.mean((lengths >= c / 2) & (lengths <= 2 * c)) for c in range(10, 300)]
    assert np.mean((lengths >= length / 2) & (lengths <= 2 * length)) == max(matched)


def test_a_continuous_recording_shorter_than_the_window_is_refused_by_name(
    burst_recordings, burst_captures
):
    long_window = SlidingSegmenter(length_ms=60_000, hop_ms=1000)
    with pytest.raises(DatasetError, match="recording r0 lasts 17600 ms unbroken, shorter than"):
        check_window_fits(training_data(burst_recordings()), long_window)
    check_window_fits(training_data(burst_captures()), long_window)


def test_quantities_weigh_alike_and_leave_headroom(burst_recordings):
    data = training_data(burst_recordings())
    weights = activity_weights(data)
    assert len(set(weights[:3])) == len(set(weights[3:])) == 1
    assert 1 <= min(weights) <= max(weights) <= 255
    assert weights[3] > weights[0]  # the made-up turns have fewer counts than the pushes


def test_loud_recordings_do_not_saturate_the_activity(burst_recordings):
    def loud(one):
        recording, track = one
        samples = np.clip(recording.samples.astype(np.int32) * 8, -32768, 32767).astype(np.int16)
        return type(recording)(recording.id, recording.info, recording.meta, samples), track

    quiet = activity_weights(training_data(burst_recordings()))
    assert max(activity_weights(training_data([loud(one) for one in burst_recordings()]))) < max(quiet)


def test_where_nobody_reviewed_only_time_between_marks_is_judged(burst_recordings):
    _, track = burst_recordings(1)[0]
    first, last = track.segments[0].start, track.segments[-1].stop
    unreviewed = msgspec.structs.replace(track, reviewed=())
    judged = judged_time(1000, unreviewed)
    assert (judged.argmax(), judged.sum()) == (first, last - first)
    assert judged_time(1000, LabelTrack()).sum() == 0


def test_a_centre_detector_may_be_asked_for(burst_recordings):
    choice = choose_segmenter(training_data(burst_recordings()), kinds=("centre",))
    assert isinstance(choice.segmenter, CentreSegmenter)
    assert choice.reason == "as asked: centre"
