import numpy as np
import pytest

from tinygest.core.errors import VerifyError
from tinygest.verify import tflm


@pytest.mark.parametrize("name", ["a_mlp", "b_conv1d", "c_ds"])
def test_bench_models_answer_as_recorded(name, shared_dir, needs_tflm):
    models = shared_dir / "bench" / "models"
    with np.load(models / f"{name}_vectors.npz") as vectors:
        found = tflm.Tflm((models / f"{name}.tflite").read_bytes()).run(vectors["x"])
        np.testing.assert_array_equal(found, vectors["y"])


def test_damaged_model_is_refused(needs_tflm):
    with pytest.raises(VerifyError, match="TFLM does not take this model"):
        tflm.Tflm(b"123456789")


def test_absence_is_told_with_its_remedy(monkeypatch):
    monkeypatch.setattr(tflm, "find_spec", lambda name: None)
    with pytest.raises(VerifyError, match=r"pip install 'tinygest\[tflm\]'"):
        tflm.Tflm(b"")
