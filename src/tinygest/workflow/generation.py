"""`generate`: a model of the project, or a bare .tflite, becomes a C library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tinygest.core.errors import ContractError, FormatError, ToolchainError
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Recording
from tinygest.generate.classifier_library import generate_library
from tinygest.generate.layout import BackEnd
from tinygest.generate.library import Library
from tinygest.generate.network import resolve_network
from tinygest.generate.network_library import generate_network
from tinygest.generate.runtime import check_model_name
from tinygest.generate.tflite_model import MAX_FILE_BYTES
from tinygest.store.bundles import Bundle
from tinygest.store.project import Project
from tinygest.workflow.costs import memory_over_budget
from tinygest.workflow.golden import network_vectors, stream_vectors


@dataclass(frozen=True)
class Generated:
    """What was written."""

    name: str
    model_id: str | None
    """None for a bare network, which has no contract."""
    back_end: BackEnd
    library: str
    """Folder of the model's own library."""
    runtime: str
    zip: str | None
    n_changed: int
    """Files that were written; the others were there already, with the same content."""
    arena_bytes: int
    arena_bound_bytes: int
    """Of the network: the most that is in use at one time, so no plan of its memory needs less."""
    constant_bytes: int
    n_macs: int
    self_test: bool
    no_self_test: str
    """Why there is none."""
    over_budget: str = ""
    """Limits of flash and RAM in tinygest.toml that the library breaks, in words."""


def generate_model(
    project: Project,
    model: str | None,
    out: Path,
    back_end: BackEnd = "c",
    *,
    zip: bool = False,
    progress: Progress = silent,
) -> Generated:
    """model: as Project.bundle takes it, the newest if None. Raises as generate_library."""
    bundle = project.bundle(model)
    check_model_name(bundle.name)
    resolve_network(bundle.tflite)  # what is wrong with the model is said before anything is compiled
    progress("making golden vectors", 0, 2)
    vectors, reason = None, "no recording of this model's sensor holds an event"
    try:
        vectors = stream_vectors(bundle.contract, bundle.tflite, _recordings(project, bundle))
    except ToolchainError as error:
        reason = str(error)
    progress("writing the library", 1, 2)
    library = generate_library(bundle.contract, bundle.tflite, out, back_end, vectors=vectors, zip=zip)
    result = _generated(library, bundle.tflite, bundle.model_id, back_end, "" if vectors else reason)
    if back_end == "tflm":  # linked with an interpreter that is not here
        return result
    return replace(result, over_budget=memory_over_budget(out, bundle.name, project.config.budgets))


def generate_file(
    path: Path,
    name: str | None,
    out: Path,
    back_end: BackEnd = "c",
    *,
    zip: bool = False,
    progress: Progress = silent,
) -> Generated:
    """path: a .tflite, int8 from input to output; name: in C, None for that of the file.

    Raises as generate_network, or FormatError.
    """
    name = check_model_name(name) if name else _name_of(path)
    tflite = read_tflite_file(path)
    network = resolve_network(tflite)
    progress("making golden vectors", 0, 2)
    vectors, reason = None, ""
    try:
        vectors = network_vectors(tflite, name, network.input.n_elements)
    except ToolchainError as error:
        reason = str(error)
    progress("writing the library", 1, 2)
    library = generate_network(tflite, name, out, back_end, vectors=vectors, zip=zip)
    return _generated(library, tflite, None, back_end, reason)


def _name_of(path: Path) -> str:
    try:
        return check_model_name(path.stem)
    except ContractError as error:
        raise ContractError(f"{error}; --name gives the C another name than the file") from error


def _recordings(project: Project, bundle: Bundle) -> Iterator[Recording]:
    """What the model was trained on, as far as it is still there, one at a time."""
    known = {entry.id for entry in project.recordings()}
    return (project.load(name) for name in bundle.lock.recordings if name in known)


def read_tflite_file(path: Path) -> bytes:
    """The file, as far as it may be one; raises FormatError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise FormatError(error.strerror or "cannot be read", path) from error


def _generated(
    library: Library, tflite: bytes, model_id: str | None, back_end: BackEnd, no_self_test: str
) -> Generated:
    network = resolve_network(tflite)
    return Generated(
        name=library.name,
        model_id=model_id,
        back_end=back_end,
        library=str(library.folder),
        runtime=str(library.runtime),
        zip=None if library.zip is None else str(library.zip),
        n_changed=len(library.changed),
        arena_bytes=library.arena_bytes,
        arena_bound_bytes=network.plan.bound,
        constant_bytes=network.constant_bytes,
        n_macs=network.n_macs,
        self_test=not no_self_test,
        no_self_test=no_self_test,
    )
