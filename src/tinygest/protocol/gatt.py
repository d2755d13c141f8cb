"""Services, characteristics and names on the air."""

from __future__ import annotations

# tinygest. The last two digits are the version of the table: operating systems keep a table in a
# cache by the UUID of its service, so another table needs another UUID.
TINYGEST_SERVICE = "74670000-6765-4757-b3d1-8a0c5e2f0101"
INFO = "74670001-6765-4757-b3d1-8a0c5e2f0101"
SAMPLES = "74670002-6765-4757-b3d1-8a0c5e2f0101"
EVENTS = "74670003-6765-4757-b3d1-8a0c5e2f0101"
CONTROL = "74670004-6765-4757-b3d1-8a0c5e2f0101"
REPLY = "74670005-6765-4757-b3d1-8a0c5e2f0101"
HEALTH = "74670006-6765-4757-b3d1-8a0c5e2f0101"

# SensiML's Simple Streaming Interface.
SSI_SERVICE = "16480000-0525-4ad5-b4fb-6dd83f49546b"
SSI_CONFIG = "16480001-0525-4ad5-b4fb-6dd83f49546b"
SSI_DATA = "16480002-0525-4ad5-b4fb-6dd83f49546b"

# SensiML's recognition service.
RECOGNITION_SERVICE = "42421100-5a22-46dd-90f7-7af26f723159"
RECOGNITION_CLASS = "42421101-5a22-46dd-90f7-7af26f723159"
RECOGNITION_FEATURES = "42421102-5a22-46dd-90f7-7af26f723159"

SERVICES = frozenset({TINYGEST_SERVICE, SSI_SERVICE, RECOGNITION_SERVICE})
"""A scan takes a device that advertises any of these."""

CAPTURE_NAME = "Nano 33 DCL"
RECOGNITION_NAME = "Nano33 SensiML KP"
"""SensiML's stock names; a board that was given a name of its own shows that instead."""

ATT_OVERHEAD = 3
MIN_PAYLOAD = 20
"""Of a notification at MTU 23."""
MAX_PAYLOAD = 244
"""Of a notification at MTU 247, the most that the board's radio answers."""
