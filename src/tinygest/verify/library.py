"""A generated library on disk, as sources for a board.

OUT/tg_NAME/src   the model
OUT/tinygest/src  the runtime
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import VerifyError
from tinygest.core.resources import resource_dir
from tinygest.toolchain.boards import Sources

STACK_BYTES = re.compile(r"^#define TG_\w+_PUSH_STACK_BYTES (\d+)$", re.MULTILINE)
MODEL_ID = re.compile(r'^#define TG_\w+_MODEL_ID "([0-9a-f]{64})"$', re.MULTILINE)


@dataclass(frozen=True)
class Library:
    """One model and the runtime beside it."""

    name: str
    model: tuple[Path, ...]
    runtime: tuple[Path, ...]
    include_dirs: tuple[Path, ...]

    def sources(self) -> Sources:
        """Everything but a harness."""
        return Sources((), self.runtime, self.model, self.include_dirs)

    def stream_sources(self, *, traced: bool) -> Sources:
        """With the harness that streams recordings; traced: with the hooks that tell every stage."""
        defines = {"MODEL": self.name, "MODEL_HEADER": f'"tg_{self.name}.h"'}
        if traced:
            defines["TINYGEST_TRACE"] = "1"
        return Sources((_harness(),), self.runtime, self.model, self.include_dirs, defines)


def open_library(folder: Path, name: str) -> Library:
    """The library of model `name` in `folder`, as `generate --out` wrote it; raises VerifyError."""
    model, runtime = folder / f"tg_{name}" / "src", folder / "tinygest" / "src"
    for source in (model, runtime):
        if not source.is_dir():
            raise VerifyError(
                f"{source} is absent; write the library with `tinygest generate {name} --out`"
            )
    if any(model.glob("*.cpp")):
        raise VerifyError(
            f"{model} was generated for TensorFlow Lite Micro, whose C++ sources are not part of it; "
            "verify what `tinygest generate --back-end c` makes of the same model"
        )
    sources = tuple(path for path in sorted(model.glob("*.c")) if not path.stem.endswith("_selftest"))
    return Library(name, sources, tuple(sorted(runtime.glob("*.c"))), (model, runtime))


def require_model(folder: Path, name: str, model_id: str) -> None:
    """Raise VerifyError unless the library in `folder` was generated from this model."""
    header = folder / f"tg_{name}" / "src" / f"tg_{name}.h"
    try:
        found = MODEL_ID.search(header.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise VerifyError(f"{header} cannot be read: {error.strerror}") from error
    if found is None or found[1] != model_id:
        carried = found[1][:12] if found else "none"
        raise VerifyError(
            f"the library in {folder} is of another model: it carries the id {carried}, model {name} has "
            f"{model_id[:12]}; generate it again"
        )


def stated_stack(folder: Path, name: str) -> int | None:
    """Bytes of stack that the header of model `name` promises; None if it promises nothing."""
    header = folder / f"tg_{name}" / "src" / f"tg_{name}.h"
    found = STACK_BYTES.search(header.read_text(encoding="utf-8", errors="replace"))
    return int(found[1]) if found else None


def empty_sources() -> Sources:
    """The same harness around a model that does nothing."""
    emulated = resource_dir("firmware/emulated")
    return Sources(
        (_harness(), emulated / "tg_empty.c"),
        include_dirs=(resource_dir("firmware/lib/tinygest") / "src",),
        defines={"MODEL": "empty", "MODEL_HEADER": '"tg_empty.h"'},
    )


def _harness() -> Path:
    return resource_dir("firmware/emulated") / "stream_harness.c"
