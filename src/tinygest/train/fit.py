"""The training loop: AdamW with cosine decay, smoothed labels, weighted classes, mixed examples."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.progress import Progress, silent
from tinygest.train.backend import load_tensorflow
from tinygest.train.networks import Family


@dataclass(frozen=True)
class FitOptions:
    """How long and how hard to train; the defaults suit a few thousand examples."""

    n_steps: int = 1200
    batch_size: int = 64
    learning_rate: float | None = None
    """None: what suits the family (`suited`)."""
    weight_decay: float = 4e-3
    label_smoothing: float = 0.1
    mixup: float | None = None
    """Each example is blended with another one, in shares drawn from Beta(mixup, mixup); 0: not at all;
    None: what suits the family. H. Zhang et al., mixup: beyond empirical risk minimization, ICLR 2018.
    """
    n_epochs: int = 20
    """How often progress and loss are noted; the steps are dealt out evenly."""
    seed: int = 1
    n_threads: int = 1


LEARNING_RATE: dict[Family, float] = {"dense": 1e-2, "cnn": 4e-3}
MIXUP: dict[Family, float] = {"dense": 0.3, "cnn": 0.0}
"""Blends of features are plausible features; blends of signals are no movement. A convolutional network
with blends and the higher rate was two points worse on new people; the two were not tried apart."""


def suited(options: FitOptions, family: Family) -> FitOptions:
    """The options with nothing left open."""
    return replace(
        options,
        learning_rate=LEARNING_RATE[family] if options.learning_rate is None else options.learning_rate,
        mixup=MIXUP[family] if options.mixup is None else options.mixup,
    )


@dataclass(frozen=True)
class History:
    """One value an epoch, on the augmented training examples as the optimiser saw them."""

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Examples:
    """What a network learns from."""

    x: NDArray[np.float32]
    """(n, ...) inputs, in the shape that the network takes."""
    y: NDArray[np.int64]
    """(n,) class indices."""
    n_classes: int


def fit(
    build: Callable[[], Any],
    examples: Examples,
    options: FitOptions = FitOptions(),
    progress: Progress = silent,
) -> tuple[Any, History]:
    """Build and train a Keras model; the same seed gives the same weights on the same machine.

    build: makes the model, called after the seed is set; what options leave open is that of the dense
    family. Returns (model, history).
    """
    options = suited(options, "dense")
    tf, keras = load_tensorflow(options.n_threads)
    keras.utils.clear_session(free_memory=False)  # layer names, hence .tflite bytes, count from here
    keras.utils.set_random_seed(options.seed)
    model = build()
    n_epochs = min(options.n_epochs, options.n_steps)
    n_steps = options.n_steps // n_epochs
    schedule = keras.optimizers.schedules.CosineDecay(options.learning_rate, n_steps * n_epochs)
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=options.weight_decay, clipnorm=5.0)
    run_epoch = _epoch_function(tf, model, optimizer, examples, options.label_smoothing)
    order = batches(len(examples.x), n_steps * n_epochs, options.batch_size, options.seed)
    others = batches(len(examples.x), n_steps * n_epochs, options.batch_size, options.seed + 1)
    shares = mixing_shares(order.shape, options.mixup or 0.0, options.seed)
    history = History()
    for epoch in range(n_epochs):
        steps = slice(epoch * n_steps, (epoch + 1) * n_steps)
        chosen = order[steps]
        loss, n_right = run_epoch(
            tf.constant(chosen, tf.int32), tf.constant(others[steps], tf.int32), tf.constant(shares[steps])
        )
        history.loss.append(float(loss) / n_steps)
        history.accuracy.append(float(n_right) / chosen.size)
        history.learning_rate.append(float(schedule((epoch + 1) * n_steps)))
        progress(f"training {model.name}", epoch + 1, n_epochs)
    return model, history


def _epoch_function(tf: Any, model: Any, optimizer: Any, examples: Examples, smoothing: float) -> Any:
    """A compiled function: rows of batches, those they are mixed with, shares of the former ->
    (sum of losses, number of right answers by the first).

    One call runs a whole epoch inside the graph; `keras.Model.fit` spends several times the
    arithmetic of such small networks on calls between steps.
    """
    y, n_classes = examples.y, examples.n_classes
    inputs, classes = tf.constant(examples.x), tf.constant(y, tf.int32)
    # Cross-entropy is linear in the target: a target times its class's weight is the weighted loss.
    weights = class_weights(y, n_classes)[y][:, np.newaxis]
    targets = tf.constant(weights * smooth_labels(y, n_classes, smoothing))
    variables = model.trainable_variables
    optimizer.build(variables)

    def mixed(values: Any, rows: Any, others: Any, shares: Any) -> Any:
        share = tf.reshape(shares, (-1, *[1] * (len(values.shape) - 1)))
        return share * tf.gather(values, rows) + (1 - share) * tf.gather(values, others)

    def step(rows: Any, others: Any, share: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            logits = model(mixed(inputs, rows, others, share), training=True)
            losses = tf.nn.softmax_cross_entropy_with_logits(mixed(targets, rows, others, share), logits)
            loss = tf.reduce_mean(losses)
        optimizer.apply(tape.gradient(loss, variables), variables)
        best = tf.argmax(logits, axis=1, output_type=tf.int32)
        return loss, tf.reduce_sum(tf.cast(best == tf.gather(classes, rows), tf.float32))

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def run_epoch(chosen: Any, others: Any, shares: Any) -> tuple[Any, Any]:
        def body(i: Any, loss: Any, n_right: Any) -> tuple[Any, Any, Any]:
            step_loss, step_right = step(chosen[i], others[i], shares[i])
            return i + 1, loss + step_loss, n_right + step_right

        n = tf.shape(chosen)[0]
        start = (tf.constant(0), tf.constant(0.0), tf.constant(0.0))
        _, loss, n_right = tf.while_loop(lambda i, *_: i < n, body, start)
        return loss, n_right

    return run_epoch


def batches(n: int, n_steps: int, batch_size: int, seed: int) -> NDArray[np.int64]:
    """(n_steps, batch_size) example indices: whole shuffled passes over all n, laid end to end."""
    rng = np.random.default_rng(seed)
    n_passes = math.ceil(n_steps * batch_size / n)
    order = np.concatenate([rng.permutation(n) for _ in range(n_passes)])
    return order[: n_steps * batch_size].reshape(n_steps, batch_size)


def mixing_shares(shape: tuple[int, ...], mixup: float, seed: int) -> NDArray[np.float32]:
    """(n_steps, batch_size) share of each example itself, 0.5 to 1; the rest is its partner's."""
    if mixup == 0:
        return np.ones(shape, np.float32)
    drawn = np.random.default_rng([seed, 1]).beta(mixup, mixup, shape)
    return np.maximum(drawn, 1 - drawn).astype(np.float32)


def class_weights(y: NDArray[np.int64], n_classes: int) -> NDArray[np.float32]:
    """(n_classes,) proportional to frequency^-1/2, mean 1 over the examples.

    Full balancing lets a rare class's few examples dominate; none lets it be ignored.
    """
    counts = np.maximum(np.bincount(y, minlength=n_classes), 1)
    weights = 1.0 / np.sqrt(counts)
    return np.asarray(weights / weights[y].mean(), np.float32)


def smooth_labels(y: NDArray[np.int64], n_classes: int, smoothing: float) -> NDArray[np.float32]:
    """(n, n_classes) one-hot targets, `smoothing` of their mass spread evenly."""
    one_hot = np.eye(n_classes, dtype=np.float32)[y]
    return one_hot * np.float32(1.0 - smoothing) + np.float32(smoothing / n_classes)


def predict(model: Any, x: NDArray[np.float32], batch_size: int = 1024) -> NDArray[np.float32]:
    """(n, n_classes) logits of a Keras model, dropout off."""
    parts = [np.asarray(model(x[i : i + batch_size], training=False)) for i in range(0, len(x), batch_size)]
    return np.concatenate(parts)
