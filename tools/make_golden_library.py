"""Writes tests/golden/library, the reviewed copy of a generated library: read the diff before committing.

The model is tests/golden/networks/separable.tflite behind the contract of tests/generate/streams.py; its
golden vectors are kept in tests/golden/punch_vectors.json, so that the test needs no compiler. Beside them
punch_runtime.txt lists what the library takes of the runtime.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tinygest.core.canonical import canonical_json
from tinygest.generate.classifier_library import generate_library
from tinygest.workflow.golden import stream_vectors

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from tests.generate.streams import movements, recording, window_model

    tflite = (GOLDEN / "networks" / "separable.tflite").read_bytes()
    contract = window_model(tflite)
    vectors = stream_vectors(contract, tflite, [recording(movements(400, seed=1))])
    if vectors is None:
        raise SystemExit("the stream holds no event; change it")
    document = {
        "samples": vectors.samples.tolist(),
        "events": [asdict(event) for event in vectors.events],
        "logits": vectors.logits.tolist(),
    }
    (GOLDEN / "punch_vectors.json").write_bytes(canonical_json(document) + b"\n")
    with tempfile.TemporaryDirectory() as folder:
        library = generate_library(contract, tflite, Path(folder), vectors=vectors)
        shutil.rmtree(GOLDEN / "library", ignore_errors=True)
        shutil.copytree(library.folder, GOLDEN / "library" / "tg_punch")
        shutil.copy(library.runtime / "files.txt", GOLDEN / "punch_runtime.txt")


if __name__ == "__main__":
    main()
