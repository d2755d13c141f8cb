from dataclasses import replace

import msgspec
import numpy as np
import pytest

from tinygest.core.errors import ContractError, DatasetError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.train.data import marked, pieces_around, training_data


def relabel(one, names):
    recording, track = one
    segments = [
        msgspec.structs.replace(s, label=name) for s, name in zip(track.segments, names, strict=True)
    ]
    return recording, LabelTrack(tuple(segments), track.reviewed)


def with_channel(one, i, values):
    recording, track = one
    samples = recording.samples.copy()
    samples[:, i] = values
    return replace(recording, samples=samples), track


def test_labels_come_in_the_project_order_then_sorted(burst_recordings):
    data = training_data(burst_recordings(labels="xyz"), order=("z", "q"))
    assert data.labels == ("z", "x", "y")
    assert data.counts() == {"z": 12, "x": 12, "y": 12}
    assert data.lengths().tolist() == [30] * 36


def test_some_labels_can_be_chosen(burst_recordings):
    data = training_data(burst_recordings(), wanted=("y", "x"))
    assert data.labels == ("x", "y")
    assert {s.label for _, track in data.recordings for s in data.chosen(track)} == {"x", "y"}


def test_nothing_chosen_is_refused():
    with pytest.raises(DatasetError, match="no recording was chosen"):
        training_data([])


def test_unlabelled_recordings_are_refused(burst_recordings):
    bare = [(recording, LabelTrack()) for recording, _ in burst_recordings()]
    with pytest.raises(DatasetError, match="no labelled segment"):
        training_data(bare)


def test_an_unknown_label_is_refused_with_those_that_exist(burst_recordings):
    with pytest.raises(DatasetError, match=r"'hook'; there are x, y, z"):
        training_data(burst_recordings(), wanted=("hook", "x"))


def test_one_label_is_no_choice(burst_recordings):
    with pytest.raises(DatasetError, match="two labels or more"):
        training_data(burst_recordings(labels="x"))


def test_a_label_with_a_single_segment_is_refused(burst_recordings):
    few = burst_recordings(1, "xy", 2)
    few = [relabel(few[0], ["x", "x", "x", "y"])]
    with pytest.raises(DatasetError, match="'y' has 1 segment in"):
        training_data(few)


def test_mixed_contracts_name_two_recordings_and_the_difference(burst_recordings):
    a, (recording, track) = burst_recordings(2)
    info = msgspec.structs.replace(recording.info, contract=imu_contract(104.0))
    with pytest.raises(DatasetError, match=r"r0 and r1 cannot .* rate 50 Hz against 104 Hz"):
        training_data([a, (replace(recording, info=info), track)])


def test_a_dead_channel_is_refused(burst_recordings):
    dead = [with_channel(one, 4, 0) for one in burst_recordings()]
    with pytest.raises(DatasetError, match=r"channel gy is 0 in all labelled segments"):
        training_data(dead)


def test_a_saturated_channel_is_refused(burst_recordings):
    def clipped(one):
        values = np.where(np.arange(len(one[0].samples)) % 3 == 0, 32767, 0)
        return with_channel(one, 0, values)

    with pytest.raises(DatasetError, match="channel ax is clipped in 33%"):
        training_data([clipped(one) for one in burst_recordings()])


def test_channels_that_are_not_looked_at_may_be_dead(burst_recordings):
    dead = [with_channel(one, 4, 0) for one in burst_recordings()]
    assert training_data(dead, channels=("ax", "ay", "az")).labels == ("x", "y", "z")


def test_labels_that_become_one_name_in_c_are_refused(burst_recordings):
    clash = [
        relabel(one, ["left hook", "left_hook"] * 2) for one in burst_recordings(labels="xy", n_each=2)
    ]
    with pytest.raises(ContractError, match="LEFT_HOOK"):
        training_data(clash)


def test_each_span_knows_its_unbroken_piece(burst_captures):
    recording, track = burst_captures()[0]
    spans = np.array([(s.start, s.stop) for s in track.segments])
    assert np.array_equal(pieces_around(recording, spans), spans)


def test_what_the_device_cannot_see_whole_is_no_marked_example():
    kept, too_long, other, over_a_gap = (
        Segment(0, 2048, "a"),
        Segment(2048, 4097, "a"),
        Segment(5000, 5010, "b"),
        Segment(5990, 6010, "a"),
    )
    info = RecordingInfo(imu_contract(50.0), 7000, (Gap(6000),))
    recording = Recording("r", info, RecordingMeta(), np.zeros((7000, 6), np.int16))
    assert marked((recording, LabelTrack((kept, too_long, other, over_a_gap))), ["a"]) == [kept]
