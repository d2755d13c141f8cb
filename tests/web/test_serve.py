from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from tinygest.core.errors import UsageError
from tinygest.web.serve import address, prepare, serve
from tinygest.web.settings import Settings, own_address


def test_loopback_needs_no_token_and_everything_else_gets_one(settings):
    assert prepare(settings).token == ""
    opened = prepare(replace(settings, host="192.0.2.7"))
    assert len(opened.token) > 20
    assert opened.token in address(opened)
    assert prepare(replace(settings, host="192.0.2.7")).token != opened.token


def test_listening_everywhere_it_is_called_by_its_own_address(settings, monkeypatch):
    monkeypatch.setattr("tinygest.web.settings.own_address", lambda: "192.0.2.8")
    everywhere = prepare(replace(settings, host="0.0.0.0"))
    assert address(everywhere).startswith("http://192.0.2.8:")
    assert {f"192.0.2.8:{settings.port}", f"127.0.0.1:{settings.port}"} <= set(everywhere.host_names)


def test_this_machine_has_an_address():
    assert len(own_address().split(".")) == 4


def test_a_taken_port_is_a_sentence(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match="choose another with --port"):
            serve(replace(settings, port=port))


@pytest.mark.parametrize("host", ["192.0.2.7", "300.1.1.1"])
def test_a_foreign_address_is_a_sentence(settings, host):
    with pytest.raises(UsageError, match="no address of this machine"):
        serve(replace(settings, host=host, token="t"))


def test_the_verb_serves_until_interrupted(project):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tinygest", "-p", str(project.root), "gateway", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as gateway:  # fmt: skip
        try:
            said = gateway.stdout.readline()
            assert re.search(rf"http://127\.0\.0\.1:{port}/", said)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", "/api/project")
            assert connection.getresponse().status == 200
            connection.close()
        finally:
            gateway.send_signal(signal.SIGINT)
        assert gateway.wait(timeout=20) in (0, 130)
        assert "Traceback" not in gateway.stderr.read()


def test_the_settings_of_a_bare_gateway(tmp_path):
    assert Settings(tmp_path).port == 5555
