"""Bad input, verb by verb: one clear sentence, the right exit status, and a project that is as it was."""

from __future__ import annotations

import json
import re
import shutil

import pytest
import small_models
from msgspec.structs import replace

from tinygest.core.contract import SlidingSegmenter, model_id
from tinygest.core.labels import LabelTrack, Segment
from tinygest.core.sensor import imu_contract
from tinygest.store.bundles import CONTRACT, LOCK, TFLITE, Lock
from tinygest.store.project import Project

MODEL = "models/punch/1"
NO_TOOLS = {"PATH": "", "CC": ""}


def save_model(project, case):
    lock = Lock(model_id(case.contract, case.tflite), dataset_hash="", where="", recordings=(), seed=0)
    project.save_bundle(case.contract, lock, {TFLITE: case.tflite})


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A project with two labelled recordings and a model; made once, copied for each test."""
    project = Project.create(tmp_path_factory.mktemp("bad") / "p")
    for number, name in enumerate(("a", "b")):
        recording = small_models.make_recording(name, small_models.bursts(number, 800))
        labels = ("jab", "cross", "jab", "cross")
        segments = tuple(Segment(40 + 150 * i, 120 + 150 * i, label) for i, label in enumerate(labels))
        project.add(recording, LabelTrack(segments))
    save_model(project, small_models.feature_case())
    return project.root


@pytest.fixture
def root(template, tmp_path):
    return shutil.copytree(template, tmp_path / "p")


def content(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def refused(cli, root):
    """refused("label", ..., says=..., status=1): the command fails, says so once, and changes nothing."""

    def run(*arguments, says, status=1, project=root):
        before = content(project)
        finished = cli("-p", project, *arguments)
        assert finished.status == status, finished.out + finished.err
        assert "Traceback" not in finished.err
        assert re.search(says, finished.err), finished.err
        assert content(project) == before
        if status == 1:
            assert finished.err.startswith("tinygest: ")
            assert finished.err.count("\n") == 1
        return finished

    return run


# --- names ---


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("1punch", "cannot be used in C"),
        ("a b", "cannot be used in C"),
        ("", "cannot be used in C"),
        ("../evil", "cannot be used in C"),
        ("a/b", "cannot be used in C"),
        ("schläge", "cannot be used in C"),
        ("x" * 41, "at most 40"),
        ("int", "reserved word"),
        ("Class", "reserved word"),
        ("ring", "belongs to tinygest"),
        ("Punch", "models 'punch' and 'Punch' both become TG_PUNCH in C; rename one"),
    ],
)
def test_model_names(refused, name, says):
    refused("train", "--name", name, says=says)


@pytest.mark.parametrize("labels", ["jab,Jab", "left hook,left_hook"])
def test_two_labels_that_become_one_start_no_project(cli, tmp_path, labels):
    finished = cli("init", tmp_path / "new", "--labels", labels)
    assert finished.status == 1
    assert "both become" in finished.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("Jab", "labels 'jab' and 'Jab' both become JAB in C; rename one"),
        ("unknown", "answer when no label is sure"),
        ("a/b", "is not usable"),
        ("../x", "is not usable"),
    ],
)
def test_new_labels(refused, label, says):
    refused("label", "assign", "a", "1", label, "--new", says=says)
    refused("label", "add", "a", "0", "20", "--label", label, "--new", says=says)
    refused("edit", "a", "--default-label", label, "--new", says=says)


def test_labels_that_become_one_are_not_trained(refused, root):
    project = Project.open(root)
    track = project.labels("b")
    segments = tuple(Segment(s.start, s.stop, (s.label or "").title()) for s in track.segments)
    project.save_labels("b", LabelTrack(segments))
    refused("train", "--name", "q", "--no-validate", says="both become (JAB|CROSS) in C; rename one")


def test_unknown_label(refused):
    refused("label", "assign", "a", "1", "jbb", says=r"'jbb' is not one of the project's \(cross, jab\)")
    refused("train", "--name", "q", "--labels", "jab,jbb", says="no chosen segment is labelled 'jbb'")


@pytest.mark.parametrize("recording", ["nobody", "../../etc/passwd", "a.json"])
def test_recordings_that_are_not_there(refused, recording):
    refused("label", "list", recording, says="no recording|not usable")
    refused("label", "delete", recording, "1", says="no recording|not usable")
    refused("edit", recording, "--side", "left", says="no recording|not usable")


@pytest.mark.parametrize("model", ["kick", "punch/7", "punch/x", "punch/-1", "../p/models/punch"])
def test_models_that_are_not_there(refused, tmp_path, model):
    refused("generate", model, "--out", tmp_path / "lib", says="model")
    refused("verify", model, says="model")
    assert not (tmp_path / "lib").exists()


@pytest.mark.parametrize("field", ["subject=S1", "../x=1", "Glove=12", "plain"])
def test_fields_that_cannot_be(refused, field):
    refused("edit", "a", "--field", field, says="field", status=2)


def test_text_that_breaks_a_table(refused):
    refused("edit", "a", "--subject", "two\nlines", says="printable characters")


# --- data ---


def csv_file(folder, rows, name="walk.csv"):
    path = folder / name
    path.write_text("x,y,z\n" + "".join(f"{x},{y},{z}\n" for x, y, z in rows))
    return path


def some_rows(n=150):
    return [[0.01 * (i % 7), 0.02 * (i % 5), 1 + 0.01 * (i % 3)] for i in range(n)]


CSV = "--format csv --map ax=x,ay=y,az=z --accel-unit g --gravity --continuous".split()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("nan", "line 72: y is 'nan', not a finite number"),
        ("inf", "not a finite number"),
        ("1e400", "not a finite number"),
        ("", "not a finite number"),
        ("fast", "not a finite number"),
    ],
)
def test_numbers_that_are_none(refused, tmp_path, value, says):
    rows = some_rows()
    rows[70][1] = value
    refused("import", csv_file(tmp_path, rows), *CSV, "--rate-hz", "100", says=says)


def test_constant_and_clipped_channels(refused, tmp_path):
    constant = csv_file(tmp_path, [[0.5, y, z] for _, y, z in some_rows()], "constant.csv")
    refused("import", constant, *CSV, "--rate-hz", "100", says="ax never changes .--accept-faults")
    clipped = csv_file(tmp_path, [[99 - 198 * (i % 2), 0.1 * i, 1] for i in range(90)], "clipped.csv")
    refused("import", clipped, *CSV, "--rate-hz", "100", says="100 % of ax is outside .*--accept-faults")


@pytest.mark.parametrize("rate", ["0", "-50", "nan", "inf", "1e9"])
def test_rates_that_cannot_be(refused, cli, tmp_path, rate):
    path = csv_file(tmp_path, some_rows())
    refused("import", path, *CSV, f"--rate-hz={rate}", says="--rate-hz .* is not possible", status=2)
    finished = cli("init", tmp_path / "new", f"--rate-hz={rate}")
    assert finished.status == 1
    assert "is not possible: more than 0, at most 2000" in finished.err
    assert not (tmp_path / "new").exists()


def test_times_that_stand_still_are_told(cli, root, tmp_path):
    path = tmp_path / "still.csv"
    path.write_text("t,x,y,z\n" + "".join(f"7,{x},{y},{z}\n" for x, y, z in some_rows()))
    finished = cli("-p", root, "import", path, *CSV, "--rate-hz", "100", "--time-column", "t")
    assert finished.status == 0, finished.err
    assert "times that hardly advance" in finished.err


def test_a_decimal_sign_that_is_none(refused, tmp_path):
    path = csv_file(tmp_path, some_rows())
    refused("import", path, *CSV, "--rate-hz", "9", "--decimal", "x", says="neither '.' nor ','", status=2)


def test_one_label_and_labels_of_one_segment(refused):
    refused("train", "--name", "q", "--labels", "jab", says="a model needs two labels or more")
    refused("label", "assign", "a", "all", "jab", "--newer", says="No such option", status=2)


def test_an_empty_class(refused, cli, root):
    assert cli("-p", root, "label", "assign", "a", "1-3", "jab").status == 0
    refused("train", "--name", "q", "--where", "id=a", says="'cross' has 1 segment.*takes 2 or more")


def test_nobody_is_chosen(refused):
    refused("train", "--name", "q", "--where", "subject=nobody", says="no recording matches")
    refused("verify", "--where", "subject=nobody", says="no recording is chosen by")
    refused("train", "--name", "q", "--where", "subjct=S1", says="field 'subjct' is not one of", status=2)
    refused("recordings", "--where", "subject", says="expected field=value", status=2)


def test_one_subject_only(refused):
    refused("evaluate", "--split", "loso", says="subject")
    refused("evaluate", "--split", "grouped:2", says="subject")


def test_options_of_evaluate(refused, tmp_path):
    refused("evaluate", "--report", tmp_path / "no" / "page.html", says="there is no folder", status=2)
    refused("evaluate", "--seed", "-1", says="greater than or equal to 0", status=2)
    refused("evaluate", "--where", "subject=nobody", says="no recording was chosen")


@pytest.mark.parametrize("split", ["lodo", "grouped:0", "grouped:x", "blocks:1", "file:nowhere.toml"])
def test_splits_that_cannot_be(cli, root, split):
    before = content(root)
    finished = cli("-p", root, "evaluate", "--split", split)
    assert finished.status in (1, 2), finished.out
    assert finished.err.startswith("tinygest: ")
    assert finished.err.count("\n") == 1
    assert content(root) == before


def test_recordings_shorter_than_a_window(cli, root, refused):
    Project.open(root).add(small_models.make_recording("tiny", small_models.bursts(3, 5)))
    found = cli("-p", root, "segment", "--where", "id=tiny", "--kind", "sliding", "--length-ms", "500")
    assert found.status == 0, found.err
    assert "0 segments proposed" in found.out
    refused("train", "--name", "q", "--where", "id=tiny", says="label")


def test_segments_longer_than_the_signal_path_takes(refused):
    long = ("--kind", "sliding", "--length-ms", "30000")
    refused("segment", *long, says="3000 samples at 100 Hz; at most 2048 are possible")


# --- contracts ---


def with_sensor(project, rate_hz):
    """The recordings again, as another sensor gave them."""
    sensor = imu_contract(rate_hz)
    track = project.labels("a")
    project.add(small_models.make_recording("other", project.load("a").samples, sensor=sensor), track)


def test_two_sensors_make_no_model(refused, root):
    with_sensor(Project.open(root), 50.0)
    refused("train", "--name", "q", says="a and other cannot train one model: rate 100 Hz against 50 Hz")


@pytest.mark.usefixtures("needs_host_compiler")
def test_a_model_does_not_run_on_another_sensor(refused, root):
    with_sensor(Project.open(root), 50.0)
    refused("verify", "punch", "--where", "id=other", says="rate 100 Hz against 50 Hz")


@pytest.mark.usefixtures("needs_host_compiler", "needs_qemu")
def test_the_library_of_another_model(refused, root, tmp_path):
    case = small_models.feature_case()
    other = small_models.Case(
        replace(case.contract, segmenter=SlidingSegmenter(length_ms=500, hop_ms=100)), case.tflite
    )
    foreign = other.generate(tmp_path / "foreign")
    refused("verify", "punch", "--library", foreign, says="another|not of|belongs")
    refused("profile", "punch", "--library", foreign, says="another|not of|belongs")
    refused("verify", "punch", "--library", tmp_path / "nothing", says="tinygest generate punch --out")


# --- damage ---


def damaged(name, content):
    return pytest.param(name, content, id=f"{name}-{content[:6]!r}")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        damaged(CONTRACT, b"{"),
        damaged(CONTRACT, b"[]"),
        damaged(CONTRACT, b"\xff\xfe"),
        damaged(LOCK, b""),
        damaged(LOCK, b"null"),
        damaged(TFLITE, b""),
        damaged(TFLITE, b"TFL3" * 9),
    ],
)
def test_a_damaged_bundle(refused, root, tmp_path, name, content):
    (root / MODEL / name).write_bytes(content)
    for verb in (
        ("generate", "punch", "--out", tmp_path / "lib"),
        ("verify", "punch"),
        ("profile", "punch"),
    ):
        refused(*verb, says="punch")
    assert not (tmp_path / "lib").exists()


@pytest.mark.parametrize("name", [CONTRACT, LOCK, TFLITE])
def test_an_incomplete_bundle(refused, root, tmp_path, name):
    (root / MODEL / name).unlink()
    refused("generate", "punch", "--out", tmp_path / "lib", says=f"{name}: No such file")


def test_a_contract_edited_by_hand(refused, root, tmp_path):
    path = root / MODEL / CONTRACT
    contract = json.loads(path.read_text())
    contract["decision"]["thresholds"] = {"jab": 99}
    path.write_text(json.dumps(contract))
    refused("generate", "punch", "--out", tmp_path / "lib", says="do not belong together")
    refused("verify", "punch", says="do not belong together")


def test_a_network_replaced_by_another(refused, root):
    (root / MODEL / TFLITE).write_bytes(small_models.window_case().tflite)
    refused("verify", "punch", says="do not belong together")


def half(data):
    return data[: len(data) // 2]


def flipped(data):
    return bytes(b ^ 0xFF if 100 <= i < 140 else b for i, b in enumerate(data))


@pytest.mark.parametrize("damage", [half, flipped, lambda data: b""])
def test_a_damaged_signal(refused, root, damage):
    path = root / "recordings/a.parquet"
    path.write_bytes(damage(path.read_bytes()))
    refused("segment", "--kind", "sliding", "--dry-run", says="a.parquet: cannot be read as a recording")
    refused("train", "--name", "q", says="a.parquet: cannot be read as a recording")


@pytest.mark.parametrize("file", ["recordings/a.json", "labels/a.json"])
@pytest.mark.parametrize("content", ["", "{", "[]", '{"subjct": 1}', "\0"])
def test_damaged_json(refused, root, file, content):
    (root / file).write_text(content)
    for verb in (("recordings",), ("label", "list"), ("label", "assign", "a", "1", "jab")):
        refused(*verb, says="a.json: ")
    refused("train", "--name", "q", says="a.json: ")


def test_a_signal_that_is_gone_is_told(cli, root):
    (root / "recordings/a.parquet").unlink()
    finished = cli("-p", root, "recordings")
    assert finished.status == 0
    assert "note: recordings/a.json has no a.parquet beside it" in finished.err
    trained = cli("-p", root, "train", "--name", "q")
    assert "note: recordings/a.json has no a.parquet beside it" in trained.err


def test_labels_beyond_the_recording(refused, root):
    path = root / "labels/a.json"
    path.write_text(re.sub(r'"stop": ?120', '"stop": 99999', path.read_text()))
    refused("label", "list", "a", says=r"a.json: segment \[40, 99999\) is not inside \[0, 800\)")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("board =", "bord =", "unknown field `bord`"),
        ("labels = []", "labels = [", "tinygest.toml"),
        ("rate_hz = 100.0", "rate_hz = 0", "rate 0 Hz is not possible"),
        ("format_version = 1", "format_version = 9", "format 9, this tinygest reads 1"),
        ("labels = []", 'labels = ["jab", "JAB"]', "both become JAB"),
    ],
)
def test_a_project_file_with_a_slip(refused, root, old, new, says):
    path = root / "tinygest.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    refused("recordings", says=says)


def test_no_project(cli, tmp_path):
    finished = cli("-p", tmp_path, "recordings")
    assert finished.status == 1
    assert "is no tinygest project; name one with -p, or start one with `tinygest init" in finished.err
    assert not list(tmp_path.iterdir())


# --- tools ---


@pytest.fixture
def no_tools(monkeypatch):
    """A machine without compilers and emulator."""
    for name, value in NO_TOOLS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)


@pytest.mark.usefixtures("no_tools")
def test_without_tools_a_library_comes_without_self_test(cli, root, tmp_path):
    before = content(root)
    finished = cli("-p", root, "generate", "punch", "--out", tmp_path / "lib")
    assert finished.status == 0, finished.err
    assert "without self-test" in finished.out
    assert content(root) == before


@pytest.mark.usefixtures("no_tools")
def test_without_tools_nothing_is_proved(refused):
    refused("verify", "punch", says="nothing can be verified.*compiler")
    refused("verify", "punch", "--require", "cortex-m4", says="cortex-m4 is required but could not run")
    refused("verify", "punch", "--require", "host,tflm", says="host is required but could not run")
    refused("profile", "punch", says="arm-none-eabi-gcc")


@pytest.mark.usefixtures("no_tools", "needs_tflm")
def test_a_test_without_a_compiler_says_who_answered(cli, root):
    finished = cli("-p", root, "test", "punch")
    assert finished.status == 0, finished.err
    assert "answers by the Python signal path with TensorFlow Lite Micro" in finished.out
