"""What a trial may choose: segmenter, what the network sees of a segment, and how large the network is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from tinygest.signalpath.defaults import FEATURES
from tinygest.train.inputs import Representation
from tinygest.train.model import TrainOptions
from tinygest.train.networks import FAMILIES, NetworkSize

ALWAYS = ("mean", "std")
# In the order of the recipe's features; what is none of them comes last.
GROUPS: dict[str, tuple[str, ...]] = {
    "extremes": ("min", "max"),
    "jerk": ("log_jerk",),
    "places": ("argmax", "argmin"),
    "crossings": ("crossings",),
    "shape": ("bins8",),
    "quarters": ("log_std4",),
    "centroid": ("centroid",),
}
FITTED = "fitted"  # whichever kind of segmenter does best on a fold's training part

Parameters = dict[str, Any]


class Suggest(Protocol):
    """The part of an Optuna trial that is used here."""

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any: ...

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> int: ...


def suggest(trial: Suggest, segmenters: Sequence[str]) -> Parameters:
    """One point of the space. segmenters: kinds to choose from."""
    chosen: Parameters = {
        "segmenter": trial.suggest_categorical("segmenter", list(segmenters)),
        "family": trial.suggest_categorical("family", list(FAMILIES)),
    }
    if chosen["family"] == "cnn":
        chosen["window"] = trial.suggest_int("window", 16, 96, step=8)
        chosen["width"] = trial.suggest_int("width", 8, 40, step=4)
        chosen["blocks"] = trial.suggest_int("blocks", 1, 3)
        return chosen
    chosen["hidden"] = trial.suggest_int("hidden", 6, 64, log=True)
    for name in (*GROUPS, "magnitudes", "pairs"):
        chosen[name] = trial.suggest_categorical(name, [True, False])
    return chosen


def recipes(segmenter: str) -> list[Parameters]:
    """The recipe of docs/training.md in each family, tried first: whatever is found must beat it."""
    dense = {"family": "dense", "hidden": NetworkSize().hidden, "magnitudes": True, "pairs": True}
    cnn = {
        "family": "cnn",
        "window": Representation().window,
        "width": NetworkSize().width,
        "blocks": NetworkSize().n_blocks,
    }
    features = {group: set(names) <= set(FEATURES) for group, names in GROUPS.items()}
    return [{"segmenter": segmenter} | dense | features, {"segmenter": segmenter} | cnn]


def options_of_trial(chosen: Mapping[str, Any], base: TrainOptions) -> TrainOptions:
    """The options that train a trial's model; base: what all trials have in common."""
    if chosen["family"] == "cnn":
        representation = Representation(window=chosen["window"])
        size = NetworkSize(width=chosen["width"], n_blocks=chosen["blocks"])
    else:
        features = [name for group, names in GROUPS.items() if chosen[group] for name in names]
        representation = Representation(
            (*ALWAYS, *features), magnitudes=chosen["magnitudes"], pairs=chosen["pairs"]
        )
        size = NetworkSize(hidden=chosen["hidden"])
    kinds = () if chosen["segmenter"] == FITTED else (chosen["segmenter"],)
    return replace(base, family=chosen["family"], representation=representation, size=size, kinds=kinds)


def in_words(chosen: Mapping[str, Any]) -> str:
    """`dense, 24 units without jerk, pairs; peak`: features as they differ from the recipe's.

    A trial that was lost early may lack some of it.
    """
    if "family" not in chosen:
        return "nothing chosen yet"
    if chosen["family"] == "cnn":
        told = f"cnn, {chosen.get('window')} points, {chosen.get('blocks')} blocks of {chosen.get('width')}"
    else:
        recipe = recipes(FITTED)[0]
        parts = (*GROUPS, "magnitudes", "pairs")
        added = ", ".join(name for name in parts if chosen.get(name) and not recipe[name])
        left_out = ", ".join(name for name in parts if recipe[name] and not chosen.get(name))
        told = f"dense, {chosen.get('hidden')} units"
        told += f" with {added}" if added else ""
        told += f" without {left_out}" if left_out else ""
    segmenter = chosen.get("segmenter", FITTED)
    return told if segmenter == FITTED else f"{told}; {segmenter}"
