"""Boards: find, connect, tell apart, name; and virtual ones to try."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from tinygest.protocol.words import Mode
from tinygest.web.context import SharedHub
from tinygest.workflow.boards import BoardRow

router = APIRouter(prefix="/api/devices", tags=["devices"])

Address = Annotated[str, Field(min_length=1, max_length=200)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Scan(Strict):
    seconds: Annotated[float, Field(gt=0, le=30)] = 4.0


class Connect(Strict):
    address: Address
    mode: Literal["capture", "recognise"] = "capture"


class OfBoard(Strict):
    address: Address


class Identify(OfBoard):
    seconds: Annotated[int, Field(ge=1, le=60)] = 5


class GiveName(OfBoard):
    name: Annotated[str, Field(max_length=20)] | None = None
    side: Literal["left", "right", "none"] | None = None


class StartVirtual(Strict):
    hands: Annotated[list[Literal["left", "right"]], Field(min_length=1, max_length=8)] = ["left", "right"]
    model: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_/]*$", max_length=64)] | None = None
    """A model of the project to carry; without one they only capture."""


class Try(OfBoard):
    model: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_/]*$", max_length=64)] | None = None
    """None ends it."""


class Done(BaseModel):
    ok: bool = True


class Way(BaseModel):
    link: str


@router.get("")
async def devices(hub: SharedHub) -> list[dict[str, Any]]:
    """Boards with a session, as in the live data's status."""
    return [asdict(board) for board in hub.boards()]


@router.post("/scan")
async def scan(hub: SharedHub, body: Scan) -> list[BoardRow]:
    """Listen for a while; connected boards are silent."""
    return await hub.scan(body.seconds)


@router.post("/connect")
async def connect(hub: SharedHub, body: Connect) -> dict[str, Any]:
    """Connect, and stay connected until told otherwise."""
    return asdict(await hub.connect(body.address, Mode[body.mode.upper()]))


@router.post("/disconnect")
async def disconnect(hub: SharedHub, body: OfBoard) -> Done:
    """Let go of a board."""
    await hub.disconnect(body.address)
    return Done()


@router.post("/identify")
async def identify(hub: SharedHub, body: Identify) -> Done:
    """Make a board's light blink."""
    await hub.identify(body.address, body.seconds)
    return Done()


@router.post("/name")
async def name(hub: SharedHub, body: GiveName) -> Done:
    """Give a board a name, a side, or both; it keeps them."""
    await hub.give_name(body.address, body.name, body.side)
    return Done()


@router.post("/try")
async def try_model(hub: SharedHub, body: Try) -> dict[str, Any]:
    """Run a model of the project on what a board sends, beside what the board itself reports."""
    return asdict(await hub.try_model(body.address, body.model))


@router.post("/virtual")
async def start_virtual(hub: SharedHub, body: StartVirtual) -> Way:
    """Boards without hardware, on a boxer's hands."""
    return Way(link=await hub.start_virtual(body.hands, body.model))


@router.delete("/virtual")
async def stop_virtual(hub: SharedHub) -> Done:
    """Switch the virtual boards off."""
    await hub.stop_virtual()
    return Done()
