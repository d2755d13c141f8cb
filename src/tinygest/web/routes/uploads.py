"""Files to import, one request each: the body is the content, its name a hint."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.requests import ClientDisconnect

from tinygest.core.errors import UsageError
from tinygest.web.context import Shared
from tinygest.web.guard import MAX_BODY_BYTES
from tinygest.workflow.uploads import Uploaded, Uploads

router = APIRouter(prefix="/api/uploads", tags=["uploads"])

Name = Annotated[str, Query(min_length=1, max_length=1000)]


@router.post("", status_code=201)
def begin(shared: Shared) -> Uploaded:
    """Somewhere for files to go."""
    return Uploads(shared.project).begin()


@router.post("/{upload_id}/files", status_code=201)
async def add(shared: Shared, upload_id: str, name: Name, request: Request) -> Uploaded:
    """One file; bounded as every request is, and in number and sum."""
    try:
        content = await request.body()
    except ClientDisconnect:
        raise UsageError(f"a file may hold at most {MAX_BODY_BYTES >> 20} MiB") from None
    return await asyncio.to_thread(Uploads(shared.project).add, upload_id, name, content)


@router.delete("/{upload_id}")
def remove(shared: Shared, upload_id: str) -> Uploaded:
    """They have been imported, or somebody thought better of it."""
    Uploads(shared.project).remove(upload_id)
    return Uploaded(upload_id, 0, 0)
