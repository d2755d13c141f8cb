import random

from tinygest.train.inputs import Representation
from tinygest.train.model import TrainOptions
from tinygest.train.networks import NetworkSize
from tinygest.workflow.search.space import FITTED, in_words, options_of_trial, recipes, suggest


class Draw:
    """Stands for an Optuna trial."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def suggest_categorical(self, name, choices):
        return self.random.choice(choices)

    def suggest_int(self, name, low, high, *, step=1, log=False):
        return self.random.randrange(low, high + 1, step)


def test_the_first_trials_are_the_recipes():
    base = TrainOptions(seed=5)
    for chosen in recipes(FITTED):
        options = options_of_trial(chosen, base)
        assert (options.representation, options.size) == (Representation(), NetworkSize())
        assert options.seed == 5
    assert {options_of_trial(chosen, base).family for chosen in recipes(FITTED)} == {"dense", "cnn"}


def test_every_point_is_a_model_and_has_words():
    for seed in range(50):
        chosen = suggest(Draw(seed), [FITTED])
        options = options_of_trial(chosen, TrainOptions())
        assert {"mean", "std"} <= set(options.representation.features)
        assert in_words(chosen).startswith(options.family)
    assert in_words({}) == "nothing chosen yet"
    assert in_words({"family": "cnn", "segmenter": "peak"}).endswith("; peak")


def test_words_tell_what_differs_from_the_recipe():
    recipe = recipes(FITTED)[0]
    assert in_words(recipe) == f"dense, {NetworkSize().hidden} units"
    other = recipe | {"jerk": False, "pairs": False, "centroid": True, "hidden": 8}
    assert in_words(other) == "dense, 8 units with centroid without jerk, pairs"
