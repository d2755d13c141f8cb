"""`tinygest evaluate` and `tinygest test`: options reach the workflow, results reach the reader."""

from __future__ import annotations

import pytest

from tinygest.core.contract import SlidingSegmenter
from tinygest.evaluate.evaluation import DatasetSummary, Evaluation, seed_score
from tinygest.evaluate.folds import FoldResult, SegmentAnswer, StreamResult
from tinygest.evaluate.summary import score_answers, summarise, summarise_events
from tinygest.metrics import FoundEvent, StreamTruth, TrueEvent
from tinygest.workflow import evaluation as workflow
from tinygest.workflow import testing
from tinygest.workflow.evaluation import Evaluated

TRUE = tuple(TrueEvent(100 * k, 100 * k + 40, "jab") for k in range(4))
FOUND = (
    *(FoundEvent(e.start, e.stop, "jab", 200, e.stop + 5) for e in TRUE[:3]),
    FoundEvent(330, 350, "jab", 9, 350),
    FoundEvent(450, 490, "hook", 9, 500),
)
ANSWERS = (
    SegmentAnswer("r1", "S1", 0, 40, "jab", "jab", 200),
    SegmentAnswer("r1", "S2", 0, 40, "jab", "unknown", 3),
)


def stream(reviewed=((0, 500),)):
    return StreamResult("r1", "S1", 0, StreamTruth(500, 100.0, TRUE, (), reviewed), FOUND)


@pytest.fixture
def project(cli, tmp_path):
    assert cli("init", tmp_path / "p").status == 0
    return tmp_path / "p"


@pytest.fixture
def asked(monkeypatch):
    """Options that reached the workflow, which answers with a small result."""
    options_seen = []

    def evaluate(project, options, progress, announce):
        options_seen.append(options)
        announce("a sentence for the waiting")
        folds = [
            FoldResult(
                "S1",
                1,
                "id",
                "the C",
                SlidingSegmenter(500.0, 100.0),
                9,
                0.1,
                (stream(),),
                ANSWERS,
                1.0,
                1.0,
            )
        ]
        main = summarise("subject", "each of 2 subjects held out", folds, ["mind the gap"])
        seeds = tuple(seed_score(seed, main) for seed in range(options.n_seeds))
        dataset = DatasetSummary("", "0" * 64, 1, 2, 2, ("jab", "hook"), True)
        return Evaluated(
            Evaluation(dataset, {"family": "dense"}, main, (), seeds, ("no split by recording",), {}),
            tuple(folds),
        )

    monkeypatch.setattr(workflow, "evaluate", evaluate)
    return options_seen


def test_tables(cli, project, asked):
    done = cli("-p", project, "evaluate", "--seeds", "2")
    assert done.status == 0, done.err
    assert "a sentence for the waiting" in done.err
    for text in (
        "note: mind the gap",
        "note: no split by recording",
        "subjects held out",
        "over 2 seeds",
        "false alarms: 1 in 0.1 min of reviewed background",
        "1 of 2 right",
        "delay after the true end: median 0.05 s",
    ):
        assert text in done.out
    assert (project / "evaluation.html").is_file()


def test_json_is_all_of_standard_output(cli, project, asked, tmp_path):
    done = cli("-p", project, "evaluate", "--json", "--report", tmp_path / "page.html")
    assert done.json["main"]["events"]["n_true"] == 4
    assert done.json["main"]["events"]["labels"]["jab"]["n_right"] == 3
    assert done.json["main"]["segments"]["accuracy"] == 0.5
    assert (tmp_path / "page.html").is_file()


def test_options_arrive(cli, project, asked):
    cli(
        "-p",
        project,
        "evaluate",
        *("--where", "side=left", "--split", "grouped:3", "--family", "cnn", "--seed", "7", "--jobs", "1"),
        *("--locked", "subject=S9", "--final", "--quick"),
    )
    options = asked[0]
    assert (options.where, options.split, options.locked) == ("side=left", "grouped:3", "subject=S9")
    assert (options.family, options.train.seed, options.jobs) == ("cnn", 7, 1)
    assert options.final
    assert options.quick


@pytest.mark.parametrize("arguments", [("--seeds", "0"), ("--jobs", "-1"), ("--family", "tree")])
def test_impossible_options(cli, project, arguments):
    assert cli("-p", project, "evaluate", *arguments).status == 2


def test_an_empty_project_is_one_sentence(cli, project):
    done = cli("-p", project, "evaluate")
    assert done.status == 1
    assert done.err.count("\n") == 1
    assert "no recording was chosen" in done.err
    assert not (project / "evaluation.html").exists()


def test_test(cli, project, monkeypatch):
    row = testing.RecordingTest(
        "r1", "S1", False, summarise_events([stream()], 0.5), score_answers(ANSWERS), FOUND, ANSWERS
    )
    whole = testing.ModelTest(
        "punch/1",
        "0" * 64,
        "the C",
        "",
        (row,),
        row.events,
        summarise_events([stream(((0, 400),))], 0.3),
        row.segments,
        ("mind the gap",),
    )
    asked = []

    def run_test(project, model, where, progress, *, with_trade_off):
        asked.append((model, where, with_trade_off))
        return whole

    monkeypatch.setattr(testing, "run_test", run_test)
    done = cli("-p", project, "test", "punch", "--where", "subject=S1")
    assert asked == [("punch", "subject=S1", False)]
    assert "note: mind the gap" in done.out
    assert done.out.count("1 of 2") == 3  # the recording, the sum, the sentence
    assert "event macro-F1 at IoU 0.3" in done.out
    assert cli("-p", project, "test", "--json").json["recordings"][0]["recording"] == "r1"


def test_test_without_a_model(cli, project):
    done = cli("-p", project, "test")
    assert done.status == 1
    assert "no model yet" in done.err
