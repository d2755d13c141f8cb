from __future__ import annotations

import pytest

from tinygest.core.contract import HysteresisSegmenter
from tinygest.core.errors import FormatError
from tinygest.store.config import ProjectConfig, Sensor, initial_config, read_config

FULL = """
format_version = 1
labels = ["jab", "left hook"]
board = "nano33ble"
[sensor]
rate_hz = 50
rotation = false
[fields]
glove = "ounces"
[budgets]
flash_bytes = 60000
[activity]
weights = [16, 16, 16]
[segmenter]
kind = "hysteresis"
start_level = 300
stop_level = 200
min_ms = 100
max_ms = 2000
"""


@pytest.fixture
def parse(tmp_path):
    def read(text: str | bytes) -> ProjectConfig:
        path = tmp_path / "tinygest.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_config(path)

    return read


def test_reads_everything(parse):
    config = parse(FULL)
    assert config.labels == ("jab", "left hook")
    assert config.segmenter == HysteresisSegmenter(300, 200, 100, 2000)
    assert config.sensor.contract().channel_names == ("ax", "ay", "az")
    assert config.budgets.flash_bytes == 60000


def test_what_init_writes_reads_back(parse):
    config = ProjectConfig(labels=("jab", "cross"), sensor=Sensor(200.0), fields={"glove": 'say "ounces"'})
    assert parse(initial_config(config)) == config
    assert parse(initial_config(ProjectConfig())) == ProjectConfig()
    full = parse(FULL)
    assert parse(initial_config(full)) == full


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("lables = []", "lables"),
        ("[budgets]\nflash = 1", "flash.*budgets"),
        ("labels = ['unknown']", "unknown"),
        ("labels = ['a', 'a']", "repeat"),
        ("labels = 'jab'", "labels"),
        ("[sensor]\nrate_hz = 0", "rate"),
        ("[sensor]\nrate_hz = nan", "rate"),
        ("[fields]\nsubject = 'x'", "subject"),
        ("[fields]\n'a b' = 'x'", "a b"),
        ("format_version = 2", "format 2"),
        ("[segmenter]\nkind = 'magic'", "magic"),
        ("[segmenter]\nkind = 'sliding'\nlength_ms = 5", "hop_ms"),
        ("labels = [", "tinygest.toml"),
        (b"\xff\xfe", "tinygest.toml"),
    ],
)
def test_refuses_with_file_and_key(parse, text, reason):
    with pytest.raises(FormatError, match=reason) as caught:
        parse(text)
    assert "tinygest.toml" in str(caught.value)
