"""`tinygest segment`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar
from tinygest.cli.table import print_table
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from tinygest.workflow.segmenter_fitting import SegmenterFit
    from tinygest.workflow.segmenting import Segmentation

KINDS = ("hysteresis", "adaptive", "peak", "trigger", "sliding")
FIT_HEADER = "kind F1 labelled missed extra merged split start_ms end_ms delay_ms".split()
HEADER = "recording found proposed in_the_way median_s activity_50% activity_95%".split()


def command(
    context: typer.Context,
    *,
    where: Where = "",
    kind: Annotated[
        str | None,
        typer.Option("--kind", help=f"{', '.join(KINDS)}.", show_default="as in tinygest.toml"),
    ] = None,
    fit: Annotated[
        bool,
        typer.Option("--fit", help="Search kind and parameters that find what is labelled already."),
    ] = False,
    start_level: Annotated[
        int | None, typer.Option(help="hysteresis, adaptive: starts at this activity.")
    ] = None,
    stop_level: Annotated[
        int | None,
        typer.Option(help="Stops below this; default half of --start-level."),
    ] = None,
    level: Annotated[int | None, typer.Option(help="peak, trigger: activity that counts.")] = None,
    min_ms: Annotated[float | None, typer.Option(help="Shorter movements are dropped.")] = None,
    max_ms: Annotated[float | None, typer.Option(help="Longer ones are closed.")] = None,
    pre_ms: Annotated[float | None, typer.Option(help="Time taken in before.")] = None,
    post_ms: Annotated[float | None, typer.Option(help="Time taken in behind.")] = None,
    merge_ms: Annotated[
        float | None, typer.Option(help="A lull this short does not stop a movement.")
    ] = None,
    length_ms: Annotated[float | None, typer.Option(help="Length of a window.")] = None,
    horizon_ms: Annotated[
        float | None, typer.Option(help="peak: nothing higher comes for this long.")
    ] = None,
    start_share: Annotated[
        float | None, typer.Option(help="adaptive: share of the running peak that starts a movement.")
    ] = None,
    stop_share: Annotated[
        float | None, typer.Option(help="adaptive: share of the running peak that keeps it going.")
    ] = None,
    level_share: Annotated[
        float | None, typer.Option(help="peak: share of the running peak that counts.")
    ] = None,
    peak_ms: Annotated[
        float | None, typer.Option(help="adaptive, peak: how long the running peak is remembered.")
    ] = None,
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
      tinygest segment --fit
    """
    from tinygest.workflow.segmenter_fitting import fit_segmenter
    from tinygest.workflow.segmenting import Parameters, segment_recordings

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
        "horizon_ms": horizon_ms,
        "start_share": start_share,
        "stop_share": stop_share,
        "level_share": level_share,
        "peak_ms": peak_ms,
        "weights": _weights(weights),
        "smooth_ms": smooth_ms,
        "baseline_ms": baseline_ms,
    }
    settings = {name: value for name, value in said.items() if value is not None}
    if fit and (settings or kind == "sliding"):
        raise UsageError("--fit finds the parameters itself: leave them out, or name --kind alone")
    project = open_project(context)
    with progress_bar() as progress:
        fitted = fit_segmenter(project, where, (kind,) if kind else KINDS[:-1], progress) if fit else None
        use = Parameters(fitted.activity, fitted.segmenter) if fitted else None
        result = segment_recordings(
            project, where, kind, settings, fitted=use, dry_run=dry_run, progress=progress
        )
    if as_json:
        print_json({"fit": fitted, **vars(result)} if fitted else result)
        return
    if fitted:
        _print_fit(fitted)
    _print(result)


def _weights(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        raise UsageError(f"--weights {text!r}: write whole numbers from 0 to 255 with commas")
    return tuple(map(int, parts))


def _print_fit(fit: SegmenterFit) -> None:
    import msgspec
    import tomli_w

    print_table(
        FIT_HEADER,
        (
            (
                row.kind,
                row.f1,
                row.n_true,
                row.n_missed,
                row.n_extra,
                row.n_merged,
                row.n_split,
                *(None if ms is None else round(ms) for ms in (row.start_error_ms, row.stop_error_ms)),
                None if row.delay_ms is None else round(row.delay_ms),
            )
            for row in fit.kinds
        ),
    )
    typer.echo(f"{fit.reason}\nthe best of these, for tinygest.toml:")
    parameters = {"activity": fit.activity, "segmenter": fit.segmenter}
    typer.echo(tomli_w.dumps(msgspec.to_builtins(parameters)))


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
