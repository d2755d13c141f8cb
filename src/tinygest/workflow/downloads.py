"""What an export wrote, as one file that a browser can save."""

from __future__ import annotations

import contextlib
import secrets
import zipfile
from pathlib import Path

from tinygest.core.errors import NotFoundError, StoreError
from tinygest.store.kept import remove_oldest
from tinygest.store.project import Project

MAX_KEPT = 3
"""Exports at a time; the oldest go."""
ID_BYTES = 4


def new_export_folder(project: Project, format_name: str) -> Path:
    """Where an export may write; the folder itself does not exist yet."""
    folder = _folder(project)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_oldest(folder, MAX_KEPT - 1)
    except OSError as error:
        raise StoreError(f"cannot make {folder}: {error.strerror}") from error
    return folder / f"{format_name}-{secrets.token_hex(ID_BYTES)}"


def archive(project: Project, folder: str) -> Path:
    """The ZIP of an export, made when it is first asked for. Raises NotFoundError for another folder."""
    exported = Path(folder)
    if exported.parent != _folder(project):
        raise NotFoundError("this was not exported for a download")
    packed = exported.with_suffix(".zip")
    if packed.is_file():
        return packed
    if not exported.is_dir():
        raise NotFoundError("this export is no longer kept; export again")
    part = packed.with_suffix(f".{secrets.token_hex(ID_BYTES)}.part")  # two may ask at once
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
            for path in sorted(exported.rglob("*")):
                if path.is_file():
                    file.write(path, path.relative_to(exported).as_posix())
        part.replace(packed)
    except OSError as error:
        with contextlib.suppress(OSError):  # half of it would fill the disk yet more
            part.unlink()
        raise StoreError(f"cannot write {packed}: {error.strerror}") from error
    return packed


def _folder(project: Project) -> Path:
    return project.layout.private.resolve() / "exports"
