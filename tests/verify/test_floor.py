"""The least that layers can cost."""

from tinygest.verify.floor import instruction_floor


def test_products_and_outputs():
    assert instruction_floor("tg_conv_2d", 1600, 10) == 1400 + 70
    assert instruction_floor("tg_depthwise_quads", 1200, 100) == 1500 + 700


def test_tables_and_the_rest():
    assert instruction_floor("tg_lookup", 0, 20) == 60
    assert instruction_floor("tg_pad", 0, 20) is None
