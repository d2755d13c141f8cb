"""The air between virtual controllers: who hears whom, and when."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

from tinygest.simulate.radio.controller import AirController
from tinygest.simulate.radio.events import ConnectionEvents
from tinygest.simulate.radio.model import RadioModel

INTERVAL_UNIT_MS = 1.25
TIMEOUT_UNIT_MS = 10
TIMED_OUT = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
NEVER_BEGAN = hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR


@dataclass
class RadioLink:
    """A connection; addresses are those that it was made with."""

    central: hci.Address
    peripheral: hci.Address
    events: ConnectionEvents
    timeout_ms: float
    supervision: asyncio.TimerHandle | None = None


class Air(LocalLink):
    """bumble's LocalLink with connection events, range and supervision timeout.

    It also keeps to the addresses that a connection was made with; LocalLink sends everything from the
    sender's random one.
    """

    def __init__(self, model: RadioModel):
        super().__init__()  # type: ignore[no-untyped-call]  # bumble left this one out
        self.model = model
        self._links: dict[frozenset[bytes], RadioLink] = {}
        self._far: set[Controller] = set()

    def interval_ms(self, one: hci.Address, other: hci.Address) -> float:
        """Connection interval of the link between two addresses; 0 without one."""
        link = self._links.get(_key(one, other))
        return link.events.interval_ms if link else 0.0

    # What bumble's controllers call.

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        if sender_controller in self._far:
            return
        if isinstance(packet, ll.ConnectInd):
            self._begin(packet)
        loop = asyncio.get_running_loop()
        for controller in self.controllers - self._far:
            if controller != sender_controller:
                loop.call_soon(controller.on_ll_advertising_pdu, packet)
        if isinstance(packet, ll.ConnectInd):
            loop.call_soon(self._check, packet)

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        connection = sender_controller.le_connections.get(destination_address)
        if connection is None:
            return
        link = self._links.get(_key(connection.self_address, destination_address))
        if link is None:
            return

        def deliver() -> None:
            receiver = self._end_of(link, destination_address)
            if receiver:
                receiver.on_link_acl_data(connection.self_address, transport, data)
            if isinstance(sender_controller, AirController):
                sender_controller.on_sent(data)

        link.events.put(connection.role == hci.Role.CENTRAL, deliver)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Control packets do not wait: only ends of a link and new parameters matter here."""
        link = self._links.get(_key(sender_address, receiver_address))
        if link is None:
            return
        receiver = self._end_of(link, receiver_address)
        if receiver in self._far:
            return  # it will notice by its supervision timeout
        if isinstance(packet, ll.ConnectionUpdateInd):
            link.timeout_ms = packet.timeout * TIMEOUT_UNIT_MS
            link.events.set_interval(self._interval(packet.interval))
        if isinstance(packet, ll.TerminateInd):
            self._forget(link)
        if receiver:
            asyncio.get_running_loop().call_soon(self._control, receiver, sender_address, packet)

    # What tests and faults call.

    def set_model(self, model: RadioModel) -> None:
        self.model = model
        for link in self._links.values():
            link.events.model = model

    def vanish(self, controller: Controller) -> None:
        """A controller loses its power: its peers notice after the supervision timeout."""
        self.controllers.discard(controller)
        self._far.discard(controller)
        controller.le_legacy_advertiser.stop()
        controller.host = None
        for link in self._links_of(controller):
            link.events.set_open(False)
            self._supervise(link)
        controller.le_connections.clear()

    def set_in_range(self, controller: Controller, is_in_range: bool) -> None:
        """Out of range nothing is heard; links end when it lasts longer than the supervision timeout."""
        if is_in_range:
            self._far.discard(controller)
        else:
            self._far.add(controller)
        for link in self._links_of(controller):
            link.events.set_open(is_in_range)
            if not is_in_range:
                self._supervise(link)
            elif not (self._end_of(link, link.central) and self._end_of(link, link.peripheral)):
                self._time_out(link)  # one side said goodbye meanwhile
            elif link.supervision:
                link.supervision.cancel()
                link.supervision = None

    def drop_links(self, controller: Controller) -> None:
        """At once, as after a supervision timeout."""
        for link in self._links_of(controller):
            self._time_out(link)

    # Links.

    def _interval(self, units: int) -> float:
        forced = self.model.interval_ms
        return units * INTERVAL_UNIT_MS if forced is None else forced

    def _begin(self, packet: ll.ConnectInd) -> None:
        central = packet.initiator_address
        events = ConnectionEvents(
            self.model, self._interval(packet.interval), lambda: self._n_links_of_central(central)
        )
        key = _key(central, packet.advertiser_address)
        self._links[key] = RadioLink(
            central, packet.advertiser_address, events, packet.timeout * TIMEOUT_UNIT_MS
        )

    def _check(self, packet: ll.ConnectInd) -> None:
        """Somebody else was faster, or the board had just stopped advertising."""
        link = self._links.get(_key(packet.initiator_address, packet.advertiser_address))
        if link is None:
            return
        peripheral = self._end_of(link, link.peripheral)
        if peripheral is None:
            self._end(link, NEVER_BEGAN)
        elif isinstance(peripheral, AirController):
            peripheral.on_connected()

    def _end_of(self, link: RadioLink, address: hci.Address) -> Controller | None:
        """The controller that has this end of the link."""
        other = link.central if address == link.peripheral else link.peripheral
        for controller in self.controllers:
            connection = controller.le_connections.get(other)
            if connection and connection.self_address == address:
                return controller
        return None

    def _links_of(self, controller: Controller) -> list[RadioLink]:
        keys = {
            _key(connection.self_address, connection.peer_address)
            for connection in controller.le_connections.values()
        }
        return [link for key, link in self._links.items() if key in keys]

    def _n_links_of_central(self, address: hci.Address) -> int:
        return sum(link.central == address for link in self._links.values())

    def _supervise(self, link: RadioLink) -> None:
        if link.supervision is None:
            delay = self.model.seconds(link.timeout_ms)
            link.supervision = asyncio.get_running_loop().call_later(delay, self._time_out, link)

    def _time_out(self, link: RadioLink) -> None:
        self._end(link, TIMED_OUT)

    def _end(self, link: RadioLink, reason: int) -> None:
        self._forget(link)
        for address, peer in ((link.central, link.peripheral), (link.peripheral, link.central)):
            controller = self._end_of(link, address)
            connection = controller and controller.le_connections.get(peer)
            if controller and connection:
                controller.on_le_disconnected(connection, reason)

    def _forget(self, link: RadioLink) -> None:
        link.events.close()
        if link.supervision:
            link.supervision.cancel()
        key = _key(link.central, link.peripheral)
        if self._links.get(key) is link:
            del self._links[key]

    def _control(self, receiver: Controller, sender: hci.Address, packet: ll.ControlPdu) -> None:
        if sender in receiver.le_connections:
            receiver.on_ll_control_pdu(sender, packet)


def _key(one: hci.Address, other: hci.Address) -> frozenset[bytes]:
    return frozenset((bytes(one), bytes(other)))
