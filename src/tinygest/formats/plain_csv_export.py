"""Plain CSV: one file a recording with time, channels in physical units, label and subject.

Lost samples are a jump in time; where time is broken by nobody knows how much, a recording becomes
several files. Seen and found to be nothing is `unknown`; of what nothing is known has no text.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tinygest.formats.base import Remark
from tinygest.formats.csv_table import write_columns
from tinygest.formats.export_base import ExportOptions, Item, Losses, Names, in_units, unbroken
from tinygest.formats.spans import UNLABELLED, write_spans

IMPORT_AGAIN = (
    "tinygest import {out} --format csv --time-column t_s --label-column label --subject-column subject "
    "--not-reviewed {rate} --accel-unit g --gyro-unit deg/s{gravity}"
)


def write(items: Iterable[Item], folder: Path, options: ExportOptions) -> list[Remark]:
    """`<recording>.csv` with `t_s`, the channels in g and degrees/s, `label`, `subject`."""
    names, losses = Names(), Losses.none()
    for item in items:
        parts = unbroken(item, lambda gap: gap.n_missing == 0)
        losses.add("recordings cut where time is broken", len(parts) > 1, item.recording.id)
        losses.add("sides, sessions, notes, frame and scale are left out", 1, item.recording.id)
        losses.add_merged(item)
        losses.add_physics(item.recording.info, item.recording.id)
        for part in parts:
            _write(folder / names.take(f"{part.recording.id}.csv"), part)
    return losses.remarks()


def _write(path: Path, item: Item) -> None:
    info = item.recording.info
    index = np.arange(info.n_samples)
    for gap in info.gaps:
        index[gap.at :] += gap.n_missing
    texts = np.full(info.n_samples, "", object)
    for span in write_spans(item.track, info.n_samples):
        texts[span.start : span.stop] = "" if span.text == UNLABELLED else span.text
    values = in_units(item.recording, "g", "deg/s")
    channels = dict(zip(info.contract.channel_names, values.T, strict=True))
    subject = [item.recording.meta.subject] * info.n_samples
    time_s = np.round(index / info.contract.rate_hz, 9)
    write_columns(path, {"t_s": time_s, **channels, "label": texts, "subject": subject})
