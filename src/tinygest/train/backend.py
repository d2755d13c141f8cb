"""TensorFlow, loaded late, quietly, and set up to give the same result twice."""

from __future__ import annotations

import io
import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

_ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # oneDNN picks its kernels, and so the order of sums, by CPU: off, results travel further.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    # Networks of 10 k parameters train faster on one core than they travel to a GPU.
    "CUDA_VISIBLE_DEVICES": "-1",
}

VECTOR_FLAGS = ("avx", "avx2", "fma", "avx512f", "avx512_vnni", "asimd", "sve")


@contextmanager
def quiet() -> Iterator[None]:
    """Hold back what TensorFlow and its converter print; native errors are shown if the block raises.

    They write dozens of lines a run, before and beside any log level.
    """
    sys.stderr.flush()
    shown = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
                # Deprecations between keras, numpy and the converter: not ours to mend, not the user's.
                warnings.simplefilter("ignore")
                yield
        except BaseException:
            held.seek(0)
            os.write(shown, held.read())
            raise
        finally:
            os.dup2(shown, 2)
            os.close(shown)


def load_tensorflow(n_threads: int = 0) -> tuple[Any, Any]:
    """(tensorflow, keras), deterministic on the CPU.

    n_threads: how many cores one process may use, 0 for all. TensorFlow fixes this at its first
    computation, so it counts only for the first call in a process.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with quiet():
        import keras
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
        if n_threads:
            _limit_threads(tf, n_threads)
    return tf, keras


def _limit_threads(tf: Any, n_threads: int) -> None:
    try:
        tf.config.threading.set_intra_op_parallelism_threads(n_threads)
        tf.config.threading.set_inter_op_parallelism_threads(n_threads)
    except RuntimeError:
        return  # already computing: the first caller in this process has decided


def versions() -> dict[str, str]:
    """What decides the last bits of the trained weights: packages, and what the processor can do."""
    import numpy as np

    tf, keras = load_tensorflow()
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "numpy": np.__version__,
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "cpu": cpu(),
    }


def cpu() -> str:
    """Architecture, and those vector instructions by which TensorFlow's kernels choose how to sum."""
    try:
        words = Path("/proc/cpuinfo").read_text().split()
    except OSError:
        words = []
    return " ".join([platform.machine(), *(flag for flag in VECTOR_FLAGS if flag in words)])
