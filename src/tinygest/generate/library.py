"""A generated library on disk: the model as one folder, the runtime beside it as another.

OUT/tg_NAME/    library.json, library.properties, README.md, Makefile, src/, examples/
OUT/tinygest/   the runtime: what the models in OUT need of it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import GenerateError
from tinygest.generate.files import remove_stale, write_if_changed, write_tree, zip_bytes
from tinygest.generate.layout import every_path
from tinygest.generate.runtime import FOLDER, MANIFEST, manifest, read_manifest, runtime_files

SOURCES = (".c", ".h", ".cpp")


@dataclass(frozen=True)
class Library:
    """What was generated, and where."""

    name: str
    folder: Path
    """The model's own library."""
    runtime: Path
    """The runtime library beside it, which other models in the same folder share."""
    changed: tuple[Path, ...]
    """Files that were written; the others were there already, with the same content."""
    arena_bytes: int
    zip: Path | None = None

    @property
    def model_sources(self) -> tuple[Path, ...]:
        """C and C++ sources of the model, without its self-test."""
        found = sorted(path for path in (self.folder / "src").iterdir() if path.suffix in (".c", ".cpp"))
        return tuple(path for path in found if not path.stem.endswith("_selftest"))

    @property
    def runtime_sources(self) -> tuple[Path, ...]:
        return tuple(sorted((self.runtime / "src").glob("*.c")))

    @property
    def include_dirs(self) -> tuple[Path, ...]:
        return (self.folder / "src", self.runtime / "src")


def write_library(
    name: str, files: Mapping[str, bytes], out: Path, arena_bytes: int, *, zip: bool = False
) -> Library:
    """Write the model's files and the runtime under `out`. files: paths inside of OUT/tg_NAME.

    Raises GenerateError when something cannot be written.
    """
    if out.exists() and not out.is_dir():
        raise GenerateError(f"{out} is a file; name a folder for the library")
    folder, runtime = out / f"tg_{name}", out / FOLDER
    own = list(_sources(files))
    shared = runtime_files([*own, *_neighbours(out, folder)])
    listed = shared | {MANIFEST: manifest(shared)}
    remove_stale(runtime, [path for path in read_manifest(runtime) if path not in shared])
    changed = write_tree(folder, files) + write_tree(runtime, listed)
    remove_stale(folder, [path for path in every_path(name) if path not in files])
    archive = None
    if zip:
        archive = out / f"tg_{name}.zip"
        if write_if_changed(archive, arduino_zip(name, files, runtime_files(own))):
            changed.append(archive)
    return Library(name, folder, runtime, tuple(sorted(changed)), arena_bytes, archive)


def _sources(files: Mapping[str, bytes]) -> Iterator[str]:
    """Texts of the C and C++ among them."""
    return (data.decode() for path, data in files.items() if Path(path).suffix in SOURCES)


def _neighbours(out: Path, folder: Path) -> Iterator[str]:
    """Texts of the other models' C and C++."""
    for path in sorted(out.glob("tg_*/src/*")):
        if path.suffix in SOURCES and path.parent.parent != folder:
            yield path.read_text(encoding="utf-8", errors="replace")


def arduino_zip(name: str, files: Mapping[str, bytes], runtime: Mapping[str, bytes]) -> bytes:
    """Model and runtime as one library: the Arduino IDE installs one library per archive."""
    top = f"tg_{name}"
    parts = {f"{top}/{path}": data for path, data in files.items() if path != "Makefile"}
    parts |= {f"{top}/{path}": data for path, data in runtime.items() if path.startswith("src/")}
    parts[f"{top}/LICENSE"] = runtime["LICENSE"]
    return zip_bytes(parts)
