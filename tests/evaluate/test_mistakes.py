"""Wrong answers are found with their place, and what follows from them is said."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from tinygest.core.contract import SlidingSegmenter
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.evaluate import drawing
from tinygest.evaluate.advice import advise
from tinygest.evaluate.charts import alarm_bars, delay_bars, trade_off_curve
from tinygest.evaluate.evaluation import DatasetSummary, Evaluation, seed_score
from tinygest.evaluate.folds import FoldResult, SegmentAnswer, StreamResult
from tinygest.evaluate.html import Surroundings, render_report
from tinygest.evaluate.mistakes import Mistake, mistakes_by_cell
from tinygest.evaluate.summary import summarise
from tinygest.metrics import FoundEvent, Interval95, StreamTruth, TrueEvent
from tinygest.store.config import Budgets
from tinygest.workflow.costs import budget_rows

N_ROWS = 1000


def stream(subject="S1", start=0):
    """Right, taken for another, refused, missed, twice found, and a false alarm."""
    true = tuple(TrueEvent(100 * k, 100 * k + 50, "jab") for k in range(5))
    found = (
        FoundEvent(0, 50, "jab", 200, 60),
        FoundEvent(110, 150, "hook", 90, 160),
        FoundEvent(200, 250, "unknown", 3, 260),
        FoundEvent(400, 440, "jab", 99, 450),
        FoundEvent(441, 450, "jab", 9, 460),
        FoundEvent(800, 850, "hook", 9, 870),
    )
    truth = StreamTruth(N_ROWS, 100.0, true, (), ((0, N_ROWS),))
    return StreamResult("r1", subject, start, truth, found)


def fold(streams=(), answers=()):
    return FoldResult(
        fold="f",
        seed=1,
        model_id="id",
        runner="C",
        segmenter=SlidingSegmenter(500.0, 100.0),
        n_train_segments=10,
        logit_step=0.1,
        streams=tuple(streams),
        answers=tuple(answers),
        train_s=1.0,
        test_s=0.1,
    )


def recording():
    samples = np.random.default_rng(1).integers(-3000, 3000, (N_ROWS, 6)).astype(np.int16)
    return Recording("r1", RecordingInfo(imu_contract(100.0), N_ROWS), RecordingMeta(), samples)


def test_every_mistake_of_a_stream_has_its_cell_and_rows_of_the_recording():
    cells = mistakes_by_cell([stream(start=7)], [])
    assert {cell: len(found) for cell, found in cells.items()} == {
        ("jab", "hook"): 1,
        ("jab", "unknown"): 1,
        ("jab", "(missed)"): 1,
        ("(background)", "hook"): 1,
    }
    (confused,) = cells["jab", "hook"]
    assert (confused.true, confused.found, confused.span) == ((107, 157), (117, 157), (107, 157))
    assert cells["jab", "(missed)"][0].found is None
    assert cells["(background)", "hook"][0].true is None


def test_given_segments_count_where_there_are_no_streams():
    answers = [
        SegmentAnswer("r1", "S1", 0, 40, "jab", said, 9) for said in ("jab", "hook", "hook", "unknown")
    ]
    cells = mistakes_by_cell([], answers)
    assert [(cell, len(found)) for cell, found in cells.items()] == [
        (("jab", "hook"), 2),
        (("jab", "unknown"), 1),
    ]


@pytest.mark.parametrize("true", [None, (0, 50), (960, N_ROWS)])
def test_drawings_are_well_formed_and_escape(true):
    mistake = Mistake(("jab", "<b>"), "r1", "S1", true, (955, 990))
    for svg in (
        drawing.signal(recording(), mistake),
        drawing.timeline(stream(), ["jab", "<hook>"]),
        drawing.range_bar(0.5, Interval95(0.2, 0.8)),
        drawing.range_bar(0.0, None),
    ):
        ET.fromstring(svg)
        assert "<hook>" not in svg


def test_charts_count_everything():
    bars = alarm_bars([(stream().truth, [stream().found[-1]])] * 3)
    assert (sum(bar[4] for bar in bars.bars), bars.minutes, bars.most) == (3, 6, 3)
    assert alarm_bars([(StreamTruth(10, 100.0), [])]) is None
    delays = delay_bars([0.1] * 5 + [0.9])
    assert sum(bar[4] for bar in delays.bars) == 6
    assert delay_bars([]) is None
    assert delay_bars([0.2]).most == 1
    assert len(trade_off_curve([(5.0, 0.9), (0.0, 0.5)]).dots) == 2


def test_page_links_from_the_confusion_to_the_signals_and_shows_the_budget():
    results = [fold([stream("S1")]), fold([stream("S2")])]
    main = summarise("subject", "each of 2 subjects held out", results)
    dataset = DatasetSummary("", "0" * 64, 1, 2, 10, ("jab", "hook"), True)
    evaluation = Evaluation(dataset, {"family": "dense"}, main, (), (seed_score(1, main),), (), {})
    around = Surroundings(
        load=lambda name: recording(),
        model="punch/1",
        budget=budget_rows({"flash_bytes": 15000, "ram_bytes": 3000}, Budgets(flash_bytes=10000)),
    )
    page = render_report(evaluation, results, around)
    for anchor in {part.split('"')[0] for part in page.split('href="#mistakes-')[1:]}:
        assert f'id="mistakes-{anchor}"' in page
    assert page.count('<svg class="signal"') == 4 * 2
    assert '<i class="over">' in page
    assert "15,000 of 10,000" in page
    assert "3,000, no limit" in page
    assert "What thresholds could do" in page
    assert page == render_report(evaluation, results, around)


def test_advice_names_what_is_weak_and_why():
    answers = [SegmentAnswer("r1", f"S{i}", 0, 40, "jab", "jab", 9) for i in range(40)]
    answers += [SegmentAnswer("r1", "S1", 0, 40, "hook", said, 9) for said in ["hook", "jab", "jab"]]
    advice = advise(summarise("subject", "", [fold((), answers)]), [fold((), answers)])
    assert advice[0].what == "More hook"
    assert "2 were taken for jab" in advice[0].why
    assert "3 examples are few" in advice[0].why
    assert "they come from 1 person" in advice[0].why
    assert "More jab" not in {one.what for one in advice}
    quiet = advise(summarise("subject", "", [fold([stream()])]), [fold([stream()])])
    assert any("false alarms in" in one.why for one in quiet)
