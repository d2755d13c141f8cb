"""A project and sessions that run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import board_process
import pytest

from tinygest.gateway.session import Session, SessionOptions
from tinygest.gateway.updates import Linked, Unlinked, Update
from tinygest.store.project import Project
from tinygest.transport.base import Transport


@pytest.fixture(scope="session")
def program(needs_host_compiler: None) -> Path:
    """The virtual board."""
    return board_process.build()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "project")


Running = Callable[..., AbstractAsyncContextManager[tuple[Session, list[Update]]]]


@asynccontextmanager
async def running(
    transport: Transport, options: SessionOptions | None = None, address: str = "fake"
) -> AsyncIterator[tuple[Session, list[Update]]]:
    """A session with its first link, and its links and losses as they come; stopped at the end."""
    session = Session(transport, address, options)
    seen: list[Update] = []
    session.listen(lambda update: seen.append(update) if isinstance(update, Linked | Unlinked) else None)
    work = asyncio.create_task(session.run())
    try:
        while not any(isinstance(update, Linked) for update in seen):
            assert not work.done(), work.exception()
            await asyncio.sleep(0.01)
        yield session, seen
    finally:
        session.stop()
        await work


@pytest.fixture(name="running")
def running_fixture() -> Running:
    return running
