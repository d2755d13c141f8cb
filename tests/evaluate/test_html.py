"""The page shows what the results say, escapes what people typed, and is the same for the same input."""

from __future__ import annotations

import pytest

from tinygest.core.contract import SlidingSegmenter
from tinygest.evaluate.evaluation import (
    DatasetSummary,
    Evaluation,
    comparison,
    seed_score,
    spread,
)
from tinygest.evaluate.folds import FoldResult, SegmentAnswer, StreamResult
from tinygest.evaluate.html import render_report, share, shown_streams
from tinygest.evaluate.summary import summarise
from tinygest.metrics import FoundEvent, StreamTruth, TrueEvent


def stream(name, n_found):
    true = tuple(TrueEvent(100 * k, 100 * k + 40, "jab") for k in range(4))
    found = tuple(FoundEvent(e.start, e.stop, "jab", 200, e.stop + 5) for e in true[:n_found])
    return StreamResult(name, f"S<{name}>", 0, StreamTruth(500, 100.0, true, (), ((0, 500),)), found)


def answer(subject, label, said):
    return SegmentAnswer("r", subject, 0, 40, label, said, 100)


def fold(streams=(), answers=()):
    return FoldResult(
        "f",
        1,
        "id",
        "compiled C",
        SlidingSegmenter(500.0, 100.0),
        10,
        0.1,
        tuple(streams),
        tuple(answers),
        1.0,
        0.1,
    )


@pytest.fixture
def results():
    return [
        fold([stream("a", 4)], [answer("S<a>", "jab", "jab")]),
        fold([stream("b", 1)], [answer("S<b>", "jab", "unknown")]),
    ]


@pytest.fixture
def evaluation(results):
    main = summarise("subject", "each of 2 subjects held out", results, ["mind the <gap>"])
    random = summarise("random", "single segments", [fold((), [answer("S<a>", "jab", "jab")])])
    dataset = DatasetSummary("side=left", "0" * 64, 2, 2, 8, ("jab", "hook"), True)
    seeds = (seed_score(1, main), seed_score(2, main))
    return Evaluation(dataset, {"family": "dense"}, main, (random,), seeds, (), {"tinygest": "0.1.0"})


def test_page(evaluation, results):
    page = render_report(evaluation, results)
    assert page == render_report(evaluation, results)
    assert "mind the &lt;gap&gt;" in page
    assert "S<b>" not in page
    assert "random segments" in page
    # A label and two people with an interval each, two timelines, the delay.
    assert page.count("<svg") == 6
    assert "More people" in page
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    ).replace("https://matplotlib.org", "")


def test_page_without_streams(evaluation):
    isolated = [fold((), [answer("S1", "jab", "jab"), answer("S2", "jab", "hook")])]
    main = summarise("subject", "", isolated)
    dataset = DatasetSummary("", "0" * 64, 1, 2, 2, ("jab", "hook"), False)
    page = render_report(
        Evaluation(dataset, {"family": "cnn"}, main, (), (seed_score(1, main),), (), {}), isolated
    )
    assert "separate captures" in page
    assert "50.0 %" in page


def test_comparison_has_no_event_score_for_random_segments(evaluation):
    main, random = comparison(evaluation)
    assert main.event_macro_f1 == pytest.approx(2 * 5 / (8 + 5))
    assert (random.protocol, random.event_macro_f1, random.segment_accuracy) == (
        "random segments",
        None,
        1.0,
    )


def test_spread():
    assert spread([None]) is None
    assert spread([0.5]) == (0.5, 0.0)
    assert spread([0.4, 0.6]) == (pytest.approx(0.5), pytest.approx(0.02**0.5))


def test_share():
    assert share(None) == "–"
    assert share(0.9512) == "95.1 %"


def test_worst_streams_come_first(results):
    streams = [one for result in results for one in result.streams]
    assert [one.recording for one in shown_streams(streams)] == ["b", "a"]
