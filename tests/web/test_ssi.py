"""SensiML's clients against our gateway: a recording is played as if it were a board."""

from __future__ import annotations

import asyncio

import httpx
import numpy as np
import pytest
from fastapi.testclient import TestClient
from gateway_process import free_port, start_gateway, stop

from tinygest.protocol.ssi_config import decode_config
from tinygest.transport.http import HttpTransport
from tinygest.transport.inbox import Channel
from tinygest.web.app import create_app
from tinygest.web.context import Context
from tinygest.web.share import create_share

BOARD = "replay:r0"
N_ROWS = 60


@pytest.fixture
def address(project):
    process, address = start_gateway(project.root)
    yield address.rstrip("/")
    stop(process)


def test_a_client_configures_reads_and_lets_go(address, project):
    with httpx.Client(base_url=address, timeout=30) as client:
        assert client.get("/config").status_code == 400
        assert "no board" in client.get("/stream").json()["detail"]
        form = {"device_id": BOARD, "source": "BLE", "mode": "DATA_CAPTURE"}
        config = client.post("/config", data=form).json()
        assert config["sample_rate"] == 50
        assert config["column_location"]["AccelerometerX"] == 0
        assert client.get("/connect").json() == client.get("/config").json() == config
        rows = asyncio.run(read_rows(address))
        samples = project.load("r0").samples
        starts = [at for at in range(len(samples) - N_ROWS) if (samples[at] == rows[0]).all()]
        assert any((samples[at : at + N_ROWS] == rows).all() for at in starts)
        assert client.get("/disconnect").json()["streaming"] is False
        assert client.get("/config").status_code == 400


async def read_rows(address):
    """As SensiML's gateway reads another one: /config, then /stream, re-blocked by the row's size."""
    link = await HttpTransport().connect(address)
    config = decode_config(await link.read(Channel.SSI_CONFIG))
    await link.subscribe(Channel.SSI_ROWS)
    data = b""
    async with asyncio.timeout(30):
        while len(data) < N_ROWS * config.row_bytes:
            data += (await link.inbox.get()).payload
    await link.close()
    return np.frombuffer(data[: N_ROWS * config.row_bytes], "<i2").reshape(N_ROWS, -1)


def test_what_a_client_may_get_wrong(client):
    for body in ({"mode": "DATA_CAPTURE"}, {"device_id": BOARD, "mode": "NO"}):
        answer = client.post("/config", json=body)
        assert (answer.status_code, "needed" in answer.json()["detail"]) == (400, True)
    headers = {"content-type": "application/json"}
    assert client.post("/config", content=b"{", headers=headers).status_code == 400
    assert client.post("/config", content=b"x" * 5000).status_code == 400


def test_only_reading_is_shared_and_only_with_one_machine(settings):
    app = create_app(settings)
    context: Context = app.state.context
    with TestClient(app):
        mine = TestClient(create_share(context, "192.0.2.9"), client=("192.0.2.9", 1))
        other = TestClient(create_share(context, "192.0.2.9"), client=("192.0.2.8", 1))
        assert mine.get("/config").status_code == 400  # no board, but it may ask
        assert other.get("/config").status_code == 403
        for method, path in (("GET", "/disconnect"), ("POST", "/config"), ("GET", "/api/project")):
            assert mine.request(method, path).status_code in (404, 405), path


def test_a_shared_port_is_served_beside_the_page(project):
    port = free_port()
    process, address = start_gateway(
        project.root, more=("--share-ssi", "127.0.0.1", "--share-port", str(port))
    )
    try:
        assert httpx.get(f"{address}api/project", timeout=30).status_code == 200
        assert httpx.get(f"http://127.0.0.1:{port}/config", timeout=30).status_code == 400
        assert httpx.get(f"http://127.0.0.1:{port}/api/project", timeout=30).status_code == 404
    finally:
        stop(process)
