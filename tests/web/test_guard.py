from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tinygest.core.errors import UsageError
from tinygest.web import guard
from tinygest.web.app import create_app
from tinygest.web.settings import is_loopback

TOKEN = "s3cret"


@pytest.fixture
def open_client(settings):
    opened = create_app(replace(settings, host="192.0.2.7", token=TOKEN))
    with TestClient(opened, base_url="http://192.0.2.7:5555", follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("host", ["127.0.0.1:5555", "localhost:5555", "[::1]:5555", "localhost"])
def test_answers_to_its_own_names(client, host):
    assert client.get("/api/project", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:5555", "127.0.0.1:80", "127.0.0.1.ab.example"]
)
def test_a_name_that_leads_here_is_not_enough(client, host):
    assert client.get("/api/project", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_other_pages_are_refused(client, headers):
    answer = client.get("/api/project", headers=headers)
    assert answer.status_code == 403
    assert "another page" in answer.json()["error"]
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("ws://127.0.0.1:5555/api/live", headers=headers),
    ):
        pass


def test_our_own_page_may(client):
    headers = {"origin": "http://127.0.0.1:5555", "sec-fetch-site": "same-origin"}
    assert client.get("/api/project", headers=headers).status_code == 200


def test_without_the_token_nothing_is_told(open_client):
    for headers in ({}, {"authorization": "Bearer wrong"}, {"cookie": f"{guard.COOKIE}=wrong"}):
        answer = open_client.get("/api/project", headers=headers)
        assert answer.status_code == 401
        assert TOKEN not in answer.text
    assert open_client.get("/api/project?token=").status_code == 401


def test_the_token_moves_from_the_address_into_a_cookie(open_client):
    answer = open_client.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert open_client.get("/api/project").status_code == 200


def test_programs_send_the_token_as_bearer(open_client):
    answer = open_client.get("/api/project", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200


def test_an_address_for_others_needs_a_token(settings):
    with pytest.raises(UsageError, match="token"):
        create_app(replace(settings, host="0.0.0.0"))


@pytest.mark.parametrize("length", ["99999999999", "-1", "x"])
def test_claimed_lengths(client, length):
    assert client.post("/api/jobs", headers={"content-length": length}).status_code == 413


def test_bodies_of_unsaid_length_are_counted(client, monkeypatch):
    monkeypatch.setattr(guard, "MAX_BODY_BYTES", 1000)
    answer = client.post("/api/jobs", content=(b"x" * 100 for _ in range(100)))
    assert answer.status_code >= 400


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.3.2.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
     ("::", False), ("192.168.1.2", False), ("example.org", False)],
)  # fmt: skip
def test_loopback(host, expected):
    assert is_loopback(host) is expected
