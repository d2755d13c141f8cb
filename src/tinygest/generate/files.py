"""Writes generated files: whole or not at all, and only those whose content changed."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from tinygest.core.errors import GenerateError

ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same input gives the same bytes


def write_tree(out: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files by their path under `out`; returns the ones that changed, sorted."""
    try:
        return [out / name for name in sorted(files) if write_if_changed(out / name, files[name])]
    except OSError as error:
        raise GenerateError(f"cannot write {error.filename}: {error.strerror}") from error


def write_if_changed(path: Path, content: bytes) -> bool:
    """True if the file was written: an unchanged one keeps its time, so builds stay incremental."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


def remove_stale(folder: Path, paths: Iterable[str]) -> None:
    """Remove what an earlier generation wrote and this one did not.

    Otherwise a network that changed its back end would be linked twice.
    """
    for path in paths:
        (folder / path).unlink(missing_ok=True)


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of the files, the same bytes every time."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()
