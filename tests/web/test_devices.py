"""The story of the page on virtual boards: two gloves, connected, seen live, recorded."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from tinygest.web.app import create_app
from tinygest.web.settings import Settings


@pytest.fixture
def gloves(project, needs_host_compiler):
    pytest.importorskip("bumble")
    settings = Settings(project.root, links=("serial",))
    with TestClient(create_app(settings), base_url="http://127.0.0.1:5555") as client:
        way = client.post("/api/devices/virtual", json={"hands": ["left", "right"]})
        assert way.status_code == 200, way.text
        found = client.post("/api/devices/scan", json={"seconds": 2}).json()
        yield client, {row["side"]: row["address"] for row in found if row["side"]}


@contextmanager
def live_socket(client):
    """Closed before it is left: the test client cancels a handler that is still at it."""
    with client.websocket_connect("ws://127.0.0.1:5555/api/live") as socket:
        yield socket
        socket.close()
        time.sleep(0.5)


def statuses(socket):
    while True:
        message = socket.receive()
        if message.get("text"):
            said = json.loads(message["text"])
            if said["kind"] == "status":
                yield said


def test_two_gloves_are_connected_seen_and_recorded(gloves, project):
    client, addresses = gloves
    assert set(addresses) == {"left", "right"}
    for address in addresses.values():
        answer = client.post("/api/devices/connect", json={"address": address})
        assert answer.status_code == 200, answer.text
    assert client.post("/api/devices/identify", json={"address": addresses["left"]}).json() == {"ok": True}
    before = len(client.get("/api/recordings").json())

    begin = {"label": "x", "subject": "Ann", "countdown": 0, "seconds": 2.0}
    assert client.post("/api/record/begin", json=begin).status_code == 200
    again = client.post("/api/record/begin", json=begin)
    assert "running" in again.json()["error"]

    with live_socket(client) as socket:
        n_binary, phases = 0, set()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not (n_binary > 10 and phases >= {"recording", "idle"}):
            message = socket.receive()
            if message.get("bytes"):
                n_binary += 1
            elif json.loads(message["text"])["kind"] == "status":
                status = json.loads(message["text"])
                phases.add(status["recording"]["phase"])
        assert n_binary > 10
        assert phases >= {"recording", "idle"}
        assert [board["status"]["n_missing"] for board in status["boards"]] == [0, 0]

    recorded = client.get("/api/record/last").json()
    assert len(recorded) == 2
    assert all(one["finished"]["physics"]["duration_s"] >= 1.9 for one in recorded)
    rows = client.get("/api/recordings", params={"where": "subject=Ann"}).json()
    assert {row["side"] for row in rows} == {"left", "right"}
    assert len(client.get("/api/recordings").json()) == before + 2
    for address in addresses.values():
        client.post("/api/devices/disconnect", json={"address": address})
    assert client.get("/api/devices").json() == []


def test_what_cannot_be_done_is_said(client):
    assert client.post("/api/devices/disconnect", json={"address": "no"}).status_code == 404
    answer = client.post("/api/record/begin", json={})
    assert (answer.status_code, answer.json()["error"]) == (422, "no board is connected")
    assert client.post("/api/record/mark", json={"label": "x"}).status_code == 422
    assert client.post("/api/record/end").json() == []


def test_the_live_socket_tells_its_state_at_once(client):
    with live_socket(client) as socket:
        status = next(statuses(socket))
    assert status["boards"] == []
    assert status["recording"]["phase"] == "idle"
