"""segment, label, recordings and edit on one small project."""

from __future__ import annotations

import numpy as np
import pytest

from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.store.project import Project


@pytest.fixture
def project(tmp_path):
    """Two recordings of 10 s with three movements each; `b` has no default label."""
    project = Project.create(tmp_path / "p")
    t = np.arange(1000) / 100
    swing = sum((np.abs(t - middle) < 0.25) * np.sin(8 * np.pi * (t - middle)) for middle in (2, 5, 8))
    samples = np.rint(swing[:, None] * 3000 * np.ones(6)).astype(np.int16)
    info = RecordingInfo(imu_contract(100), 1000)
    with project.intake() as intake:
        intake.add(Recording("a", info, RecordingMeta("S1", default_label="jab"), samples), LabelTrack())
        intake.add(Recording("b", info, RecordingMeta("S2", "left"), samples), LabelTrack())
    return project


@pytest.fixture
def run(cli, project):
    def inside(*arguments):
        return cli("-p", project.root, *arguments)

    return inside


def spans(project, name):
    return [(segment.label, segment.source) for segment in project.labels(name).segments]


def test_segment_proposes_and_undo_takes_it_back(run, project):
    dry = run("segment", "--dry-run")
    assert "6 segments would be proposed in 2 recordings" in dry.out
    assert spans(project, "a") == []
    finished = run("segment", "--json").json
    assert [row["n_proposed"] for row in finished["recordings"]] == [3, 3]
    assert finished["parameters"][0]["segmenter"]["kind"] == "hysteresis"
    assert spans(project, "a") == [("jab", "segmenter")] * 3
    assert spans(project, "b") == [(None, "segmenter")] * 3
    assert "b: undone: segment" in run("label", "undo", "--where", "").out
    assert spans(project, "a") == spans(project, "b") == []


def test_segment_parameters(run, project):
    run("segment", "--where", "subject=S1", "--kind", "sliding", "--length-ms", "1000", "--hop-ms", "1000")
    assert len(spans(project, "a")) == 10
    assert len(spans(project, "b")) == 0
    counts = run("segment", "--start-level", "30000", "--weights", "16,16,16,16,16,16", "--json").json
    assert [row["n_found"] for row in counts["recordings"]] == [0, 0]
    assert counts["parameters"][0]["segmenter"]["stop_level"] == 15000


def test_segment_takes_parameters_of_the_project(run, project):
    config = project.layout.config
    config.write_text(
        config.read_text() + '\n[segmenter]\nkind = "sliding"\nlength_ms = 2000\nhop_ms = 2000\n'
    )
    run("segment")
    assert len(spans(project, "a")) == 5


def test_fit_finds_what_is_labelled_and_proposes_the_rest(run, project):
    """`a` is labelled and reviewed; nobody has looked at `b`."""
    labels = ("jab", "cross", "jab")
    marked = tuple(Segment(x - 25, x + 25, name) for x, name in zip((200, 500, 800), labels, strict=True))
    extra = Segment(900, 930, "cross")
    project.save_labels("a", LabelTrack((*marked, extra), (Interval(0, 1000),)))
    fitted = run("segment", "--fit")
    assert "peak" in fitted.out
    assert "kind = " in fitted.out
    assert [label for label, _ in spans(project, "b")] == [None] * 3
    only = run("segment", "--fit", "--kind", "peak", "--dry-run", "--json").json
    assert [row["kind"] for row in only["fit"]["kinds"]] == ["peak"]
    row = only["fit"]["kinds"][0]
    assert (row["n_true"], row["n_missed"], row["n_merged"], row["n_split"]) == (4, 1, 0, 0)
    assert only["parameters"] == [{"activity": row["activity"], "segmenter": row["segmenter"]}]


def test_fit_needs_pauses(run, project):
    whole = tuple(Segment(x, x + 250, name) for x, name in zip(range(0, 1000, 250), "abab", strict=True))
    project.save_labels("a", LabelTrack(whole))
    finished = run("segment", "--fit", "--where", "subject=S1")
    assert finished.status == 1
    assert "every moment is labelled" in finished.err
    assert spans(project, "b") == []


@pytest.mark.parametrize(
    ("options", "status", "reason"),
    [
        (["--kind", "magic"], 2, "hysteresis, adaptive, peak, trigger, sliding"),
        (["--hop-ms", "5"], 2, "--hop-ms does not belong to --kind hysteresis"),
        (["--weights", "a"], 2, "--weights"),
        (["--weights", "16"], 1, "1 activity weights for 6"),
        (["--min-ms", "nan"], 1, "min_ms"),
        (["--start-level", "0"], 1, "start_level"),
        (["--max-ms", "1e9"], 1, "at most 2048"),
        (["--fit"], 1, "no labelled segment"),
        (["--fit", "--start-level", "5"], 2, "--fit finds the parameters itself"),
        (["--fit", "--kind", "sliding"], 2, "--fit finds the parameters itself"),
        (["--where", "sidr=left"], 2, "'sidr' is not one of"),
    ],
)
def test_segment_refuses_and_writes_nothing(run, project, options, status, reason):
    finished = run("segment", *options)
    assert finished.status == status
    assert reason in finished.err
    assert spans(project, "a") == []


def test_what_a_person_did_is_in_the_way(run, project):
    run("label", "review", "a")
    finished = run("segment")
    assert "opens reviewed time" in finished.err
    assert spans(project, "a") == []
    run("label", "review", "a", "--not", "--start", "4s")
    run("segment")
    assert len(spans(project, "a")) == 2


def test_the_life_of_a_label(run, project):
    assert run("label", "add", "a", "100", "2s", "--label", "jab", "--new").status == 0
    run("label", "add", "a", "300", "400")
    run("label", "assign", "a", "unlabelled", "jab")
    run("label", "move", "a", "2", "--stop", "4.5s")
    run("label", "split", "a", "2", "350")
    run("label", "merge", "a", "1-2")
    run("label", "delete", "a", "2")
    assert project.labels("a").segments == (Segment(100, 350, "jab", "person"),)
    for action in ("delete", "merge", "split", "move", "assign jab", "add segment", "add jab"):
        assert run("label", "undo", "a").out == f"a: undone: {action}\n"
    finished = run("label", "undo", "a")
    assert (finished.status, finished.err) == (1, "tinygest: nothing to undo\n")
    assert run("label", "redo", "a", "--json").json == [{"id": "a", "action": "add jab"}]
    assert run("label", "list", "a", "--json").json == [
        {
            "id": "a",
            "n_samples": 1000,
            "rate_hz": 100.0,
            "segments": [
                {
                    "number": 1,
                    "start": 100,
                    "stop": 200,
                    "start_s": 1.0,
                    "stop_s": 2.0,
                    "label": "jab",
                    "source": "person",
                }
            ],
            "reviewed": [],
        }
    ]


def test_a_label_nobody_knows_may_be_a_slip(run, project):
    run("label", "add", "a", "100", "200", "--label", "jab", "--new")
    for command in (
        ["label", "assign", "a", "1", "jba"],
        ["label", "add", "a", "300", "400", "--label", "jba"],
        ["label", "merge", "a", "1", "--label", "jba"],
        ["edit", "a", "--default-label", "jba"],
    ):
        finished = run(*command)
        assert finished.status == 1
        assert "'jba' is not one of the project's (jab)" in finished.err
    assert project.known_labels() == ("jab",)


@pytest.mark.parametrize(
    ("command", "status", "reason"),
    [
        (["label", "add", "a", "100", "1001"], 1, "not inside [0, 1000)"),
        (["label", "add", "x", "1", "2"], 1, "no recording 'x'"),
        (["label", "add", "../a", "1", "2"], 1, "not usable"),
        (["label", "add", "a", "1", "2h"], 2, "2.5s"),
        (["label", "assign", "a", "1", "unknown"], 1, "no label is sure"),
        (["label", "move", "a", "1"], 1, "--start"),
        (["label", "move", "a", "all", "--stop", "5"], 1, "one segment"),
        (["label", "undo"], 2, "--where"),
        (["label", "undo", "a", "--where", "id=a"], 2, "--where"),
        (["edit", "a"], 2, "say what to change"),
        (["edit", "a", "--field", "glove"], 2, "NAME=VALUE"),
        (["edit", "a", "--field", "Glove=1"], 2, "'Glove'"),
        (["edit", "--subject", "S1"], 2, "--where"),
    ],
)
def test_wrong_calls(run, project, command, status, reason):
    finished = run(*command)
    assert finished.status == status
    assert reason in finished.err
    assert finished.err.count("\n") == 1
    assert spans(project, "a") == []


def test_recordings_and_edit(run, project):
    assert run("edit", "--where", "side=left", "--subject", "S9", "--field", "glove=10").out == (
        "1 of 1 recordings changed\n"
    )
    rows = run("recordings", "--where", "glove=10", "--json").json
    assert [(row["id"], row["subject"], row["fields"]) for row in rows] == [("b", "S9", {"glove": "10"})]
    run("edit", "b", "--field", "glove=", "--notes", "loose strap")
    assert project.entry("b").meta == RecordingMeta("S9", "left", notes="loose strap")
    assert run("edit", "b", "--subject", "S9", "--json").json == {"chosen": ["b"], "n_changed": 0}
    run("label", "add", "a", "0", "100", "--label", "jab", "--new")
    run("label", "review", "a", "--stop", "5s")
    table = run("recordings").out.splitlines()
    assert "jab:1" in table[1]
    assert table[1].split()[9] == "50"
    assert table[-1] == "2 recordings, 0.3 minutes"


def test_delete_and_undelete(run, project):
    run("edit", "a", "--delete")
    assert [row["id"] for row in run("recordings", "--json").json] == ["b"]
    assert [row["id"] for row in run("recordings", "--deleted", "--json").json] == ["a"]
    run("edit", "--where", "", "--undelete")
    assert len(project.recordings()) == 2
    assert (project.root / "recordings" / "a.parquet").exists()


def test_fields_of_the_project_are_the_only_ones(run, project):
    config = project.layout.config
    config.write_text(config.read_text() + '\n[fields]\nglove = "ounces"\n')
    assert run("edit", "a", "--field", "glove=10").status == 0
    finished = run("edit", "a", "--field", "glvoe=10")
    assert (finished.status, "there are glove" in finished.err) == (2, True)
