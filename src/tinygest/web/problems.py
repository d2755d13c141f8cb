"""Errors as answers: the sentence that the command line would print, and a fitting status."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from tinygest.core.errors import ConflictError, NotFoundError, TinygestError

API = "/api/"


def install(app: FastAPI) -> None:
    """Make `app` answer errors with `{"error": sentence}`."""
    app.add_exception_handler(TinygestError, _mendable)
    app.add_exception_handler(RequestValidationError, _malformed)


async def _mendable(request: Request, error: Exception) -> JSONResponse:
    if not request.url.path.startswith(API):  # SSI: as SensiML's gateway says it
        return JSONResponse({"detail": str(error)}, status_code=400)
    match error:
        case ConflictError():
            status = 409
        case NotFoundError():
            status = 404
        case _:
            status = 422
    return JSONResponse({"error": str(error)}, status_code=status)


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    return JSONResponse({"error": f"{place}: {first['msg']}" if place else first["msg"]}, status_code=422)
