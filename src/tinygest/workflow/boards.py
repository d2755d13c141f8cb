"""Finding boards by what people call them, and short talks with one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from tinygest.core.errors import ContractError, LinkError, UsageError
from tinygest.gateway.board import Board, Identity
from tinygest.protocol.control import Op, identify, set_name, set_side
from tinygest.protocol.health import Health
from tinygest.protocol.words import Side
from tinygest.store.project import Project
from tinygest.transport.base import Found, Transport
from tinygest.transport.open import open_transport, transport_of

SCAN_S = 5.0
REPLAY = "replay:"
DEFAULT_WAYS = ("ble", "serial")


@dataclass(frozen=True)
class Target:
    """A board that can be connected."""

    transport: Transport
    found: Found

    @property
    def address(self) -> str:
        return self.found.address


@dataclass(frozen=True)
class BoardRow:
    """A line of a scan."""

    way: str
    address: str
    name: str
    mode: str
    side: str
    device: str
    """Last four digits of the device id, as advertised; empty where it is not."""
    rssi_dbm: int | None
    services: list[str]


class Ways:
    """The transports of one command; opened on entering, closed on leaving."""

    def __init__(self, specs: Sequence[str] = (), project: Project | None = None) -> None:
        """specs: as `open_transport` has them, and replay:RECORDING of the project."""
        self._specs = tuple(specs) or DEFAULT_WAYS
        self._project = project
        self._open: dict[str, Transport] = {}
        self.problems: list[str] = []
        """Why some of the ways could not be scanned."""

    async def __aenter__(self) -> Self:
        for spec in self._specs:
            self._transport(spec)
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for transport in self._open.values():
            await transport.close()

    async def scan(
        self, seconds: float | None = None, on_found: Callable[[Target], bool] = lambda target: False
    ) -> list[Target]:
        """All boards that are heard, by their latest word; on_found returns True when that is enough.

        Raises LinkError when no way could be scanned.
        """
        listen_s = SCAN_S if seconds is None else seconds
        heard: dict[tuple[int, str], Target] = {}
        enough = asyncio.Event()

        async def listen(transport: Transport) -> None:
            try:
                async with aclosing(transport.scan(listen_s)) as scanning:
                    async for found in scanning:
                        target = Target(transport, found)
                        heard[id(transport), found.address] = target
                        if on_found(target):
                            enough.set()
            except LinkError as error:
                self.problems.append(str(error))

        self.problems = []
        await _until(enough, [listen(transport) for transport in self._open.values()])
        if len(self.problems) == len(self._open):
            raise LinkError("; ".join(self.problems))
        return sorted(heard.values(), key=lambda target: (target.transport.name, target.address))

    async def find(self, wanted: Sequence[str], seconds: float | None = None) -> list[Target]:
        """One board for each word: an address, a name, a side, or the end of a device id.

        Without words: the only one there is. Raises LinkError, UsageError.
        """
        direct = {word: self._direct(word) for word in wanted}
        missing = [word for word, target in direct.items() if target is None]
        if missing or not wanted:
            found = await self._look_for(missing, seconds)
            direct |= {word: _only(word, found, self.problems) for word in missing}
            if not wanted:
                return [_only("", found, self.problems)]
        targets = [target for target in direct.values() if target is not None]
        if len({target.address for target in targets}) < len(targets):
            raise UsageError(f"{', '.join(wanted)} mean the same board")
        return targets

    async def _look_for(self, words: Sequence[str], seconds: float | None) -> list[Target]:
        still = set(words)

        def is_enough(target: Target) -> bool:
            still.difference_update([word for word in still if matches(target.found, word)])
            return bool(words) and not still

        return await self.scan(seconds, is_enough)

    def _direct(self, word: str) -> Target | None:
        if word.startswith(REPLAY):
            return Target(self._transport(word), Found(word))
        spec = transport_of(word)
        return Target(self._transport(spec), Found(word)) if spec else None

    def add(self, spec: str) -> None:
        """One more way, while the others are in use; raises UsageError."""
        self._transport(spec)

    async def remove(self, spec: str) -> None:
        """Close a way; its links are lost."""
        transport = self._open.pop(spec, None)
        if transport is not None:
            await transport.close()

    def _transport(self, spec: str) -> Transport:
        if spec not in self._open:
            self._open[spec] = self._replay(spec) if spec.startswith(REPLAY) else open_transport(spec)
        return self._open[spec]

    def _replay(self, spec: str) -> Transport:
        from tinygest.transport.replay import ReplayTransport

        if self._project is None:
            raise UsageError(f"{spec}: only in a project")
        return ReplayTransport(self._project.load(spec.removeprefix(REPLAY)))


def matches(found: Found, word: str) -> bool:
    """Whether somebody who says `word` can mean this board."""
    said = word.casefold()
    if said in (found.address.casefold(), found.name.casefold()):
        return True
    advertisement = found.advertisement
    if advertisement is None:
        return False
    if advertisement.side and said == advertisement.side.name.casefold():
        return True
    return len(said) >= 4 and said[-4:] == f"{advertisement.device_id16:04x}"


def row(target: Target) -> BoardRow:
    found, said = target.found, target.found.advertisement
    return BoardRow(
        way=target.transport.name,
        address=found.address,
        name=found.name,
        mode=said.mode.name.lower() if said else "",
        side=said.side.name.lower() if said and said.side else "",
        device=f"{said.device_id16:04x}" if said else "",
        rssi_dbm=found.rssi_dbm,
        services=sorted(found.services),
    )


@asynccontextmanager
async def talking(target: Target) -> AsyncIterator[Board]:
    """A link for a few commands; raises LinkError, ProtocolError."""
    board = await Board.open(await target.transport.connect(target.address))
    try:
        yield board
    finally:
        await board.close()


async def ask(target: Target) -> tuple[Identity, Health | None]:
    """Who it is, and how it is."""
    async with talking(target) as board:
        return board.identity, await board.health()


async def blink(target: Target, seconds: int) -> Identity:
    """Make its light blink, so that somebody sees which one it is."""
    async with talking(target) as board:
        return await blink_connected(board, seconds)


async def blink_connected(board: Board, seconds: int) -> Identity:
    """As `blink`, over a link that is up."""
    await _ours(board).order(Op.IDENTIFY, identify(seconds))
    return board.identity


async def give_name(target: Target, name: str | None, side: str | None) -> Identity:
    """The board keeps both over resets; what is None stays. Returns what it says now."""
    check_name(name, side)
    async with talking(target) as board:
        await give_name_connected(board, name, side)
    identity, _ = await ask(target)
    return identity


def check_name(name: str | None, side: str | None) -> None:
    """Before a board is looked for; raises UsageError, ProtocolError."""
    if name is None and side is None:
        raise UsageError("say what to keep: --name, --side, or both")
    if name is not None:
        set_name(name)
    if side is not None:
        parse_side(side)


async def give_name_connected(board: Board, name: str | None, side: str | None) -> None:
    """As `give_name`, over a link that is up; the board tells it with its next link."""
    if name is not None:
        await _ours(board).order(Op.SET_NAME, set_name(name))
    if side is not None:
        await _ours(board).order(Op.SET_SIDE, set_side(parse_side(side)))


def parse_side(side: str) -> Side:
    try:
        return Side[side.upper()]
    except KeyError:
        raise UsageError(f"side {side!r}: left, right or none") from None


def _ours(board: Board) -> Board:
    if not board.is_ours:
        raise ContractError(
            f"{board.identity.address} is a board of SensiML's firmware; flash ours for that"
        )
    return board


def _called(found: Found) -> str:
    """What a person would write for it."""
    said = found.advertisement
    return said.side.name.lower() if said and said.side else found.name or found.address


def _only(word: str, found: Sequence[Target], problems: Sequence[str]) -> Target:
    fitting = [target for target in found if not word or matches(target.found, word)]
    if not fitting:
        which = f"no board {word!r}" if word else "no board"
        others = ", ".join(sorted(_called(one.found) for one in found))
        why = [f"only {others}"] if others else []
        why = [*why, *problems] or ["is it on, near, and not connected to something else?"]
        raise LinkError(f"{which} was heard: {'; '.join(why)}")
    if len(fitting) > 1:
        names = ", ".join(one.found.name or one.address for one in fitting)
        addresses = ", ".join(one.address for one in fitting)
        raise UsageError(f"{len(fitting)} boards fit ({names}); name one by its address: {addresses}")
    return fitting[0]


async def _until(enough: asyncio.Event, works: Sequence[Coroutine[None, None, None]]) -> None:
    """Run all until they end or there is enough; raises what one of them raised."""
    tasks = [asyncio.create_task(work) for work in works]
    waiting = asyncio.create_task(enough.wait())
    everything = asyncio.gather(*tasks)
    try:
        either: set[asyncio.Future[Any]] = {waiting, everything}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if everything.done():
            everything.result()
    finally:
        for task in (waiting, *tasks):
            task.cancel()
        await asyncio.wait([waiting, *tasks])
        await asyncio.gather(everything, return_exceptions=True)
