"""Long work in processes of its own: started, watched and cancelled from anywhere, whoever started it.

A job is a verb of the command line with its arguments. Its folder `.tinygest/jobs/<id>/` holds all that
is known about it, so a job outlives the process that started it and is found again by the next one:

    job.json        verb, arguments, when it was made
    lock            held by the job's process while it lives; the system frees it however that ends
    pid             of the job's process, the leader of its process group
    progress.json   what is being done, steps done, steps in all
    result.json     what the verb printed with --json
    log.txt         what it wrote to standard error
    finished.json   its exit status and seconds; missing if it was killed
    cancelled       somebody asked it to stop
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from tinygest.core.canonical import decode_json, pretty_json
from tinygest.core.errors import FormatError, NotFoundError, StoreError, UsageError
from tinygest.store.atomic import write_atomic
from tinygest.store.lock import WriteLock
from tinygest.store.project import Project

MAX_RUNNING = 2
"""More would only slow each other down on a laptop."""
MAX_KEPT = 100
"""Finished jobs; the oldest go when a new one starts."""
STARTING_S = 10.0
"""A job this young may not hold its lock yet."""
TAIL_BYTES = 4096
ID_BYTES = 3

State = Literal["running", "done", "failed", "cancelled", "lost"]
"""lost: its process died without a word (killed, power cut)."""


class JobRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`job.json`"""

    verb: str
    arguments: tuple[str, ...]
    created: str
    """UTC, ISO 8601"""


class JobProgress(msgspec.Struct, frozen=True):
    """`progress.json`"""

    what: str = ""
    done: int = 0
    total: int = 0


class JobEnd(msgspec.Struct, frozen=True):
    """`finished.json`"""

    exit_status: int
    seconds: float


class Job(msgspec.Struct, frozen=True):
    """What is known about a job now."""

    id: str
    verb: str
    arguments: tuple[str, ...]
    created: str
    state: State
    progress: JobProgress
    seconds: float | None
    result: Any
    """JSON that the verb printed; None before its end, or if it printed none."""
    message: str
    """End of what it wrote to standard error: the reason, if it failed."""


@dataclass
class Jobs:
    """The jobs of one project."""

    project: Project
    _started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.project.layout.private / "jobs"

    def start(self, verb: str, arguments: Sequence[str]) -> Job:
        """Begin `tinygest VERB ARGUMENTS --json` in a process of its own; raises UsageError if full."""
        running = [job for job in self.all() if job.state == "running"]
        if len(running) >= MAX_RUNNING:
            raise UsageError(f"{len(running)} jobs are running; wait for one, or cancel it")
        created = datetime.now(UTC)
        # In order of time by name; the random part tells jobs of one second apart.
        job_id = f"{created:%Y%m%d-%H%M%S}-{secrets.token_hex(ID_BYTES)}"
        folder = self.folder / job_id
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise StoreError(f"cannot make {folder}: {error.strerror}") from error
        request = JobRequest(verb, tuple(arguments), created.isoformat(timespec="seconds"))
        write_atomic(folder / "job.json", pretty_json(request))
        root = self.project.root.resolve()
        with (folder / "log.txt").open("wb") as log:  # what it says before it says it by itself
            self._started[job_id] = subprocess.Popen(
                [sys.executable, "-m", "tinygest.cli.job", str(folder.resolve()), str(root)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=root,
                start_new_session=True,
            )
        self._forget_old()
        return self.get(job_id)

    def all(self) -> list[Job]:
        """All jobs, newest first. What another version or a crash left unreadable is passed over."""
        names = sorted((path.name for path in self.folder.glob("*/") if path.is_dir()), reverse=True)
        jobs = []
        for name in names:
            try:
                jobs.append(self.get(name))
            except (OSError, FormatError, StoreError):  # OSError: somebody is just removing it
                continue
        return jobs

    def get(self, job_id: str) -> Job:
        """Raises StoreError if there is no such job."""
        folder = self._folder_of(job_id)
        request = decode_json((folder / "job.json").read_bytes(), JobRequest, folder / "job.json")
        end = _read(folder / "finished.json", JobEnd)
        return Job(
            job_id,
            request.verb,
            request.arguments,
            request.created,
            self._state(job_id, folder, end),
            _read(folder / "progress.json", JobProgress) or JobProgress(),
            end and end.seconds,
            _read(folder / "result.json", Any) if end else None,
            _tail(folder / "log.txt"),
        )

    def cancel(self, job_id: str) -> Job:
        """End a running job, with all processes that it started; a finished one stays as it is."""
        if self.get(job_id).state == "running":
            (self._folder_of(job_id) / "cancelled").touch()
            self._end(job_id)
        return self.get(job_id)

    def _end(self, job_id: str, timeout_s: float = 5.0) -> None:
        """One that is only just starting has no group yet; it looks for `cancelled` before it begins."""
        deadline = time.monotonic() + timeout_s
        while self.get(job_id).state == "running" and time.monotonic() < deadline:
            _end_group(self._folder_of(job_id))
            time.sleep(0.05)

    def _state(self, job_id: str, folder: Path, end: JobEnd | None) -> State:
        process = self._started.get(job_id)
        if process is not None:
            running = process.poll() is None  # reaps it, too
        else:
            running = end is None and (_is_locked(folder) or _is_young(folder))
        if running:
            return "running"
        if end is not None and end.exit_status == 0:
            return "done"
        if (folder / "cancelled").exists():
            return "cancelled"
        return "lost" if end is None else "failed"

    def _folder_of(self, job_id: str) -> Path:
        folder = self.folder / job_id
        if folder.parent != self.folder or not (folder / "job.json").is_file():
            raise NotFoundError(f"there is no job {job_id!r}")
        return folder

    def _forget_old(self) -> None:
        for job in self.all()[MAX_KEPT:]:
            if job.state != "running":
                shutil.rmtree(self.folder / job.id, ignore_errors=True)
                self._started.pop(job.id, None)


def job_lock(folder: Path) -> WriteLock:
    """The lock that a job's process holds. Not shared between objects: it tells processes apart."""
    return WriteLock(folder / "lock")


def _is_locked(folder: Path) -> bool:
    if not (folder / "lock").exists():
        return False
    try:
        with job_lock(folder).held(timeout_s=0.0):
            return False
    except StoreError:
        return True


def _is_young(folder: Path) -> bool:
    age_s = time.time() - (folder / "job.json").stat().st_mtime
    return age_s < STARTING_S and not (folder / "pid").exists()


def _end_group(folder: Path) -> None:
    """Only a process that holds the lock is ours: a number alone could be somebody else's by now."""
    try:
        pid = int((folder / "pid").read_text())
    except (OSError, ValueError):
        return
    if not _is_locked(folder):
        return
    try:
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)  # files are written atomically: there is nothing to save
        else:
            os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return


def _read(path: Path, kind: Any) -> Any:
    """The file's JSON; None where there is none (yet), or none that can be read."""
    try:
        return decode_json(path.read_bytes(), kind, path)
    except (OSError, FormatError):
        return None


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            return file.read().decode(errors="replace").strip()
    except OSError:
        return ""
