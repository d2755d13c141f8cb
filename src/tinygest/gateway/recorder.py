"""A listener of a session that writes a journal: at most `SYNC_S` of a recording is not on the disk."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import asdict

from tinygest.core.errors import ContractError, StoreError
from tinygest.core.labels import check_label
from tinygest.core.recording import RecordingMeta, check_meta
from tinygest.gateway.finish import CLOCK, COUNTS, DELAY, MARK, Finished, finish
from tinygest.gateway.host_clock import epoch_s, iso
from tinygest.gateway.session import Session
from tinygest.gateway.stream import Batch, Counts
from tinygest.gateway.timing import resampler_delay_s
from tinygest.gateway.updates import ClockTold, Update
from tinygest.store.journal import JournalHeader, JournalWriter, Rows
from tinygest.store.project import Project

SYNC_S = 0.5


class Recorder:
    """`Recorder(...)` begins at once; `stop()` returns the finished recording.

    Raises StoreError when the disk does not take it: what was written until then is kept, `problem`
    says so, and the session's listeners are not disturbed.
    """

    def __init__(self, project: Project, session: Session, recording_id: str, meta: RecordingMeta) -> None:
        """The session must have a link, so that it is known what a sample is. Raises ContractError."""
        if session.contract is None or session.identity is None:
            raise ContractError(f"{session.address} is not connected yet")
        if project.layout.signal(recording_id).exists():
            raise StoreError(f"the project has a recording {recording_id!r} already; choose another name")
        self.id = recording_id
        self.problem = ""
        """Why the recording ended by itself; empty while it runs."""
        self.began_s = time.monotonic()
        self.n_samples = 0
        self.n_missing = 0
        self._project = project
        self._session = session
        self._began_with = session.counts.copy()
        self._journal = JournalWriter(project.layout.journal(recording_id), self._header(check_meta(meta)))
        self._noted = Counts()
        self._syncing = asyncio.create_task(self._sync())
        session.listen(self._take)

    @property
    def seconds(self) -> float:
        """Of what should be there: samples, and those that are missing."""
        assert self._session.contract is not None
        return (self.n_samples + self.n_missing) / self._session.contract.rate_hz

    def mark(self, label: str) -> None:
        """From now on it is `label`; an empty one: it is none any more. Raises LabelError."""
        if label:
            check_label(label)
        self._write_note({MARK: label, "host_s": time.monotonic()})

    async def stop(self) -> Finished | None:
        """End and store it; None when nothing was recorded. Raises StoreError; then the journal stays."""
        self._session.unlisten(self._take)
        self._syncing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._syncing
        try:
            if not self.problem:
                self._note_counts(always=True)
                await asyncio.to_thread(self._journal.close)
        except StoreError as error:
            self.problem = str(error)
        self._journal.abandon()
        try:
            return await asyncio.to_thread(finish, self._project, self._journal.path)
        except StoreError as error:
            raise StoreError(
                f"{error}; what was recorded is kept: the next tinygest command in the project takes it in"
            ) from error

    def _header(self, meta: RecordingMeta) -> JournalHeader:
        identity, contract = self._session.identity, self._session.contract
        assert identity is not None
        assert contract is not None
        source: dict[str, object] = {"address": identity.address, "name": identity.name}
        if identity.info is not None:
            source |= {"firmware": identity.info.version, "sensor": identity.info.imu.name}
            source[DELAY] = resampler_delay_s(identity.info, contract.rate_hz)
        return JournalHeader(self.id, contract, meta, identity.device, iso(self.began_s), epoch_s(), source)

    def _take(self, update: Update) -> None:
        if isinstance(update, ClockTold):
            self._write_note({CLOCK: [update.device_s, update.host_s]})
        if not isinstance(update, Batch) or self.problem:
            return
        try:
            self._journal.add(
                Rows(update.samples, update.missing, update.cause, update.device_s, update.host_s)
            )
        except StoreError as error:
            self.problem = str(error)
            return
        self.n_missing += update.missing if self.n_samples else 0
        self.n_samples += len(update.samples)

    async def _sync(self) -> None:
        while not self.problem:
            await asyncio.sleep(SYNC_S)
            try:
                self._note_counts()
                await asyncio.to_thread(self._journal.sync)
            except StoreError as error:
                self.problem = self.problem or str(error)

    def _note_counts(self, *, always: bool = False) -> None:
        """Of this recording; written when they changed otherwise than by samples that came."""
        now = asdict(self._session.counts)
        before = asdict(self._began_with)
        counts = Counts(**{name: now[name] - before[name] for name in now})
        odd = Counts(**{**asdict(counts), "n_samples": 0})
        if always or odd != self._noted:
            self._noted = odd
            self._write_note({COUNTS: asdict(counts)})

    def _write_note(self, note: dict[str, object]) -> None:
        if self.problem:
            return
        try:
            self._journal.note(note)
        except StoreError as error:
            self.problem = str(error)
