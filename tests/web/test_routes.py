from __future__ import annotations

import io
import json
import struct
import time
import zipfile

import numpy as np
import pytest


def columns(content):
    (length,) = struct.unpack_from("<I", content)
    header = json.loads(content[4 : 4 + length])
    values = np.frombuffer(content[4 + length :], "<i2" if header["kind"] == "i16" else "<u2")
    n_columns = 1 if header["step"] == 1 else 2
    return header, values.reshape(-1, n_columns, header["n"])


def test_the_project(client):
    project = client.get("/api/project").json()
    assert (project["name"], project["n_recordings"]) == ("p", 2)
    assert project["labels"][:3] == ["x", "y", "z"]


def test_the_library_and_corrections_in_bulk(client):
    rows = client.get("/api/recordings").json()
    assert [row["id"] for row in rows] == ["r0", "r1"]
    changed = client.patch("/api/recordings", json={"ids": ["r0", "r1"], "subject": "Ann"})
    assert changed.json() == {"n_changed": 2}
    chosen = client.get("/api/recordings", params={"where": "subject=Ann"}).json()
    assert len(chosen) == 2
    client.patch("/api/recordings", json={"ids": ["r0"], "deleted": True})
    assert [row["id"] for row in client.get("/api/recordings").json()] == ["r1"]
    client.patch("/api/recordings", json={"ids": ["r0"], "deleted": False})
    assert len(client.get("/api/recordings").json()) == 2


def test_a_signal_in_columns(client, project):
    samples = project.load("r0").samples
    header, values = columns(client.get("/api/recordings/r0/signal?bins=10000").content)
    assert (header["step"], header["n"]) == (1, len(samples))
    np.testing.assert_array_equal(values[:, 0], samples.T)
    header, values = columns(client.get("/api/recordings/r0/signal?bins=20&start=30&stop=130").content)
    assert header["step"] == 4
    first = header["start"]
    for i in range(header["n"]):
        part = samples[first + 4 * i : first + 4 * i + 4]
        np.testing.assert_array_equal(values[:, 0, i], part.min(axis=0))
        np.testing.assert_array_equal(values[:, 1, i], part.max(axis=0))


@pytest.mark.parametrize("query", ["start=-1", "start=5&stop=5", "stop=9999999", "bins=0", "bins=x"])
def test_impossible_views(client, query):
    assert client.get(f"/api/recordings/r0/signal?{query}").status_code == 422


def test_what_is_not_there_is_404(client):
    for path in (
        "/api/recordings/no/signal",
        "/api/recordings/no/labels",
        "/api/models/no/1",
        "/api/jobs/no",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.json()["error"]


def test_labels_are_edited_undone_and_redone(client):
    url = "/api/recordings/r0/labels"
    before = client.get(url).json()
    assert len(before["segments"]) == 3
    edit = {"version": before["version"], "edit": {"kind": "assign", "segments": [0], "label": "z"}}
    after = client.post(url, json=edit).json()
    assert (after["segments"][0]["label"], after["undo"]) == ("z", "assign z")
    undone = client.post(f"{url}/undo", json={"version": after["version"]}).json()
    assert undone["segments"] == before["segments"]
    assert undone["redo"] == "assign z"
    redone = client.post(f"{url}/redo", json={"version": undone["version"]}).json()
    assert redone == after


def test_a_second_window_does_not_overwrite_the_first(client):
    url = "/api/recordings/r0/labels"
    seen = client.get(url).json()["version"]
    delete = {"version": seen, "edit": {"kind": "delete", "segments": [0]}}
    assert client.post(url, json=delete).status_code == 200
    again = client.post(url, json=delete)
    assert again.status_code == 409
    assert len(client.get(url).json()["segments"]) == 2
    assert client.post(f"{url}/undo", json={"version": seen}).status_code == 409


@pytest.mark.parametrize(
    "edit",
    [
        {"kind": "add", "start": 0, "stop": 10, "label": "x"},
        {"kind": "move", "segment": 0, "start": 35},
        {"kind": "split", "segment": 0, "at": 50},
        {"kind": "merge", "segments": [0, 1], "label": "x"},
        {"kind": "review", "start": 0, "stop": 100},
    ],
)
def test_every_kind_of_edit(client, edit):
    url = "/api/recordings/r0/labels"
    before = client.get(url).json()
    after = client.post(url, json={"version": before["version"], "edit": edit})
    assert after.status_code == 200, after.text
    assert after.json()["version"] != before["version"]


@pytest.mark.parametrize(
    "edit",
    [{"kind": "no"}, {"kind": "delete", "segments": [99]}, {"kind": "move", "segment": 0, "stop": -1}],
)
def test_refused_edits_change_nothing(client, edit):
    url = "/api/recordings/r0/labels"
    before = client.get(url).json()
    answer = client.post(url, json={"version": before["version"], "edit": edit})
    assert answer.status_code == 422
    assert client.get(url).json() == before


def test_a_new_label_must_be_meant(client):
    url = "/api/recordings/r0/labels"
    version = client.get(url).json()["version"]
    edit = {"version": version, "edit": {"kind": "assign", "segments": [0], "label": "typo"}}
    assert client.post(url, json=edit).status_code == 422
    assert client.post(url, json={**edit, "new": True}).status_code == 200


def test_detecting_shows_and_proposing_writes(client):
    found = client.post("/api/recordings/r0/detect", json={"kind": "hysteresis"}).json()
    assert found["kind"] == "hysteresis"
    assert found["spans"]
    none = client.post(
        "/api/recordings/r0/detect", json={"kind": "hysteresis", "settings": {"start_level": 60000}}
    ).json()
    assert none["spans"] == []
    assert none["segmenter"]["stop_level"] == 30000
    version = client.get("/api/recordings/r0/labels").json()["version"]
    client.post(
        "/api/recordings/r0/labels",
        json={"version": version, "edit": {"kind": "delete", "segments": [0, 1, 2]}},
    )
    proposed = client.post("/api/recordings/r0/propose", json={"kind": "hysteresis"}).json()
    assert proposed["n_proposed"] == len(found["spans"])
    labels = client.get("/api/recordings/r0/labels").json()
    assert {segment["source"] for segment in labels["segments"]} == {"segmenter"}


def test_the_activity_signal(client, project):
    answer = client.post(
        "/api/recordings/r0/activity", json={"bins": 10000, "settings": {"smooth_ms": 100}}
    )
    header, values = columns(answer.content)
    assert header["kind"] == "u16"
    assert values.shape == (1, 1, project.load("r0").info.n_samples)
    assert values.max() > 100


@pytest.mark.parametrize("said", [{"nonsense": 1}, {"smooth_ms": -1}, {"weights": [1, 2]}])
def test_impossible_parameters(client, said):
    answer = client.post("/api/recordings/r0/detect", json={"settings": said})
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]


def finished(client, request):
    """The job's end."""
    job = client.post("/api/jobs", json=request).json()
    assert job["state"] == "running"
    deadline = time.monotonic() + 300
    while job["state"] == "running" and time.monotonic() < deadline:
        time.sleep(0.1)
        job = client.get(f"/api/jobs/{job['id']}").json()
    return job


def test_a_job_runs_and_tells_its_end(client):
    job = finished(client, {"kind": "profile", "name": "none"})
    assert job["state"] == "failed"
    assert "no model" in job["message"]
    assert [one["id"] for one in client.get("/api/jobs").json()] == [job["id"]]


@pytest.mark.parametrize("name", ["--help", "a b", "../x", ""])
def test_no_text_of_a_request_becomes_an_option(client, name):
    assert client.post("/api/jobs", json={"kind": "train", "name": name}).status_code == 422


def test_files_come_in_and_go_out(client, project):
    """Sent, looked at, imported; then exported and downloaded."""
    upload = client.post("/api/uploads").json()["id"]
    rows = "".join(f"{i},0,1,0,0,0\n" for i in range(60))
    content = f"ax,ay,az,gx,gy,gz\n{rows}".encode()
    sent = client.post(f"/api/uploads/{upload}/files", params={"name": "../x/walk.csv"}, content=content)
    assert sent.status_code == 422
    sent = client.post(f"/api/uploads/{upload}/files", params={"name": "walk.csv"}, content=content)
    assert sent.json() == {"id": upload, "n_files": 1, "n_bytes": len(content)}

    look = {"kind": "import", "upload": upload, "format": "csv", "dry_run": True}
    preview = finished(client, look)["result"]
    assert preview["n_samples"] == 60
    assert "--rate-hz" in {missing["option"] for missing in preview["missing"]}
    said = {"rate_hz": 50, "accel_unit": "counts", "gyro_unit": "counts", "counts_per_g": 2048.0}
    more = {"counts_per_dps": 16.384, "gravity": True, "continuous": True, "accept_faults": True}
    job = finished(client, {**look, **said, **more, "dry_run": False, "subject": "Ann"})
    assert job["state"] == "done", job["message"]
    assert job["result"]["added"] == ["walk"]
    assert project.entry("walk").meta.subject == "Ann"
    assert client.delete(f"/api/uploads/{upload}").status_code == 200

    job = finished(client, {"kind": "export", "format": "csv", "where": "id=walk"})
    assert job["state"] == "done", job["message"]
    answer = client.get(f"/api/jobs/{job['id']}/files")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert any(name.startswith("walk") for name in file.namelist())


def test_only_an_export_has_files(client):
    job = client.post("/api/jobs", json={"kind": "verify", "name": "none"}).json()
    assert client.get(f"/api/jobs/{job['id']}/files").status_code == 404
    client.post(f"/api/jobs/{job['id']}/cancel")


def test_nothing_to_import(client):
    assert client.post("/api/jobs", json={"kind": "import", "upload": "00"}).status_code == 404
    upload = client.post("/api/uploads").json()["id"]
    assert client.post("/api/jobs", json={"kind": "import", "upload": upload}).status_code == 422


def test_recordings_by_quality(client):
    assert len(client.get("/api/recordings", params={"where": "quality=good"}).json()) == 2
    assert client.get("/api/recordings", params={"where": "quality=gaps,clipped"}).json() == []
