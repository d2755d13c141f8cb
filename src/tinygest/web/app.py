"""Puts the server together."""

from __future__ import annotations

from importlib import import_module

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from tinygest import __version__
from tinygest.store.project import Project
from tinygest.web import problems
from tinygest.web.context import Context
from tinygest.web.guard import Guard
from tinygest.web.settings import Settings
from tinygest.workflow.jobs import Jobs

ROUTES = ("project", "recordings", "labels", "segments", "models", "jobs")


def create_app(settings: Settings) -> FastAPI:
    """The server of one project; raises UsageError, StoreError."""
    settings.check()
    project = Project.open(settings.project)
    app = FastAPI(title="tinygest", version=__version__, docs_url=None, redoc_url=None)
    app.state.context = Context(settings, project, Jobs(project))
    app.add_middleware(Guard, settings=settings)
    problems.install(app)
    for name in ROUTES:
        app.include_router(import_module(f"tinygest.web.routes.{name}").router)
    if settings.page is not None:
        app.mount("/", StaticFiles(directory=settings.page, html=True))
    return app
