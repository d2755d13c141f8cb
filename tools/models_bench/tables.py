"""The results as Markdown."""

from __future__ import annotations

import statistics
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from models_bench.sets import SETS
from models_bench.work import Work

BEGIN, END = "<!-- bench_models: begin -->", "<!-- bench_models: end -->"


def render(work: Work) -> str:
    """The whole section."""
    parts = [intro(), accuracy(work), unknown(work), few(work), alarms(work)]
    return "\n\n".join(part for part in parts if part) + "\n"


def intro() -> str:
    return "## Models on people they never met\n\n" + paragraph(
        "`python tools/bench_models.py`: one default recipe for all sets (`--family dense`, under 10 k",
        "parameters), int8, answers by the compiled C library. Segments with given borders",
        "(`--given-borders`); streams are under Segmentation. One subject held out at a time; for the",
        "spells, of one person, five blocks of time. Mean and standard deviation over seeds. `negative`",
        "streams of magic_wand are cut into pieces of 120 samples, as the README of the data says. The",
        "baseline is ours, plain statistics with a random forest of 200 trees on the same folds and",
        "segments; in brackets the one of that README.",
    )


def paragraph(*parts: str) -> str:
    """Text in lines of the documentation's width."""
    return textwrap.fill(" ".join(parts), 112, break_long_words=False)


def accuracy(work: Work) -> str:
    rows = []
    plain = by_set(work.known("plain"))
    for name, results in by_set(work.known("accuracy")).items():
        mine = SETS[name]
        lost = [100 * (one["float"] - one["int8"]) for one in results]
        readme = f" ({mine.baseline:.3f})" if mine.baseline else ""
        rows.append(
            (
                name,
                f"{results[0]['n']}",
                spread([one["int8"] for one in results]),
                f"{mine.must:.3f} ({mine.aim:.3f})" if mine.must else f"baseline ({mine.aim:.3f})",
                spread([one["accuracy"] for one in plain.get(name, [])]) + readme,
                spread([one["float"] for one in results]),
                f"{statistics.fmean(lost):+.2f}",
                len(results),
            )
        )
    head = (
        "set",
        "segments",
        "int8 in C",
        "must (aim)",
        "baseline",
        "float",
        "points lost by int8",
        "seeds",
    )
    return table(head, rows) if rows else ""


def unknown(work: Work) -> str:
    sums: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key, result in work.known("unknown").items():
        sums[key.split(".")[0]].append(result | {"label": key.split(".", 1)[1]})
    rows = []
    for name, own in sums.items():
        shares = {one["label"]: one["rejected"] / one["n"] for one in own if one["n"]}
        worst = min(shares, key=lambda label: shares[label])
        rejected = sum(one["rejected"] for one in own) / sum(one["n"] for one in own)
        kept = sum(one["kept_right"] for one in own) / sum(one["n_known"] for one in own)
        rows.append((name, len(own), f"{rejected:.2f}", f"{kept:.3f}", f"{worst} {shares[worst]:.2f}"))
    if not rows:
        return ""
    text = paragraph(
        "Each gesture left out of training in turn (two halves of the people, or of the time): share of",
        "its segments answered with *unknown*, at thresholds per label that keep 95 % of the right answers",
        "to",
        "known gestures of the same held-out people.",
    )
    head = ("set", "gestures", "rejected", "known ones right and kept", "least rejected")
    return f"{text}\n\n{table(head, rows)}"


def few(work: Work) -> str:
    rows = [
        (
            name,
            spread([one["all"] for one in own]),
            spread([one["few"] for one in own]),
            spread([one["share"] for one in own]),
        )
        for name, own in by_set(work.known("few")).items()
    ]
    head = ("set", "fitted from all labels", "from 10 examples a label", "share")
    return (
        "Segmenter, F1 of segments at IoU 0.5 on held-out people:\n\n" + table(head, rows) if rows else ""
    )


def alarms(work: Work) -> str:
    lines = []
    for name, own in by_set(work.known("alarms")).items():
        one = own[0]
        lines.append(
            paragraph(
                f"False alarms: `{name}`, trained with two hours of everyday motion, thresholds",
                "calibrated for one alarm an hour on hours of other people, judged on hours of people who",
                "are in neither:",
                f"{one['alarms']} in {one['hours']:.1f} h ({one['per_hour']:.2f} an hour, at most",
                f"{one['high']:.2f}; {one['before_per_hour']:.1f} without thresholds). Recall on held-out",
                f"boxers {one['recall_before']:.3f} without, {one['recall']:.3f} with thresholds in which",
                "they had no say.",
            )
        )
    return "\n\n".join(lines)


def by_set(known: dict[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key, result in known.items():
        groups[key.split(".")[0]].append(result)
    return dict(groups)


def spread(values: Sequence[float]) -> str:
    if not values:
        return "-"
    deviation = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
    return f"{statistics.fmean(values):.3f}{deviation}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    def lines() -> Iterator[str]:
        yield "| " + " | ".join(head) + " |"
        yield "| " + " | ".join("---" for _ in head) + " |"
        for row in rows:
            yield "| " + " | ".join(map(str, row)) + " |"

    return "\n".join(lines())


def replace_section(path: Path, text: str) -> None:
    """Put the text between the markers, at the end of the file where there are none."""
    old = path.read_text()
    if BEGIN not in old:
        old = f"{old.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{text}{END}{after}")
