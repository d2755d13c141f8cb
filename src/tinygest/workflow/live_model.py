"""A model's compiled library on samples as they come: to try it before it is flashed."""

from __future__ import annotations

import ctypes
import tempfile
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.event import Event
from tinygest.core.recording import Samples
from tinygest.core.resources import resource_dir
from tinygest.generate.classifier_library import generate_library
from tinygest.store.bundles import Bundle
from tinygest.toolchain import host
from tinygest.verify.library import open_library

EVENT = np.dtype(
    [("at", "<u4"), ("start", "<u4"), ("length", "<u2"), ("label", "u1"), ("score", "u1")], align=True
)
"""live_event_t"""
FIELDS = {"start": "start", "length": "length", "label": "label", "score": "score", "decided_at": "at"}


class LiveModel:
    """One stream through the generated C, compiled for this machine."""

    def __init__(self, bundle: Bundle) -> None:
        """Takes a second or two; raises ToolchainError without a C compiler."""
        self.contract = bundle.contract
        self.name = str(bundle)
        self._library = _compile(bundle)
        self._begin()

    def again(self) -> LiveModel:
        """Another stream through the same library."""
        other = copy(self)
        other._begin()
        return other

    def _begin(self) -> None:
        self._state = ctypes.create_string_buffer(self._library.live_size() + _ALIGNMENT)
        self._model = ctypes.c_void_p(-(-ctypes.addressof(self._state) // _ALIGNMENT) * _ALIGNMENT)
        self._next = 0
        self._library.live_init(self._model)

    def skip(self, n_missing: int) -> None:
        """n_missing samples were lost; 0: time is broken, by how much is not known."""
        self._library.live_skip(self._model, n_missing)
        self._next += n_missing

    def push(self, samples: Samples) -> list[Event]:
        """Events that these samples complete; their indices count samples and what was skipped."""
        rows = np.ascontiguousarray(samples, np.int16)
        events = np.empty(len(rows), EVENT)
        n = self._library.live_push(
            self._model, rows.ctypes.data, len(rows), self._next, events.ctypes.data
        )
        self._next += len(rows)
        return _events(events[:n])

    def finish(self) -> list[Event]:
        """The stream ends here: the event of a movement that was still going on, if there is one."""
        event = np.empty(1, EVENT)
        n = self._library.live_finish(self._model, self._next - 1, event.ctypes.data) if self._next else 0
        return _events(event[:n])


_ALIGNMENT = 16


def _events(rows: NDArray[np.void]) -> list[Event]:
    return [Event(**{name: int(row[field]) for name, field in FIELDS.items()}) for row in rows]


def _compile(bundle: Bundle) -> Any:
    """The library stays loaded; its file is not needed any more."""
    with tempfile.TemporaryDirectory(prefix="tinygest-live-") as temporary:
        folder = Path(temporary)
        generate_library(bundle.contract, bundle.tflite, folder / "library")
        library = open_library(folder / "library", bundle.name)
        glue = resource_dir("firmware/emulated") / "live_glue.c"
        path = host.compile_shared(
            [glue, *library.model, *library.runtime],
            folder / f"{bundle.name}_{bundle.revision}.so",
            include_dirs=library.include_dirs,
            defines={
                "MODEL": bundle.name,
                "MODEL_HEADER": f'"tg_{bundle.name}.h"',
                "LIVE_N_CHANNELS": str(len(bundle.contract.sensor.channels)),
            },
        )
        loaded = ctypes.CDLL(str(path))
    loaded.live_size.restype = ctypes.c_size_t
    loaded.live_init.argtypes = [ctypes.c_void_p]
    loaded.live_skip.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    loaded.live_finish.restype = ctypes.c_uint32
    loaded.live_finish.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p]
    loaded.live_push.restype = ctypes.c_uint32
    loaded.live_push.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_uint32,
        ctypes.c_void_p,
    ]
    return loaded
