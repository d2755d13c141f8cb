"""Puts the server together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from tinygest import __version__
from tinygest.store.project import Project
from tinygest.web import problems
from tinygest.web.context import Context
from tinygest.web.guard import Guard
from tinygest.web.routes import ssi
from tinygest.web.settings import Settings
from tinygest.workflow.hub import Hub
from tinygest.workflow.jobs import Jobs

ROUTES = (
    "project",
    "recordings",
    "labels",
    "segments",
    "models",
    "uploads",
    "jobs",
    "devices",
    "record",
    "live",
)


@asynccontextmanager
async def _with_hub(app: FastAPI) -> AsyncIterator[None]:
    """Boards are let go, and recordings stored, when the server ends."""
    context: Context = app.state.context
    async with Hub(context.project, context.settings.links) as context.hub:
        yield


def create_app(settings: Settings) -> FastAPI:
    """The server of one project; raises UsageError, StoreError."""
    settings.check()
    project = Project.open(settings.project)
    app = FastAPI(title="tinygest", version=__version__, docs_url=None, redoc_url=None, lifespan=_with_hub)
    app.state.context = Context(settings, project, Jobs(project))
    app.add_middleware(Guard, settings=settings)
    problems.install(app)
    for name in ROUTES:
        app.include_router(import_module(f"tinygest.web.routes.{name}").router)
    app.include_router(ssi.reading)
    app.include_router(ssi.router)
    if settings.page is not None:
        app.mount("/", StaticFiles(directory=settings.page, html=True))
    return app
