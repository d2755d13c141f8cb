"""The library of a whole model: samples in, events out, as Python says them."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tinygest.core.canonical import decode_json
from tinygest.core.contract import ModelContract, model_id
from tinygest.core.errors import ContractError, GenerateError
from tinygest.core.event import Event
from tinygest.generate.classifier_library import (
    generate_library,
    model_sources,
    model_values,
    models_sources,
)
from tinygest.generate.vectors import StreamVectors
from tinygest.signalpath import decision, extract, path
from tinygest.signalpath.plan import plan_segmentation
from tinygest.toolchain import host
from tinygest.toolchain.process import run

from .conftest import WARNINGS
from .streams import CENTRE, HYSTERESIS, SENSOR, SLIDING, features_model, movements, window_model

MODELS = {
    "window": (window_model, "separable"),
    "features": (features_model, "dense_per_tensor"),
}


@pytest.fixture(params=MODELS)
def model(request, network_bytes):
    """(contract, tflite)"""
    make, network = MODELS[request.param]
    tflite = network_bytes(network)
    return make(tflite), tflite


def reference(contract, network, samples) -> StreamVectors:
    """What Python's path answers, with the logits of the network alone; the stream does not end."""
    found = path.SegmentStream(plan_segmentation(contract.sensor, contract.activity, contract.segmenter))
    spans, decided_at = found.push(samples)
    logits = network(extract.inputs(samples, spans, contract))
    events = decision.decide(logits, spans, contract, decided_at)
    rows = [int(np.flatnonzero(decided_at == event.decided_at)[0]) for event in events]
    return StreamVectors(samples, tuple(events), logits[rows])


def test_the_compiled_libraries_tell_the_events_that_python_finds(
    network_bytes, compile_networks, needs_host_compiler, tmp_path
):
    """Two kinds of input behind three segmenters, in one program with sanitizers: self-tests compare."""
    libraries = []
    for kind, (make, network) in MODELS.items():
        tflite = network_bytes(network)
        invoke = compile_networks({"net": tflite})["net"]
        # The first network calls rest unknown, and so do averages over its windows.
        segmenters = (HYSTERESIS, SLIDING, CENTRE) if kind == "features" else (HYSTERESIS, SLIDING)
        for segmenter in segmenters:
            contract = make(tflite, f"{kind}_by_{type(segmenter).__name__}", segmenter)
            vectors = reference(contract, invoke, movements(1500, seed=3))
            assert len(vectors.events) >= 4
            libraries.append(generate_library(contract, tflite, tmp_path, vectors=vectors))
    selftests = [f"tg_{library.name}_selftest" for library in libraries]
    (tmp_path / "main.c").write_text(
        "".join(f'#include "{name}.h"\n' for name in selftests)
        + f"int main(void) {{ return {'() + '.join(selftests)}(); }}\n"
    )
    sources = [path for library in libraries for path in (library.folder / "src").glob("*.c")]
    program = host.compile_executable(
        [tmp_path / "main.c", *sources, *libraries[0].runtime_sources],
        tmp_path / "selftests",
        include_dirs=sorted({folder for library in libraries for folder in library.include_dirs}),
        flags=("-std=c99", "-O0", *WARNINGS, "-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
    )
    run([program])


def test_files(model, tmp_path):
    contract, tflite = model
    library = generate_library(contract, tflite, tmp_path, zip=True)
    name = contract.name
    assert set(files_in(library.folder)) == {
        "README.md",
        "contract.json",
        f"examples/tg_{name}_events/tg_{name}_events.ino",
        "library.json",
        "library.properties",
        "model.json",
        f"src/tg_{name}.c",
        f"src/tg_{name}.h",
        f"src/tg_{name}_network.c",
        f"src/tg_{name}_network.h",
        "src/tg_models.c",
        "src/tg_models.h",
    }
    assert library.zip is not None


def test_the_contract_travels_with_the_library(model, tmp_path):
    contract, tflite = model
    library = generate_library(contract, tflite, tmp_path)
    file = library.folder / "contract.json"
    assert decode_json(file.read_bytes(), ModelContract, file) == contract
    header = (library.folder / "src" / f"tg_{contract.name}.h").read_text()
    assert model_id(contract, tflite) in header
    assert SENSOR.capture_id in header


def test_the_class_map_is_sensimls(model, tmp_path):
    contract, tflite = model
    library = generate_library(contract, tflite, tmp_path)
    document = json.loads((library.folder / "model.json").read_text())
    assert document["NumModels"] == 1
    assert document["ModelIndexes"] == {"0": contract.name}
    (description,) = document["ModelDescriptions"]
    assert description["ClassMaps"]["0"] == "Unknown"
    assert list(description["ClassMaps"].values())[1:] == list(contract.labels[1:])
    assert description["sensors_columns"] == ["ax", "ay", "az", "gx", "gy", "gz"]


def test_golden_copy(network_bytes, tmp_path):
    """The reviewed library under tests/golden/library; tools/make_golden_library.py writes it."""
    golden = Path(__file__).resolve().parent.parent / "golden"
    reviewed = golden / "library" / "tg_punch"
    contract = decode_json((reviewed / "contract.json").read_bytes(), ModelContract)
    stored = json.loads((golden / "punch_vectors.json").read_text())
    vectors = StreamVectors(
        np.array(stored["samples"], np.int16),
        tuple(Event(**event) for event in stored["events"]),
        np.array(stored["logits"], np.int8),
    )
    library = generate_library(contract, network_bytes("separable"), tmp_path, vectors=vectors)
    assert files_in(library.folder) == files_in(reviewed)
    assert (library.runtime / "files.txt").read_text() == (golden / "punch_runtime.txt").read_text()


def files_in(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_two_models_in_one_image(network_bytes, needs_host_compiler, tmp_path):
    """tg_models.h lists both under names that do not change; each starts with memory of its own."""
    window = model_values(window_model(network_bytes("separable"), "a"), network_bytes("separable"), "c")
    features = model_values(
        features_model(network_bytes("dense_per_tensor"), "b"), network_bytes("dense_per_tensor"), "c"
    )
    files = model_sources(window) | model_sources(features) | models_sources([window, features])
    for name, content in files.items():
        (tmp_path / Path(name).name).write_bytes(content)
    (tmp_path / "main.c").write_text(
        '#include <stdio.h>\n#include "tg_models.h"\n'
        "int main(void) {\n"
        "    for (int i = 0; i < TG_N_MODELS; ++i) {\n"
        "        const tg_model_t *const model = &tg_models[i];\n"
        "        int16_t sample[TG_MAX_CHANNELS] = {0};\n"
        "        tg_event_t event;\n"
        '        printf("%s %d %d %s %d\\n", model->name, model->n_channels, model->n_labels,\n'
        "               model->labels[1], tg_classifier_push(model->start(), sample, &event));\n"
        "    }\n    return TG_MODEL_INDEX_A + TG_MODEL_INDEX_B - 1;\n}\n"
    )
    for make, network in MODELS.values():
        library = generate_library(make(network_bytes(network)), network_bytes(network), tmp_path / "l")
    program = host.compile_executable(
        [*tmp_path.glob("*.c"), *library.runtime_sources],
        tmp_path / "two",
        include_dirs=[tmp_path, library.runtime / "src"],
        defines={"TINYGEST_MODEL": "1"},
    )
    assert run([program]).stdout == "a 6 6 jab 0\nb 6 5 a 0\n"


def test_two_names_that_become_one_are_refused(network_bytes):
    tflite = network_bytes("separable")
    models = [model_values(window_model(tflite, name), tflite, "c") for name in ("Punch", "punch")]
    with pytest.raises(ContractError, match="both become PUNCH"):
        models_sources(models)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"classes": ("jab", "cross")}, "number of classes is 2 in the one and 6 in the other"),
        ({"name": "mean"}, "tg_mean belongs to tinygest"),
        ({"name": "a/b"}, "cannot be used in C"),
    ],
)
def test_contracts_that_do_not_fit_write_nothing(network_bytes, tmp_path, change, match):
    tflite = network_bytes("separable")
    contract = msgspec.structs.replace(window_model(tflite), **change)
    contract = msgspec.structs.replace(
        contract, decision=msgspec.structs.replace(contract.decision, thresholds={})
    )
    with pytest.raises(ContractError, match=match):
        generate_library(contract, tflite, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_another_scale_than_the_networks_is_refused(network_bytes, tmp_path):
    tflite = network_bytes("separable")
    contract = window_model(tflite)
    other = msgspec.structs.replace(contract.quantisation, input_scale=0.5)
    with pytest.raises(ContractError, match=r"do not belong together: input scale is 0.5"):
        generate_library(msgspec.structs.replace(contract, quantisation=other), tflite, tmp_path)


def test_another_number_of_inputs_than_the_networks_is_refused(network_bytes, tmp_path):
    tflite = network_bytes("separable")
    contract = window_model(tflite)
    shorter = msgspec.structs.replace(contract.input, length=32)
    with pytest.raises(ContractError, match="number of inputs is 192 in the one and 384 in the other"):
        generate_library(msgspec.structs.replace(contract, input=shorter), tflite, tmp_path)


def test_hostile_channel_names_stay_inside_comments(network_bytes, needs_host_compiler, tmp_path):
    tflite = network_bytes("separable")
    contract = window_model(tflite)
    names = ['*/ #error "out" /*', "a\nb", "c\\", "??/", "é", "gz"]
    channels = tuple(
        msgspec.structs.replace(channel, name=name)
        for channel, name in zip(SENSOR.channels, names, strict=True)
    )
    contract = msgspec.structs.replace(
        contract,
        sensor=msgspec.structs.replace(SENSOR, channels=channels),
        input=msgspec.structs.replace(contract.input, channels=tuple(names), scaling=("absolute",) * 6),
    )
    library = generate_library(contract, tflite, tmp_path)
    host.compile_shared(
        [*library.model_sources, *library.runtime_sources],
        tmp_path / "x.so",
        include_dirs=library.include_dirs,
        flags=("-std=c99", *WARNINGS),
    )


def test_golden_vectors_need_an_event(network_bytes, tmp_path):
    tflite = network_bytes("separable")
    nothing = StreamVectors(movements(50, 0), (), np.zeros((0, 6), np.int8))
    with pytest.raises(GenerateError, match="need an event"):
        generate_library(window_model(tflite), tflite, tmp_path, vectors=nothing)


def test_tflm_behind_the_same_api(needs_tflm, network_bytes, tmp_path):
    tflite = network_bytes("separable")
    contract = window_model(tflite)
    ours = generate_library(contract, tflite, tmp_path / "c")
    theirs = generate_library(contract, tflite, tmp_path / "tflm", "tflm")
    header = "src/tg_punch.h"
    own, other = ((library.folder / header).read_text() for library in (ours, theirs))
    assert own.split("/* Once, before")[1] == other.split("/* Once, before")[1]
    assert (theirs.folder / "src/tg_punch_network.cpp").is_file()


ARDUINO = """
#include <stdint.h>
void delay(unsigned long ms);
struct Stream {
  void begin(unsigned long baud);
  int available();
  long parseInt();
  void print(const char *text);
  void print(int number);
  void print(unsigned int number);
  void println(const char *text);
  void println(int number);
};
extern Stream Serial;
"""


def test_sketches_are_cpp14(network_bytes, compile_networks, needs_host_compiler, tmp_path):
    tflite = network_bytes("separable")
    contract = window_model(tflite)
    vectors = reference(contract, compile_networks({"net": tflite})["net"], movements(300, seed=3))
    library = generate_library(contract, tflite, tmp_path / "out", vectors=vectors)
    (tmp_path / "Arduino.h").write_text(ARDUINO)
    sketches = sorted(library.folder.rglob("*.ino"))
    assert len(sketches) == 2
    for sketch in sketches:
        host.compile_executable(
            [sketch],
            tmp_path / "sketch",
            include_dirs=[tmp_path, *library.include_dirs],
            flags=("-x", "c++", "-std=c++14", "-Wall", "-include", "Arduino.h", "-fsyntax-only"),
        )
