"""`tinygest segment`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar
from tinygest.cli.table import print_table
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from tinygest.workflow.segmenting import Segmentation

KINDS = ("hysteresis", "trigger", "sliding")
HEADER = "recording found proposed in_the_way median_s activity_50% activity_95%".split()


def command(
    context: typer.Context,
    *,
    where: Where = "",
    kind: Annotated[
        str | None,
        typer.Option("--kind", help="hysteresis, trigger or sliding.", show_default="as in tinygest.toml"),
    ] = None,
    start_level: Annotated[
        int | None, typer.Option(help="hysteresis: starts at this activity, in counts.")
    ] = None,
    stop_level: Annotated[
        int | None, typer.Option(help="hysteresis: stops below this; default half of --start-level.")
    ] = None,
    level: Annotated[int | None, typer.Option(help="trigger: activity that opens the window.")] = None,
    min_ms: Annotated[float | None, typer.Option(help="hysteresis: shorter ones are dropped.")] = None,
    max_ms: Annotated[float | None, typer.Option(help="hysteresis: longer ones are closed.")] = None,
    pre_ms: Annotated[float | None, typer.Option(help="hysteresis, trigger: time taken in before.")] = None,
    post_ms: Annotated[float | None, typer.Option(help="hysteresis: time taken in behind.")] = None,
    merge_ms: Annotated[
        float | None, typer.Option(help="hysteresis: a lull this short does not stop it.")
    ] = None,
    length_ms: Annotated[float | None, typer.Option(help="trigger, sliding: length of the window.")] = None,
    hop_ms: Annotated[float | None, typer.Option(help="sliding: from window to window.")] = None,
    weights: Annotated[
        str | None, typer.Option("--weights", help="Activity weight per channel: 16,16,...; 16 is once.")
    ] = None,
    smooth_ms: Annotated[float | None, typer.Option(help="Activity is averaged over this time.")] = None,
    baseline_ms: Annotated[
        float | None, typer.Option(help="Activity is the distance from an average over this time.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only, write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Find segments and propose them with each recording's default label.

    What a person labelled or reviewed stays; earlier proposals that nobody touched are replaced.

    \b
    Example:
      tinygest segment --where "session=monday" --start-level 2500 --min-ms 200 --dry-run
    """
    from tinygest.workflow.segmenting import segment_recordings

    if kind is not None and kind not in KINDS:
        raise UsageError(f"--kind {kind!r} is not one of {', '.join(KINDS)}")
    said = {
        "start_level": start_level,
        "stop_level": stop_level,
        "level": level,
        "min_ms": min_ms,
        "max_ms": max_ms,
        "pre_ms": pre_ms,
        "post_ms": post_ms,
        "merge_ms": merge_ms,
        "length_ms": length_ms,
        "hop_ms": hop_ms,
        "weights": _weights(weights),
        "smooth_ms": smooth_ms,
        "baseline_ms": baseline_ms,
    }
    settings = {name: value for name, value in said.items() if value is not None}
    with progress_bar() as progress:
        result = segment_recordings(
            open_project(context), where, kind, settings, dry_run=dry_run, progress=progress
        )
    if as_json:
        print_json(result)
    else:
        _print(result)


def _weights(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        raise UsageError(f"--weights {text!r}: write whole numbers from 0 to 255 with commas")
    return tuple(map(int, parts))


def _print(result: Segmentation) -> None:
    print_table(
        HEADER,
        (
            (
                row.id,
                row.n_found,
                row.n_proposed,
                row.n_in_the_way,
                row.median_s,
                f"{row.activity_median:.0f}",
                f"{row.activity_95:.0f}",
            )
            for row in result.recordings
        ),
    )
    n_proposed = sum(row.n_proposed for row in result.recordings)
    done = "would be proposed" if result.dry_run else "proposed"
    typer.echo(f"{n_proposed} segments {done} in {len(result.recordings)} recordings")
    if any(row.n_in_the_way for row in result.recordings):
        typer.echo(
            "note: what a person labelled or reviewed stays; "
            "`tinygest label review --not` opens reviewed time again",
            err=True,
        )
