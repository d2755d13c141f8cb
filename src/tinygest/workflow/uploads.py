"""Files that a page sends to be imported: kept in folders of the project's own until they are in.

Nothing a browser says is a path: names are taken apart, cleaned and put together again below a folder
whose name is ours. What nobody imports goes when others come.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import NotFoundError, StoreError, UsageError
from tinygest.store.kept import remove_oldest
from tinygest.store.project import Project

MAX_FILES = 5_000
MAX_BYTES = 1 << 30
"""Of one upload."""
MAX_KEPT = 4
"""Uploads at a time."""
MAX_DEPTH = 8
MAX_PART = 120  # characters of a name
ID_BYTES = 8
FILES = "files"
"""Folder in an upload: its name stands for loose files in the axis frame of what is imported."""
UPLOAD_ID = re.compile(r"[0-9a-f]{1,32}\Z")
UNUSABLE = re.compile(r"[^A-Za-z0-9_.,()+=@ -]")


@dataclass(frozen=True)
class Uploaded:
    """What an upload holds so far."""

    id: str
    n_files: int
    n_bytes: int


@dataclass(frozen=True)
class Uploads:
    """The uploads of one project."""

    project: Project

    @property
    def folder(self) -> Path:
        return self.project.layout.private.resolve() / "uploads"

    def begin(self) -> Uploaded:
        """An empty upload; the oldest go when there are too many."""
        made = self.folder / secrets.token_hex(ID_BYTES)
        try:
            (made / FILES).mkdir(parents=True)
        except OSError as error:
            raise StoreError(f"cannot make {made}: {error.strerror}") from error
        remove_oldest(self.folder, MAX_KEPT)
        return Uploaded(made.name, 0, 0)

    def add(self, upload_id: str, name: str, content: bytes) -> Uploaded:
        """Keep a file under a clean form of its name. Raises UsageError where it is one too many."""
        folder = self._folder_of(upload_id)
        parts = clean_parts(name)
        path = folder.joinpath(FILES, *parts)
        now = _size(folder)
        if now.n_files >= MAX_FILES:
            raise UsageError(f"at most {MAX_FILES} files at a time; import them in several steps")
        if now.n_bytes + len(content) > MAX_BYTES:
            raise UsageError(f"at most {MAX_BYTES >> 20} MiB at a time; import them in several steps")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError as error:
            raise UsageError(f"two files are called {'/'.join(parts)}; send them apart") from error
        except OSError as error:
            with contextlib.suppress(OSError):  # half of it would be in the way of the next attempt
                path.unlink()
            raise StoreError(f"cannot keep {name[:80]!r}: {error.strerror}") from error
        return Uploaded(upload_id, now.n_files + 1, now.n_bytes + len(content))

    def source(self, upload_id: str) -> Path:
        """What `import` reads: the file or folder if there is one alone, else all of it."""
        files = self._folder_of(upload_id) / FILES
        inside = list(files.iterdir())
        if not inside:
            raise UsageError("nothing has been sent yet; choose files first")
        return inside[0] if len(inside) == 1 else files

    def remove(self, upload_id: str) -> None:
        """Forget it."""
        shutil.rmtree(self._folder_of(upload_id), ignore_errors=True)

    def _folder_of(self, upload_id: str) -> Path:
        if not UPLOAD_ID.match(upload_id) or not (self.folder / upload_id).is_dir():
            raise NotFoundError("there is no such upload any more; choose the files again")
        return self.folder / upload_id


def clean_parts(name: str) -> list[str]:
    """`gestures/left jab?.csv` -> ["gestures", "left jab_.csv"]; raises UsageError for no usable name."""
    parts = [part for part in re.split(r"[/\\]+", name) if part not in ("", ".")]
    if not parts or ".." in parts or len(parts) > MAX_DEPTH:
        raise UsageError(f"{name[:80]!r} is not a usable file name")
    cleaned = [UNUSABLE.sub("_", part)[-MAX_PART:].strip(" .") for part in parts]
    if not all(cleaned):
        raise UsageError(f"{name[:80]!r} is not a usable file name")
    return cleaned


def _size(folder: Path) -> Uploaded:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return Uploaded(folder.name, len(sizes), sum(sizes))
