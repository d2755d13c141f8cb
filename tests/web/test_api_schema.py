"""Requests that the API's own description makes up: any answer but a crash."""

from __future__ import annotations

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings

from tinygest.web.app import create_app
from tinygest.web.settings import Settings

BASE = "http://127.0.0.1:5555"
# These take seconds, start processes or never end; they have tests of their own.
LEFT_OUT = {
    ("post", "/api/devices/scan"),
    ("post", "/api/devices/virtual"),
    ("post", "/api/jobs"),
    ("post", "/scan"),
    ("post", "/scan-devices"),
}
MAX_EXAMPLES = 12


def test_no_made_up_request_crashes_the_server(project):
    app = create_app(Settings(project.root, links=("serial",)))
    schema = schemathesis.openapi.from_dict(app.openapi())
    operations = [result.ok() for result in schema.get_all_operations()]
    with TestClient(app, base_url=BASE) as client:  # an exception of the server comes out here
        for operation in operations:
            if (operation.method.lower(), operation.path) not in LEFT_OUT:
                attempt(client, operation)
    assert len(operations) > 30


def attempt(client, operation):
    """Made-up requests for one route."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=MAX_EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def call(case):
        request = case.as_transport_kwargs(base_url=BASE)
        request.pop("cookies", None)
        answer = client.request(**request)
        assert answer.status_code < 500, (case.method, case.path, answer.text)

    call()
