"""The library in the browser: filter, correct, delete and take back, import, export."""

from __future__ import annotations

import re
import zipfile

ROWS = (f"{i % 7 / 10},{i % 5 / 10},{1 + i % 4 / 10},{i % 6},{i % 3},{i % 2}\n" for i in range(100))
CSV = "ax,ay,az,gx,gy,gz\n" + "".join(ROWS)


def open_library(page, gateway):
    page.goto(f"{gateway.address}#/library")
    page.reload()
    page.get_by_role("checkbox", name="Choose r0", exact=True).wait_for()


def test_recordings_are_filtered(page, gateway):
    open_library(page, gateway)
    page.get_by_label("of subject").select_option("S1")
    page.get_by_role("checkbox", name="Choose r0", exact=True).wait_for(state="hidden")
    assert "where=subject%3DS1" in page.url
    page.get_by_role("checkbox", name="Choose r1", exact=True).wait_for()
    page.get_by_label("of quality").select_option("gaps")
    page.get_by_text("No recording matches").wait_for()
    page.go_back()
    page.get_by_role("checkbox", name="Choose r1", exact=True).wait_for()


def test_many_are_corrected_and_deleted_and_come_back(page, gateway):
    open_library(page, gateway)
    for name in ("r1", "r2"):
        page.get_by_role("checkbox", name=f"Choose {name}", exact=True).check()
    form = page.get_by_role("form", name="Correct the chosen recordings")
    form.get_by_label("subject").fill("Ann")
    form.get_by_label("side").select_option("left")
    form.get_by_role("button", name="Correct").click()
    page.get_by_role("row").filter(has_text="Ann").nth(1).wait_for()
    assert [gateway.project.entry(name).meta.side for name in ("r1", "r2")] == ["left", "left"]

    form.get_by_role("button", name="Delete").click()
    page.get_by_role("status").filter(has_text="2 recordings deleted").wait_for()
    page.get_by_role("checkbox", name="Choose r1", exact=True).wait_for(state="hidden")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("checkbox", name="Choose r1", exact=True).wait_for()
    form.get_by_role("button", name="Delete").click()
    page.get_by_role("status").filter(has_text="2 recordings deleted").wait_for()
    page.reload()  # the offer to undo is gone, the recordings are not
    page.get_by_role("checkbox", name="deleted ones").check()
    page.get_by_role("checkbox", name="Choose r1", exact=True).wait_for()
    page.get_by_role("checkbox", name="Choose all").check()
    page.get_by_role("button", name="Restore").click()
    page.get_by_text("Nothing is deleted").wait_for()
    assert len(gateway.project.recordings()) >= 3


def test_a_file_is_looked_at_imported_and_exported(page, gateway, tmp_path):
    (tmp_path / "wave.csv").write_text(CSV)
    open_library(page, gateway)
    page.get_by_text("Import", exact=True).click()
    page.get_by_label("files", exact=True).set_input_files(tmp_path / "wave.csv")
    page.get_by_text("The data do not say the sample rate").wait_for()
    form = page.get_by_role("form", name="How to import")
    form.get_by_role("button", name="Import").click()
    page.get_by_role("alert").filter(has_text="the data do not say the sample rate").wait_for()
    form.get_by_label("rate in Hz").fill("50")
    form.get_by_label("acceleration in").select_option("g")
    form.get_by_label("rotation in").select_option("deg/s")
    form.locator("[name=gravity]").select_option("holds gravity")
    form.locator("[name=continuous]").select_option("one stretch")
    form.get_by_label("subject", exact=True).fill("Ben")
    form.get_by_role("button", name="Import").click()
    page.get_by_text("1 recordings came in").wait_for()
    page.get_by_role("row").filter(has_text="Ben").wait_for()
    assert gateway.project.entry("wave").info.n_samples == 100

    page.get_by_role("button", name="Well").click()
    page.goto(f"{gateway.address}#/library?where=subject%3DBen")
    page.get_by_text("Export", exact=True).click()
    page.get_by_role("button", name="Export what is shown").click()
    link = page.get_by_role("link", name=re.compile("Download"))
    link.wait_for()
    with page.expect_download() as download:
        link.click()
    with zipfile.ZipFile(download.value.path()) as file:
        assert any(name.startswith("wave") for name in file.namelist())


def test_a_new_board_that_is_not_there(page, gateway):
    page.goto(f"{gateway.address}#/devices")
    page.get_by_text("Prepare a new board").click()
    page.get_by_role("button", name="Flash the capture firmware").click()
    page.get_by_role("alert").filter(has_text="no Nano 33 BLE Sense was found").wait_for()
    assert "job=" in page.url
