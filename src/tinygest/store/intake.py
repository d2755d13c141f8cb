"""Taking in many recordings at once, all or none, without holding them in memory.

Files are prepared in a folder of their own and moved into place at the end. A failure before that
leaves the project as it was. A power cut during the moves (milliseconds) leaves whole recordings only;
taking in the same data again adds the rest, because recordings that are there already are skipped.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np

from tinygest.core.errors import StoreError
from tinygest.core.labels import LabelTrack
from tinygest.core.recording import Recording
from tinygest.store.atomic import publish_file, sync_folder, write_synced
from tinygest.store.labels import encode_track
from tinygest.store.layout import Layout
from tinygest.store.recordings import encode_meta, encode_signal, read_signal

PREFIX = "intake-"


class Intake:
    """Used through `Project.intake()`, which holds the write lock meanwhile."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._remove_abandoned()
        try:
            self._folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=layout.private))
        except OSError as error:
            raise StoreError(f"cannot write to the project: {error.strerror}") from error
        self.added: list[str] = []
        self.already_there: list[str] = []

    def add(self, recording: Recording, track: LabelTrack) -> None:
        """Prepare one recording; raises StoreError if its id is taken by another one."""
        track.check(recording.info.n_samples)
        there = self._layout.signal(recording.id)
        if recording.id in self.added:
            raise StoreError(f"two recordings would be called {recording.id!r}")
        if there.exists():
            if not _same(there, recording):
                raise StoreError(
                    f"the project has another recording {recording.id!r}; give the new ones a --prefix"
                )
            self.already_there.append(recording.id)
            return
        self._prepare(f"{recording.id}.labels", encode_track(track))
        self._prepare(f"{recording.id}.meta", encode_meta(recording.meta))
        self._prepare(f"{recording.id}.signal", encode_signal(recording))
        self.added.append(recording.id)

    def publish(self) -> None:
        """Move everything into place; raises StoreError."""
        try:
            for recording_id in self.added:
                self._move(recording_id)
            for folder in (self._layout.labels, self._layout.recordings):
                sync_folder(folder)
        except OSError as error:
            raise StoreError(
                f"cannot write to the project: {error.strerror}; import again to add what is missing"
            ) from error

    def discard(self) -> None:
        """Remove what was prepared and not moved."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _move(self, recording_id: str) -> None:
        """A recording exists once its signal does, so that comes last."""
        layout = self._layout
        for name, target in (("labels", layout.track(recording_id)), ("meta", layout.meta(recording_id))):
            prepared = self._folder / f"{recording_id}.{name}"
            # Of a recording whose signal somebody removed: its labels are not lost.
            if target.exists() and target.read_bytes() != prepared.read_bytes():
                target.replace(target.with_suffix(".orphan"))
            prepared.replace(target)
        publish_file(self._folder / f"{recording_id}.signal", layout.signal(recording_id))

    def _prepare(self, name: str, data: bytes) -> None:
        try:
            write_synced(self._folder / name, data)
        except OSError as error:
            raise StoreError(f"cannot write to the project: {error.strerror}") from error

    def _remove_abandoned(self) -> None:
        """What a killed process left behind; nobody else prepares now, because we hold the lock."""
        for folder in self._layout.private.glob(f"{PREFIX}*"):
            shutil.rmtree(folder, ignore_errors=True)


def _same(signal: Path, recording: Recording) -> bool:
    info, samples = read_signal(signal)
    return info == recording.info and np.array_equal(samples, recording.samples)
