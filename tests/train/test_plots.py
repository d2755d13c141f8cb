import numpy as np
import pytest

from tinygest.train import plots
from tinygest.train.fit import History

HISTORY = History([1.0, 0.5], [0.6, 0.9], [0.004, 0.0])


def drawings(recordings):
    one = recordings(1)[0]
    shapes = {"x": [np.sin(np.arange(20.0))], "y": []}
    return {
        "signal": plots.signal_plot(one, np.array([[40, 70]]), (0, 300), {"x": "#3b82f6"}),
        "segments": plots.segments_plot(shapes, plots.colours(("x", "y")), "g"),
        "confusion": plots.confusion_plot({"x": {"x": 3, "y": 1}}, ("x", "y")),
        "training": plots.training_plot(HISTORY),
        "margins": plots.margins_plot([200, 255], []),
    }


def test_plots_take_the_colour_of_the_page_and_are_the_same_again(burst_recordings):
    first, again = drawings(burst_recordings), drawings(burst_recordings)
    assert first == again
    for name, svg in first.items():
        assert svg.startswith("<svg"), name
        assert "currentColor" in svg, name
        assert plots.INK not in svg, name
        assert "<metadata" not in svg, name


@pytest.mark.parametrize("text", [">3<", ">1<"])
def test_confusion_shows_counts(burst_recordings, text):
    assert text in drawings(burst_recordings)["confusion"]


def test_labels_have_colours_of_their_own_until_they_run_out():
    names = [str(i) for i in range(12)]
    colours = plots.colours(names)
    assert len(set(colours.values())) == len(plots.PALETTE)
    assert colours["0"] == colours["10"]
