"""bumble's virtual controller, with what it leaves out or simplifies put right.

The methods overridden are those that bumble 0.0.236 calls for each HCI command and each packet on the
air; its version is pinned for them.
"""

from __future__ import annotations

from collections.abc import Callable

from bumble import hci, ll
from bumble.controller import Controller
from bumble.link import LocalLink

ADVERTISEMENT = hci.HCI_LE_Advertising_Report_Event.EventType.ADV_IND
SCAN_RESPONSE = hci.HCI_LE_Advertising_Report_Event.EventType.SCAN_RSP
LEGACY_EVENT_TYPES = {ADVERTISEMENT: 0x13, SCAN_RESPONSE: 0x1B}  # of old packets in the extended report
MAX_OCTETS = 251
MAX_TIME_US = 2120  # of 251 bytes at 1 Mbit/s
N_BUFFERS = 64
NO_SET = 0xFF
UNKNOWN_POWER = 127


class AirController(Controller):
    """A controller that tells advertising data and scan response apart, can withdraw an attempt to
    connect, and moves 251 bytes a packet as any since Bluetooth 4.2."""

    le_acl_data_packet_length = MAX_OCTETS
    total_num_le_acl_data_packets = N_BUFFERS
    supported_max_tx_octets = supported_max_rx_octets = MAX_OCTETS
    supported_max_tx_time = supported_max_rx_time = MAX_TIME_US

    def __init__(self, name: str, link: LocalLink, public_address: str | None = None):
        super().__init__(name, link=link, public_address=public_address)
        self.rssi_dbm = 0
        self.on_connected: Callable[[], None] = lambda: None
        self.on_sent: Callable[[bytes], None] = lambda _packet: None
        """Called with each packet that has left over the air."""

    def on_hci_le_set_data_length_command(
        self, command: hci.HCI_LE_Set_Data_Length_Command
    ) -> hci.HCI_StatusAndConnectionHandleReturnParameters:
        """bumble tells that it can do this, and cannot."""
        handle = command.connection_handle
        self.send_hci_packet(
            hci.HCI_LE_Data_Length_Change_Event(
                connection_handle=handle,
                max_tx_octets=command.tx_octets,
                max_tx_time=command.tx_time,
                max_rx_octets=command.tx_octets,
                max_rx_time=command.tx_time,
            )
        )
        return hci.HCI_StatusAndConnectionHandleReturnParameters(hci.HCI_ErrorCode.SUCCESS, handle)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """In bumble the attempt goes on."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address.address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_le_set_advertising_parameters_command(
        self, command: hci.HCI_LE_Set_Advertising_Parameters_Command
    ) -> hci.HCI_StatusReturnParameters:
        """bumble takes the units of 0.625 ms for milliseconds."""
        result = super().on_hci_le_set_advertising_parameters_command(command)
        self.le_legacy_advertiser.advertising_interval_min = command.advertising_interval_min * 5 // 8
        return result

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """bumble answers a scan with the advertising data once more."""
        sender = self.link.find_le_controller(pdu.advertiser_address)
        if self.le_scan_enable and isinstance(sender, AirController):
            self._report(ADVERTISEMENT, pdu.advertiser_address, pdu.data, sender.rssi_dbm)
            response = bytes(sender.le_legacy_advertiser.scan_response_data)
            self._report(SCAN_RESPONSE, pdu.advertiser_address, response, sender.rssi_dbm)
        wanted = self.pending_le_connection
        if wanted and wanted.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def _report(
        self,
        kind: hci.HCI_LE_Advertising_Report_Event.EventType,
        address: hci.Address,
        data: bytes,
        rssi: int,
    ) -> None:
        if not self.le_features & hci.LeFeatureMask.LE_EXTENDED_ADVERTISING:
            plain = hci.HCI_LE_Advertising_Report_Event.Report(
                event_type=kind, address_type=address.address_type, address=address, data=data, rssi=rssi
            )
            self.send_hci_packet(hci.HCI_LE_Advertising_Report_Event([plain]))
            return
        extended = hci.HCI_LE_Extended_Advertising_Report_Event.Report(
            event_type=LEGACY_EVENT_TYPES[kind],
            address_type=address.address_type,
            address=address,
            primary_phy=hci.Phy.LE_1M,
            secondary_phy=0,
            advertising_sid=NO_SET,
            tx_power=UNKNOWN_POWER,
            rssi=rssi,
            periodic_advertising_interval=0,
            direct_address_type=0,
            direct_address=hci.Address.ANY,
            data=data,
        )
        self.send_hci_packet(hci.HCI_LE_Extended_Advertising_Report_Event([extended]))
