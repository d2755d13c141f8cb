"""The virtual radio: boards on one side, dongles on the other.

async with VirtualRadio() as radio:
    board = await radio.add_board(program, BoardOptions(device_id=1))
    transport = await radio.listen()       # "tcp-client:127.0.0.1:41234", for any process
    controller = radio.new_dongle()        # or within this one
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from tinygest.simulate.radio.air import Air
from tinygest.simulate.radio.board import VirtualBoard
from tinygest.simulate.radio.controller import AirController
from tinygest.simulate.radio.dongle import DongleServer
from tinygest.simulate.radio.model import RadioModel
from tinygest.simulate.radio.process import BoardOptions


class VirtualRadio:
    """Must be made inside a running event loop; leaving the context ends every board."""

    def __init__(self, model: RadioModel | None = None):
        self.model = model or RadioModel()
        self.boards: list[VirtualBoard] = []
        self._air = Air(self.model)
        self._n_dongles = 0
        self._servers: list[DongleServer] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            await server.stop()
        for board in self.boards:
            await board.stop()

    async def add_board(self, program: Path, options: BoardOptions | None = None) -> VirtualBoard:
        """Start a board's program (`build_virtual_board`); it advertises on return. Raises ToolchainError.

        Device ids must differ: the address on the air follows from them.
        """
        board = VirtualBoard(self._air, program, options or BoardOptions())
        await board.start()
        self.boards.append(board)
        return board

    def set_model(self, model: RadioModel) -> None:
        """From now on, links that are up included; but they keep their interval."""
        self.model = model
        self._air.set_model(model)

    def new_dongle(self) -> AirController:
        """A controller for a central in this process; both HCI source and sink, as bumble's Device and
        any of its transports want them."""
        self._n_dongles += 1
        return AirController(
            f"dongle {self._n_dongles}", self._air, f"F0:F1:F2:F3:F4:{self._n_dongles:02X}/P"
        )

    async def listen(self, port: int = 0) -> str:
        """Offer dongles over TCP on this computer; bumble's name of the transport."""
        server = DongleServer(self.new_dongle, self._air.vanish)
        self._servers.append(server)
        return await server.start(port)
