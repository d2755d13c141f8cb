"""What an export wrote, as one file that a browser can save."""

from __future__ import annotations

import secrets
import shutil
import zipfile
from pathlib import Path

from tinygest.core.errors import NotFoundError, StoreError
from tinygest.store.project import Project

MAX_KEPT = 3
"""Exports at a time; the oldest go."""
ID_BYTES = 4


def new_export_folder(project: Project, format_name: str) -> Path:
    """Where an export may write; the folder itself does not exist yet."""
    folder = _folder(project)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        by_age = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    except OSError as error:
        raise StoreError(f"cannot make {folder}: {error.strerror}") from error
    for old in by_age[: -(MAX_KEPT - 1)]:
        _remove(old)
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
    part = packed.with_suffix(".part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
            for path in sorted(exported.rglob("*")):
                if path.is_file():
                    file.write(path, path.relative_to(exported).as_posix())
        part.replace(packed)
    except OSError as error:
        raise StoreError(f"cannot write {packed}: {error.strerror}") from error
    return packed


def _folder(project: Project) -> Path:
    return project.layout.private.resolve() / "exports"


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
