"""Where each file of a project lies. Every path of the store is made here.

No name leaves the project folder: names are checked, and a path that a symbolic link leads elsewhere
is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import StoreError
from tinygest.core.names import check_identifier
from tinygest.core.recording import RECORDING_ID, check_recording_id

PRIVATE = ".tinygest"
"""What the store keeps for itself: lock, undo history, what is under way, caches. Not for git."""


@dataclass(frozen=True)
class Layout:
    """Paths below `root`."""

    root: Path

    @property
    def config(self) -> Path:
        return self._inside("tinygest.toml")

    @property
    def recordings(self) -> Path:
        return self._inside("recordings")

    @property
    def labels(self) -> Path:
        return self._inside("labels")

    @property
    def models(self) -> Path:
        return self._inside("models")

    @property
    def lock(self) -> Path:
        return self._inside(PRIVATE, "lock")

    @property
    def private(self) -> Path:
        return self._inside(PRIVATE)

    @property
    def journals(self) -> Path:
        return self._inside(PRIVATE, "journals")

    def journal(self, recording_id: str) -> Path:
        return self._inside(PRIVATE, "journals", check_recording_id(recording_id) + ".journal")

    def signal(self, recording_id: str) -> Path:
        return self._inside("recordings", check_recording_id(recording_id) + ".parquet")

    def meta(self, recording_id: str) -> Path:
        return self._inside("recordings", check_recording_id(recording_id) + ".json")

    def track(self, recording_id: str) -> Path:
        return self._inside("labels", check_recording_id(recording_id) + ".json")

    def history(self, recording_id: str) -> Path:
        return self._inside(PRIVATE, "history", check_recording_id(recording_id) + ".jsonl")

    def model(self, name: str) -> Path:
        return self._inside("models", check_identifier(name, "model name"))

    def revision(self, name: str, revision: int) -> Path:
        return self._inside("models", check_identifier(name, "model name"), str(revision))

    def recording_ids(self) -> list[str]:
        """Ids of all recordings, sorted. A recording exists once its signal does."""
        ids = (path.name.removesuffix(".parquet") for path in self.recordings.glob("*.parquet"))
        return sorted(name for name in ids if RECORDING_ID.match(name))

    def ids_without_signal(self) -> list[str]:
        """Ids that have metadata and no signal: somebody removed it, or a move was cut short."""
        ids = {path.name.removesuffix(".json") for path in self.recordings.glob("*.json")}
        return sorted(name for name in ids - set(self.recording_ids()) if RECORDING_ID.match(name))

    def make_folders(self) -> None:
        """Create what a project needs; what is there stays."""
        private = (self.private, self.private / "history", self.journals)
        for folder in (self.recordings, self.labels, self.models, *private):
            folder.mkdir(parents=True, exist_ok=True)
        ignore = self.private / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")

    def _inside(self, *parts: str) -> Path:
        path = self.root.joinpath(*parts)
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise StoreError(f"{path} leads out of the project folder; replace the symbolic link by a copy")
        return path
