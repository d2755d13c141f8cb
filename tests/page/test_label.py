"""Labelling in the browser: by keyboard, with undo, from two windows."""

from __future__ import annotations

import re

import pytest

from tinygest.label import edits


@pytest.fixture(scope="module")
def n_people():
    return 8  # each test edits a recording of its own


def labels_of(gateway, recording_id):
    return [segment.label for segment in gateway.project.labels(recording_id).segments]


def open_label(page, gateway, recording_id):
    page.goto(f"{gateway.address}#/label/{recording_id}")
    stage = page.get_by_role("application")
    stage.locator("canvas").first.wait_for()
    stage.focus()
    return stage


def wait_for(page, gateway, recording_id, expected):
    for _ in range(600):
        if labels_of(gateway, recording_id) == expected:
            return
        page.wait_for_timeout(100)
    assert labels_of(gateway, recording_id) == expected


def test_segments_are_named_and_undone_by_keyboard(page, gateway):
    before = labels_of(gateway, "r0")
    open_label(page, gateway, "r0")
    page.keyboard.press("ArrowRight")
    page.get_by_role("status").filter(has_text="Segment 1 of").wait_for()
    page.keyboard.press("3")
    wait_for(page, gateway, "r0", ["z", *before[1:]])
    page.keyboard.press("Control+z")
    wait_for(page, gateway, "r0", before)
    page.keyboard.press("Control+y")
    wait_for(page, gateway, "r0", ["z", *before[1:]])
    page.reload()  # nothing is only in the browser
    page.get_by_role("button", name="Undo").click()
    wait_for(page, gateway, "r0", before)


def test_several_are_chosen_merged_and_deleted(page, gateway):
    before = labels_of(gateway, "r1")
    open_label(page, gateway, "r1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.get_by_role("status").filter(has_text="2 segments chosen").wait_for()
    page.keyboard.press("2")
    wait_for(page, gateway, "r1", ["y", "y", *before[2:]])
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    wait_for(page, gateway, "r1", ["y", "y", *before[3:]])


def test_an_edge_is_dragged(page, gateway):
    stage = open_label(page, gateway, "r2")
    page.get_by_role("status").filter(has_text="12 segments").wait_for()
    first = gateway.project.labels("r2").segments[0]
    box = stage.locator(".u-over").first.bounding_box()
    n = gateway.project.entry("r2").info.n_samples

    def x(row):
        return box["x"] + box["width"] * row / n

    y = box["y"] + box["height"] / 2
    page.mouse.move(x(first.start), y)
    page.mouse.down()
    page.mouse.move(x(first.start - 20), y, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Undo").and_(page.locator("[title='move']")).wait_for()
    assert gateway.project.labels("r2").segments[0].start == pytest.approx(first.start - 20, abs=3)
    assert gateway.project.labels("r2").segments[0].stop == first.stop


def test_detected_segments_are_accepted(page, gateway):
    gateway.project.edit_labels("r3", "clear", lambda track, n: type(track)())
    open_label(page, gateway, "r3")
    page.get_by_role("button", name="Detect segments").click()
    panel = page.get_by_role("region", name="Detect segments")
    panel.get_by_text(re.compile(r"^1\d found")).wait_for()
    found = panel.get_by_role("status").first.inner_text()
    level = panel.get_by_label(re.compile("^start level"))
    level.focus()
    page.keyboard.press("End")
    panel.get_by_text("0 found", exact=True).wait_for()
    page.wait_for_url(re.compile("start_level"))
    page.reload()  # what was tried is in the address
    panel.get_by_text("0 found", exact=True).wait_for()
    panel.get_by_role("button", name="Reset").click()
    panel.get_by_text(found, exact=True).wait_for()
    panel.get_by_role("button", name="Accept").click()
    panel.wait_for(state="hidden")
    assert len(labels_of(gateway, "r3")) >= 10
    assert {segment.source for segment in gateway.project.labels("r3").segments} == {"segmenter"}


@pytest.mark.slow
def test_parameters_are_fitted_to_what_is_labelled(page, gateway):
    open_label(page, gateway, "r4")
    page.get_by_role("button", name="Detect segments").click()
    panel = page.get_by_role("region", name="Detect segments")
    panel.get_by_role("button", name="Fit to my labels").click()
    panel.get_by_text("Done in").wait_for(timeout=300_000)
    panel.get_by_text("12 found").wait_for()  # as many as are labelled


def test_a_second_window_is_told(page, gateway, browser):
    before = labels_of(gateway, "r5")
    open_label(page, gateway, "r5")
    other = browser.new_page()
    open_label(other, gateway, "r5")
    for window in (page, other):
        window.keyboard.press("ArrowRight")
        window.get_by_role("status").filter(has_text="Segment 1 of").wait_for()
    page.keyboard.press("3")
    wait_for(page, gateway, "r5", ["z", *before[1:]])
    other.keyboard.press("2")
    other.get_by_role("alert").filter(has_text="somebody else changed").wait_for()
    assert labels_of(gateway, "r5")[0] == "z"
    other.close()


def test_the_next_unlabelled_segment_may_be_in_another_recording(page, gateway):
    bare = gateway.project.labels("r7")
    gateway.project.edit_labels("r7", "forget", lambda track, n: edits.assign(track, n, [4], None))
    open_label(page, gateway, "r6")
    page.keyboard.press("n")
    page.get_by_role("status").filter(has_text="Segment 5 of").wait_for()
    assert "#/label/r7" in page.url
    page.keyboard.press(str(1 + "xyz".index(bare.segments[4].label)))
    wait_for(page, gateway, "r7", [segment.label for segment in bare.segments])
