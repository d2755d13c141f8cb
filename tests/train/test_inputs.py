from tinygest.core.sensor import imu_contract
from tinygest.signalpath.defaults import default_features, default_window
from tinygest.train.inputs import Representation, default_input

SENSOR = imu_contract(100.0)


def test_the_recipe_is_what_nobody_chose():
    assert default_input("dense", SENSOR) == default_features(SENSOR)
    assert default_input("cnn", SENSOR) == default_window(SENSOR)


def test_less_may_be_looked_at():
    wanted = Representation(("mean", "std"), magnitudes=False, pairs=False, window=24)
    features = default_input("dense", SENSOR, ("ax", "ay"), wanted)
    assert (features.channels, features.features, features.pairs) == (("ax", "ay"), ("mean", "std"), ())
    assert default_input("cnn", SENSOR, (), wanted).length == 24
