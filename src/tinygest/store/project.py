"""A project: a folder with recordings, labels and models.

Reading takes no lock. Everything that writes holds the project's write lock, so two processes may work
in one project: edits of labels follow each other, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.contract import ModelContract
from tinygest.core.errors import NotFoundError, StoreError
from tinygest.core.labels import LabelTrack
from tinygest.core.recording import Recording, RecordingMeta, check_meta
from tinygest.store import bundles
from tinygest.store.atomic import write_atomic
from tinygest.store.bundles import Bundle, Lock
from tinygest.store.config import ProjectConfig, initial_config, read_config
from tinygest.store.fingerprint import dataset_hash, recording_hash
from tinygest.store.history import Done, History
from tinygest.store.intake import Intake
from tinygest.store.labels import encode_track, read_track
from tinygest.store.layout import Layout
from tinygest.store.lock import write_lock
from tinygest.store.recordings import RecordingEntry, encode_meta, read_info, read_meta, read_signal
from tinygest.store.selection import select

MAX_DIGITS = 10  # of a revision
Change = Callable[[LabelTrack, int], LabelTrack]
"""(labels, number of samples) -> labels. Raises LabelError to refuse."""
Check = Callable[[LabelTrack], None]


def _anything(track: LabelTrack) -> None:
    """No labels are refused."""


@dataclass(frozen=True)
class Project:
    """Open with `Project.open`, start with `Project.create`."""

    root: Path
    config: ProjectConfig

    @classmethod
    def create(cls, root: Path, config: ProjectConfig | None = None) -> Project:
        """Start a project in `root`, which may exist and hold other things; raises StoreError."""
        config = (config or ProjectConfig()).check()
        layout = Layout(root)
        try:
            if layout.config.exists():
                raise StoreError(f"{root} is a project already")
            for folder in (layout.recordings, layout.labels, layout.models):
                if folder.exists():
                    raise StoreError(f"{folder} is in the way; name a new folder for the project")
            layout.make_folders()
        except OSError as error:
            raise StoreError(f"cannot make {root}: {error.strerror}") from error
        write_atomic(layout.config, initial_config(config))
        return cls.open(root)

    @classmethod
    def open(cls, root: Path) -> Project:
        """Open the project in `root`; raises StoreError if there is none, FormatError if it is damaged."""
        layout = Layout(root)
        if not layout.config.is_file():
            raise StoreError(
                f"{root} is no tinygest project; name one with -p, or start one with `tinygest init {root}`"
            )
        return cls(root, read_config(layout.config))

    @property
    def layout(self) -> Layout:
        return Layout(self.root)

    # --- recordings ---

    def recordings(self, where: str = "", *, deleted: bool = False) -> list[RecordingEntry]:
        """Recordings that `where` chooses, sorted by id, without their samples.

        Deleted recordings are left out, or with `deleted` are the only ones. Raises UsageError.
        """
        entries = (self.entry(recording_id) for recording_id in self.layout.recording_ids())
        kept = [entry for entry in entries if entry.meta.deleted == deleted]
        return select(kept, where, self.config.fields, self.labels)

    def entry(self, recording_id: str) -> RecordingEntry:
        """One recording without its samples."""
        signal = self._existing(recording_id)
        return RecordingEntry(recording_id, read_info(signal), read_meta(self.layout.meta(recording_id)))

    def load(self, recording_id: str) -> Recording:
        """One recording with its samples."""
        info, samples = read_signal(self._existing(recording_id))
        return Recording(recording_id, info, read_meta(self.layout.meta(recording_id)), samples)

    def add(self, recording: Recording, track: LabelTrack | None = None) -> None:
        """Store one new recording; raises StoreError if its id is taken."""
        with self.intake() as intake:
            intake.add(recording, track or LabelTrack())

    @contextmanager
    def intake(self) -> Iterator[Intake]:
        """Take in many recordings, all or none: they appear when the block ends without an error."""
        with self._writing():
            intake = Intake(self.layout)
            try:
                yield intake
                intake.publish()
            finally:
                intake.discard()

    def save_meta(self, recording_id: str, meta: RecordingMeta) -> None:
        """Correct a recording's metadata; raises StoreError for text that is not usable."""
        check_meta(meta)
        with self._writing():
            self._existing(recording_id)
            write_atomic(self.layout.meta(recording_id), encode_meta(meta))

    # --- labels ---

    def labels(self, recording_id: str) -> LabelTrack:
        """Labels of a recording; none yet is an empty track."""
        n_samples = read_info(self._existing(recording_id)).n_samples
        return read_track(self.layout.track(recording_id), n_samples)

    def edit_labels(self, recording_id: str, action: str, change: Change) -> LabelTrack:
        """Change labels by a function of what they are now; can be undone. Returns the new labels.

        action: a few words that `undo` will show.
        """
        with self._writing():
            n_samples = read_info(self._existing(recording_id)).n_samples
            before = read_track(self.layout.track(recording_id), n_samples)
            after = change(before, n_samples).check(n_samples)
            if after != before:
                History.read(self.layout.history(recording_id)).edit(action, before, after)
                write_atomic(self.layout.track(recording_id), encode_track(after))
            return after

    def save_labels(self, recording_id: str, track: LabelTrack, action: str = "save") -> None:
        """Replace labels; what was there can be brought back by `undo_labels`."""
        self.edit_labels(recording_id, action, lambda before, n_samples: track)

    def undo_labels(self, recording_id: str, check: Check = _anything) -> str:
        """Take back the last edit; returns its action. Raises LabelError if there is none.

        check: gets the labels as they are, and may raise to refuse.
        """
        return self._step(recording_id, History.undo, check)

    def redo_labels(self, recording_id: str, check: Check = _anything) -> str:
        """Do again what was undone last; returns its action. Raises LabelError if there is none."""
        return self._step(recording_id, History.redo, check)

    def label_history(self, recording_id: str) -> History:
        """What can be undone and redone."""
        return History.read(self.layout.history(recording_id))

    def known_labels(self) -> tuple[str, ...]:
        """Labels of `tinygest.toml` in their order, then others that recordings use, sorted."""
        used = set()
        for recording_id in self.layout.recording_ids():
            used |= {segment.label or "" for segment in self.labels(recording_id).segments}
            used.add(read_meta(self.layout.meta(recording_id)).default_label)
        return (*self.config.labels, *sorted(used - {"", *self.config.labels}))

    # --- models ---

    def models(self) -> dict[str, list[int]]:
        """Names of models and their revisions, oldest first."""
        return {name: bundles.revisions(self.layout, name) for name in bundles.model_names(self.layout)}

    def bundle(self, name: str | None = None, revision: int | None = None) -> Bundle:
        """A model: newest revision, and newest of all models, where not said. `punch/2` is one."""
        if name is not None and revision is None and ("/" in name or "@" in name):
            name, _, number = name.replace("@", "/").partition("/")
            if not (number.isdecimal() and len(number) < MAX_DIGITS):
                raise StoreError(f"model revision {number!r} is not a number")
            revision = int(number)
        if name is None or revision is None:
            name, revision = bundles.newest(self.layout, name)
        return bundles.load_bundle(self.layout, name, revision)

    def save_bundle(self, contract: ModelContract, lock: Lock, files: Mapping[str, bytes]) -> Bundle:
        """Store the next revision of a model; file names are those of `store.bundles`."""
        with self._writing():
            return bundles.save_bundle(self.layout, contract, lock, files)

    def dataset_hash(self, recording_ids: Iterable[str]) -> str:
        """Hash over signals, metadata and labels of these recordings, for lock.json."""
        return dataset_hash((name, self._recording_hash(name)) for name in recording_ids)

    def recording_hashes(self, recording_ids: Iterable[str]) -> dict[str, str]:
        """Hash of each recording: signal, metadata (without notes) and labels."""
        return {name: self._recording_hash(name).hex() for name in recording_ids}

    def _recording_hash(self, recording_id: str) -> bytes:
        meta = read_meta(self.layout.meta(recording_id))
        return recording_hash(self._existing(recording_id), meta, self.labels(recording_id))

    def _existing(self, recording_id: str) -> Path:
        signal = self.layout.signal(recording_id)
        if not signal.is_file():
            raise NotFoundError(f"the project has no recording {recording_id!r}; see `tinygest recordings`")
        return signal

    def _step(self, recording_id: str, step: Callable[[History, LabelTrack], Done], check: Check) -> str:
        with self._writing():
            now = self.labels(recording_id)
            check(now)
            done = step(History.read(self.layout.history(recording_id)), now)
            write_atomic(self.layout.track(recording_id), encode_track(done.track))
            return done.action

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self.layout.make_folders()  # git keeps no empty folders: a clone may lack them
        except OSError as error:
            raise StoreError(f"cannot write to {self.root}: {error.strerror}") from error
        with write_lock(self.layout.lock).held():
            yield
