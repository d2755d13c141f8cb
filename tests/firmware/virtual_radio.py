"""The other end of the virtual board's link, as small as the tests of the firmware need it: a central
that is always there, without a radio between."""

from __future__ import annotations

import json
import os
import select
import struct
import subprocess
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tinygest.protocol import control, gatt, health, info, samples

HELLO, TABLE, ADVERTISE, VALUE, NOTIFY, DISCONNECT, LEDS, SERIAL_PATH, FEED_DONE = (
    1,
    2,
    3,
    5,
    6,
    7,
    9,
    10,
    11,
)
CONNECTED, MTU, DISCONNECTED, WRITE, SUBSCRIBE, CREDIT, RSSI = range(0x81, 0x88)
FEED_ROWS, FEED_START, FEED_END, FAULT, SHUTDOWN = range(0x90, 0x95)
STALL, REBOOT, OVERRUN, BUS_FAILURE, HANG = range(1, 6)
TIMEOUT_S = 20.0


class VirtualBoard:
    """A running board; everything that it said is in `seen`."""

    def __init__(self, program: Path, *options: str):
        self.process = subprocess.Popen(
            [program, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.seen: list[tuple[int, bytes]] = []
        self.gives_credit = True
        self._inbox = b""
        self._at = 0
        table = json.loads(self.wait_for(TABLE))
        self.index = {one["uuid"]: one["index"] for service in table for one in service["characteristics"]}

    def __enter__(self) -> VirtualBoard:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.send(SHUTDOWN)
        self.process.stdin.close()
        try:
            assert self.process.wait(5) == 0
        finally:
            self.process.kill()
            self.process.stdout.close()

    def send(self, kind: int, payload: bytes = b"") -> None:
        frame = struct.pack("<BI", kind, len(payload)) + payload
        while frame:
            _, writable, _ = select.select([], [self.process.stdin], [], 0.005)
            if writable:
                frame = frame[os.write(self.process.stdin.fileno(), frame[:4096]) :]
            else:
                self.receive(0)

    def receive(self, timeout_s: float = 0.01) -> None:
        """Takes in what has come; gives buffers back as a radio that is never busy."""
        while select.select([self.process.stdout], [], [], timeout_s)[0]:
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                break
            self._inbox += data
            timeout_s = 0
        n_notified = 0
        while len(self._inbox) >= 5:
            kind, size = struct.unpack_from("<BI", self._inbox)
            if len(self._inbox) < 5 + size:
                break
            self.seen.append((kind, self._inbox[5 : 5 + size]))
            self._inbox = self._inbox[5 + size :]
            n_notified += kind == NOTIFY
        if n_notified and self.gives_credit:
            self.send(CREDIT, bytes([n_notified]))

    def wait_for(self, kind: int, characteristic: str = "") -> bytes:
        """The payload of the next message of this kind that was not waited for yet."""
        end = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end:
            while self._at < len(self.seen):
                found, payload = self.seen[self._at]
                self._at += 1
                if found == kind and (not characteristic or self._is_of(payload, characteristic)):
                    return payload[2:] if characteristic else payload
            self.receive()
        raise AssertionError(f"no message of kind {kind}; last were {[k for k, _ in self.seen[-9:]]}")

    def _is_of(self, payload: bytes, characteristic: str) -> bool:
        return struct.unpack_from("<H", payload)[0] == self.index[characteristic]

    def notified(self, characteristic: str) -> list[bytes]:
        """Everything that this characteristic sent so far."""
        self.receive(0.05)
        return [p[2:] for kind, p in self.seen if kind == NOTIFY and self._is_of(p, characteristic)]

    def connect(self, *subscriptions: str, mtu: int = 247) -> None:
        self.send(CONNECTED, struct.pack("<H", 23) + bytes(6))
        self.send(MTU, struct.pack("<H", mtu))
        for characteristic in subscriptions:
            self.subscribe(characteristic)

    def subscribe(self, characteristic: str) -> None:
        self.send(SUBSCRIBE, struct.pack("<HH", self.index[characteristic], 1))

    def write_command(self, op: int, arguments: bytes = b"", tag: int = 1) -> None:
        command = control.encode_command(control.Command(op, tag, arguments))
        self.send(WRITE, struct.pack("<H", self.index[gatt.CONTROL]) + command)

    def command(self, op: int, arguments: bytes = b"") -> control.Reply:
        """Writes it and waits for its reply."""
        self.write_command(op, arguments)
        while True:
            reply = control.decode_reply(self.wait_for(NOTIFY, gatt.REPLY))
            if reply.op == op:
                return reply

    def feed(self, rows: npt.NDArray[np.int16], rate_hz: float, *, end: bool = True) -> None:
        """The sensor makes these rows, in canonical counts, at this rate, from now on."""
        self.send(FEED_ROWS, rows.astype("<i2").tobytes())
        self.send(FEED_START, struct.pack("<BI", 0, round(rate_hz * 1000)))
        if end:
            self.send(FEED_END)

    def fault(self, kind: int, argument: int = 0) -> None:
        self.send(FAULT, struct.pack("<BI", kind, argument))

    def value(self, characteristic: str) -> bytes:
        """What a read would answer now."""
        end = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end:
            self.receive(0.02)
            values = [p for kind, p in self.seen if kind == VALUE and self._is_of(p, characteristic)]
            if values:
                return values[-1][2:]
        raise AssertionError(f"{characteristic} has no value")

    def health(self) -> health.Health:
        return health.decode_health(self.command(control.Op.GET_HEALTH).arguments)

    def info(self) -> info.Info:
        return info.decode_info(self.command(control.Op.GET_INFO).arguments)

    def serial_path(self) -> str:
        """Of the newest pseudo-terminal: a board that starts again has another."""
        return [payload for kind, payload in self.seen if kind == SERIAL_PATH][-1].decode()

    def frames(self) -> list[samples.SampleFrame]:
        return [samples.decode_samples(payload, 6) for payload in self.notified(gatt.SAMPLES)]
