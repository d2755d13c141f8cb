import numpy as np
import pytest

from tinygest.train import networks
from tinygest.train.backend import load_tensorflow
from tinygest.train.fit import (
    Examples,
    FitOptions,
    batches,
    class_weights,
    fit,
    mixing_shares,
    predict,
    smooth_labels,
    suited,
)

load_tensorflow(1)

N_CLASSES = 3
QUICK = FitOptions(n_steps=120, n_epochs=4, seed=7)


def blobs(n=600, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, N_CLASSES, n)
    x = rng.normal(size=(n, 8)).astype(np.float32)
    x[np.arange(n), y] += 4
    return x, y


def build():
    return networks.build_dense(8, N_CLASSES)


def test_learns_what_can_be_learnt_and_reports_each_epoch():
    x, y = blobs()
    seen = []
    model, history = fit(build, Examples(x, y, N_CLASSES), QUICK, lambda *step: seen.append(step))
    assert [step[1:] for step in seen] == [(i + 1, 4) for i in range(4)]
    assert len(history.loss) == len(history.accuracy) == len(history.learning_rate) == 4
    assert history.loss[-1] < history.loss[0]
    assert history.learning_rate[-1] == pytest.approx(0, abs=1e-9)
    assert (predict(model, x).argmax(1) == y).mean() > 0.95


def test_same_seed_same_weights_other_seed_other_weights():
    x, y = blobs()
    first, again = (fit(build, Examples(x, y, N_CLASSES), QUICK)[0].get_weights() for _ in range(2))
    other = fit(build, Examples(x, y, N_CLASSES), FitOptions(n_steps=120, n_epochs=4, seed=8))[
        0
    ].get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_batches_show_every_example_equally_often():
    order = batches(n=10, n_steps=5, batch_size=4, seed=0)
    assert order.shape == (5, 4)
    assert np.bincount(order.ravel()).tolist() == [2] * 10


def test_rare_classes_weigh_more_but_not_in_proportion():
    weights = class_weights(np.array([0] * 90 + [1] * 10), 2)
    assert weights[1] / weights[0] == pytest.approx(3)
    assert (weights[0] * 90 + weights[1] * 10) / 100 == pytest.approx(1)


def test_smoothed_labels_sum_to_one():
    targets = smooth_labels(np.array([2, 0]), 4, 0.1)
    assert targets.sum(1) == pytest.approx([1, 1])
    assert targets[0, 2] == pytest.approx(0.925)


def test_what_is_left_open_suits_the_family():
    dense, cnn = suited(FitOptions(), "dense"), suited(FitOptions(), "cnn")
    assert dense.learning_rate > cnn.learning_rate
    assert (dense.mixup, cnn.mixup) == (0.3, 0.0)
    assert suited(FitOptions(learning_rate=0.5, mixup=0.0), "dense").mixup == 0.0


def test_shares_of_mixed_examples():
    shares = mixing_shares((400, 10), 0.3, seed=1)
    assert shares.shape == (400, 10)
    assert shares.min() >= 0.5
    assert shares.max() <= 1
    assert 0.8 < shares.mean() < 0.9
    assert np.all(mixing_shares((10, 4), 0.0, seed=1) == 1)
