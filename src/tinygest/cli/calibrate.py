"""`tinygest calibrate`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tinygest.cli.options import Json, NewestModel, open_project, print_json, progress_bar
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from tinygest.evaluate.thresholds import Checked
    from tinygest.metrics import Rate
    from tinygest.workflow.calibration import Calibrated


def command(
    context: typer.Context,
    *,
    model: NewestModel = None,
    per_hour: Annotated[
        float, typer.Option("--false-alarms-per-hour", help="The rate that is bearable.")
    ] = 1.0,
    keep: Annotated[
        float | None,
        typer.Option("--keep", help="Instead: the share of right held-out answers to keep, e.g. 0.95."),
    ] = None,
    where: Annotated[
        str,
        typer.Option(
            "--where",
            help="Which recordings that did not train the model join in.",
            show_default="all",
        ),
    ] = "",
    split: Annotated[
        str,
        typer.Option(
            "--split", help="How the model's recordings are held out.", show_default="as evaluate does"
        ),
    ] = "",
    scores: Annotated[
        bool, typer.Option("--scores/--no-scores", help="Turn margins into probabilities of being right.")
    ] = True,
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, help="Folds at a time.", show_default="one a core")
    ] = 0,
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            "--threshold",
            metavar="LABEL=SCORE",
            help="Instead: set it by hand, 0 to 255; may be repeated.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Choose thresholds for a false-alarm rate on held-out data; store them as the next revision.

    \b
    Examples:
      tinygest -p boxing calibrate punch --false-alarms-per-hour 0.5
      tinygest -p boxing calibrate punch --threshold jab=140 --threshold hook=90
    """
    if threshold:
        _set_by_hand(context, model, threshold, as_json=as_json)
        return
    from tinygest.workflow.calibration import CalibrateOptions, calibrate

    if not 0 < per_hour < float("inf"):
        raise UsageError(f"--false-alarms-per-hour {per_hour:g}: must be above 0")
    if keep is not None and not 0 < keep <= 1:
        raise UsageError(f"--keep {keep:g}: a share is above 0 and at most 1")
    options = CalibrateOptions(model, per_hour, keep, where, split, scores, jobs)
    with progress_bar() as progress:
        result = calibrate(
            open_project(context), options, progress, lambda line: typer.echo(line, err=True)
        )
    if as_json:
        print_json(summary(result))
    else:
        _print(result)


def _set_by_hand(context: typer.Context, model: str | None, pairs: list[str], *, as_json: bool) -> None:
    from tinygest.workflow.thresholds import set_thresholds

    bundle = set_thresholds(open_project(context), model, _thresholds(pairs))
    thresholds = bundle.contract.decision.thresholds
    if as_json:
        print_json({"model": str(bundle), "report": str(bundle.report), "thresholds": thresholds})
        return
    told = ", ".join(f"{label} {score}" for label, score in thresholds.items()) or "none"
    typer.echo(f"model {bundle}; thresholds: {told}")


def _thresholds(pairs: list[str]) -> dict[str, int]:
    """`jab=140` -> label to score."""
    thresholds: dict[str, int] = {}
    for pair in pairs:
        label, equals, score = pair.rpartition("=")
        if not equals or not score.isdecimal() or len(score) > 3 or label in thresholds:
            raise UsageError(f"--threshold {pair!r}: write LABEL=SCORE, each label once")
        thresholds[label] = int(score)
    return thresholds


def summary(result: Calibrated) -> dict[str, Any]:
    """What `--json` prints."""
    calibration = result.calibration
    return {
        "model": str(result.bundle),
        "of": str(result.parent),
        "report": str(result.bundle.report),
        "held_out": result.held_out,
        "thresholds": result.thresholds,
        "has_score_table": result.has_scores,
        "share_of_right_segments_kept": result.share_kept,
        "calibration": calibration,
        "verdict": calibration.verdict() if calibration else None,
        "notes": result.notes,
    }


def _print(result: Calibrated) -> None:
    from tinygest.cli.table import print_table

    for note in result.notes:
        typer.echo(f"note: {note}")
    typer.echo(f"model {result.bundle}, of {result.parent}; held out: {result.held_out}\n")
    labels = result.bundle.contract.labels[1:]
    print_table(("label", "threshold"), [(label, result.thresholds.get(label, 0)) for label in labels])
    typer.echo(f"\nright segments that keep their name: {result.share_kept:.1%}")
    calibration = result.calibration
    if calibration:
        rows = [
            _row("without thresholds", calibration.before.rate, calibration.before.recall),
            _row("where they were chosen", calibration.chosen.rate, calibration.chosen.recall),
            *_checked_row(calibration.checked),
        ]
        print_table(("", "false alarms", "hours", "an hour", "95 %", "recall"), rows)
        typer.echo(f"\n{calibration.verdict()}")
    typer.echo(f"report: {result.bundle.report}")


def _checked_row(checked: Checked | None) -> list[tuple[str, ...]]:
    return [_row("each person by the others' thresholds", checked.rate, checked.recall)] if checked else []


def _row(name: str, rate: Rate, recall: float) -> tuple[str, ...]:
    shown = (f"{rate.per_hour:.2f}", f"{rate.low:.2f} to {rate.high:.2f}") if rate.hours else ("-", "-")
    return name, str(rate.n), f"{rate.hours:.2f}", *shown, f"{recall:.1%}"
