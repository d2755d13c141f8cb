"""Proof and cost of a model's C library: generate it, then let `verify` run it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from tinygest.core.errors import DatasetError
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Recording
from tinygest.generate.classifier_library import generate_library
from tinygest.generate.network import resolve_network
from tinygest.generate.network_library import generate_network
from tinygest.generate.vectors import random_inputs
from tinygest.store.bundles import Bundle
from tinygest.store.project import Project
from tinygest.store.recordings import RecordingEntry
from tinygest.toolchain import arm
from tinygest.verify.bundle import verify_bundle
from tinygest.verify.library import open_library
from tinygest.verify.network_profile import NetworkProfile, profile_network
from tinygest.verify.profile import ProfileReport, profile_library, with_speed
from tinygest.verify.report import VerifyReport
from tinygest.workflow.costs import against_budget
from tinygest.workflow.generation import read_tflite_file
from tinygest.workflow.layers import tell_layers

N_RANDOM_INPUTS = 20


def verify_model(
    project: Project,
    model: str | None = None,
    *,
    where: str = "",
    limit: int | None = None,
    library: Path | None = None,
    required: Iterable[str] = (),
    progress: Progress = silent,
) -> VerifyReport:
    """Stream recordings through the library of a model and compare every stage with Python.

    model: a name, `name/revision`, or None for the newest; limit: the first so many recordings;
    library: a folder of `generate --out`, or None to generate afresh. Raises VerifyError.
    """
    bundle = project.bundle(model)
    chosen = _choose(project, where, limit)
    with _library(bundle, library) as folder:
        return verify_bundle(
            bundle.contract,
            bundle.tflite,
            folder,
            _load(project, chosen),
            n_recordings=len(chosen),
            required=required,
            progress=progress,
        )


def profile_model(
    project: Project,
    model: str | None = None,
    *,
    where: str = "",
    limit: int | None = None,
    library: Path | None = None,
    progress: Progress = silent,
) -> ProfileReport:
    """What the library of a model costs on a Cortex-M4, as PlatformIO builds it and built for speed.

    Arguments as in `verify_model`.
    """
    bundle = project.bundle(model)
    chosen = _choose(project, where, limit)
    with _library(bundle, library) as folder:
        counted = partial(profile_library, bundle.contract, bundle.tflite, folder, progress=progress)
        layers = tell_layers(resolve_network(bundle.tflite))
        report = counted(_load(project, chosen), layers=layers, with_stages=True)
        report = with_speed(report, counted(_load(project, chosen), flags=arm.SPEED_FLAGS))
        return against_budget(report, project.config.budgets)


def profile_file(path: Path, *, progress: Progress = silent) -> NetworkProfile:
    """What a bare .tflite costs on a Cortex-M4. Raises FormatError, or GenerateError as `generate`."""
    name = "net"  # of the C, which nobody sees
    tflite = read_tflite_file(path)
    network = resolve_network(tflite)
    inputs = random_inputs(N_RANDOM_INPUTS, network.input.n_elements)
    with tempfile.TemporaryDirectory(prefix="tinygest-library-") as temporary:
        generate_network(tflite, name, Path(temporary))
        library = open_library(Path(temporary), name)
        told = tell_layers(network)
        sizes = (network.arena_bytes, network.stack_bytes)
        report = profile_network(library, told, *sizes, inputs, progress=progress)
    return msgspec.structs.replace(report, network=path.stem)


def _choose(project: Project, where: str, limit: int | None) -> list[RecordingEntry]:
    chosen = project.recordings(where)[:limit]
    if not chosen:
        raise DatasetError(
            f"no recording is chosen by {where!r}" if where else "the project has no recording"
        )
    return chosen


def _load(project: Project, entries: list[RecordingEntry]) -> Iterator[Recording]:
    return (project.load(entry.id) for entry in entries)


@contextmanager
def _library(bundle: Bundle, folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="tinygest-library-") as temporary:
        generate_library(bundle.contract, bundle.tflite, Path(temporary))
        yield Path(temporary)
