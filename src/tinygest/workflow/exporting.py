"""From recordings of a project to the files of another tool."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import DatasetError, StoreError
from tinygest.core.progress import Progress, silent
from tinygest.formats.convert import CHANNELS
from tinygest.formats.export_base import ExportOptions, Item
from tinygest.formats.registry import exporter
from tinygest.store.project import Project
from tinygest.store.recordings import RecordingEntry
from tinygest.workflow.importing import RemarkGroup, grouped


@dataclass(frozen=True)
class ExportResult:
    """What was written."""

    format: str
    folder: str
    n_recordings: int
    n_files: int
    import_again: str
    """The command that brings it back."""
    remarks: list[RemarkGroup]
    """What the format could not hold."""


def export_data(
    project: Project,
    out: Path,
    format_name: str,
    where: str = "",
    *,
    options: ExportOptions | None = None,
    progress: Progress = silent,
) -> ExportResult:
    """Write chosen recordings into the new folder `out`: all of them, or nothing.

    Recordings are loaded one by one. Raises UsageError, DatasetError if none is chosen, StoreError.
    """
    write, import_again = exporter(format_name)
    entries = project.recordings(where)
    if not entries:
        raise DatasetError("no recording is chosen; see `tinygest recordings`")
    _check_channels(entries)
    with new_folder(out) as folder:
        remarks = write(_items(project, entries, progress), folder, options or ExportOptions())
        n_files = sum(path.is_file() for path in folder.rglob("*"))
    command = import_again.format(out=shlex.quote(str(out)), **_described(entries))
    return ExportResult(format_name, str(out), len(entries), n_files, command, grouped(remarks))


def _check_channels(entries: Iterable[RecordingEntry]) -> None:
    for entry in entries:
        names = entry.info.contract.channel_names
        if not set(names) <= set(CHANNELS):
            raise DatasetError(
                f"recording {entry.id} has {', '.join(names)}; only {', '.join(CHANNELS)} can go"
            )


def _items(project: Project, entries: list[RecordingEntry], progress: Progress) -> Iterator[Item]:
    for done, entry in enumerate(entries, start=1):
        yield Item(project.load(entry.id), project.labels(entry.id))
        progress("exporting", done, len(entries))


def _described(entries: Iterable[RecordingEntry]) -> dict[str, str]:
    """Options with which formats are read again that do not say these things themselves."""
    contracts = {entry.info.contract for entry in entries}
    first = min(contracts, key=lambda contract: contract.rate_hz)
    gravity = any(channel.quantity == "acceleration" for channel in first.channels)
    return {
        "rate": f"--rate-hz {first.rate_hz:g}" if len(contracts) == 1 else "--rate-hz RATE",
        "gravity": "" if gravity else " --no-gravity",
    }


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """A folder that gets its name when all is written."""
    if out.exists():
        raise StoreError(f"{out} exists already; name a new folder")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        try:
            inner = temporary / "new"
            inner.mkdir()
            yield inner
            inner.rename(out)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror}") from error
