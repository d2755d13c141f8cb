import pytest

from tinygest.train import networks
from tinygest.train.backend import load_tensorflow

load_tensorflow(1)


@pytest.mark.parametrize(
    ("length", "n_channels", "n_classes"), [(64, 6, 6), (64, 8, 27), (5, 1, 2), (119, 3, 60)]
)
def test_cnn_takes_any_window_and_stays_small(length, n_channels, n_classes):
    model = networks.build_cnn(length, n_channels, n_classes)
    assert model.output_shape == (None, n_classes)
    assert networks.n_parameters(model) <= networks.MAX_PARAMETERS


@pytest.mark.parametrize("length", [1, 7, 16, 63, 64, 200])
def test_cnn_keeps_at_most_four_bins_of_time(length):
    bins = networks.build_cnn(length, 2, 3).get_layer("time_bins").output.shape[2]
    assert bins <= networks.N_TIME_BINS
    if length >= 16:
        assert bins == networks.N_TIME_BINS


@pytest.mark.parametrize(("n_inputs", "n_classes"), [(1, 2), (180, 6), (230, 27), (400, 40)])
def test_dense_fits_its_hidden_layer_to_the_budget(n_inputs, n_classes):
    model = networks.build_dense(n_inputs, n_classes)
    assert model.output_shape == (None, n_classes)
    assert model.count_params() <= networks.MAX_PARAMETERS


def test_hidden_layer_never_vanishes():
    assert networks.hidden_units(5000, 10) == 8


def test_no_network_ends_in_a_softmax():
    for model in (networks.build_dense(10, 3), networks.build_cnn(32, 3, 3)):
        assert model.get_layer("logits").activation.__name__ == "linear"


def test_parameters_are_counted_as_the_device_holds_them():
    """Kernels, and one bias a channel whether it was written down or folded from a normalisation."""
    model = networks.build_cnn(64, 6, 4)
    kernels = 5 * 6 * 16 + 5 * 16 + 16 * 24 + 5 * 24 + 24 * 32 + 5 * 32 + 32 * 32 + 4 * 32 * 4
    assert networks.n_parameters(model) == kernels + (16 + 24 + 32 + 32) + (16 + 24 + 32) + 4


@pytest.mark.parametrize(("width", "n_blocks"), [(8, 1), (12, 2), (32, 3)])
def test_a_smaller_convolutional_network_has_fewer_parameters(width, n_blocks):
    small = networks.build_cnn(64, 6, 4, networks.NetworkSize(width=width, n_blocks=n_blocks))
    assert small.outputs[0].shape == (None, 4)
    assert networks.n_parameters(small) <= networks.n_parameters(networks.build_cnn(64, 6, 4))
    assert sum(layer.name.endswith("_depthwise") for layer in small.layers) == n_blocks
    assert networks.build_dense(10, 4, networks.NetworkSize(hidden=4)).get_layer("hidden").units == 4
