"""`tinygest diff`"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, open_project, print_json
from tinygest.cli.table import print_table

if TYPE_CHECKING:
    from tinygest.workflow.comparing import Change, DataChanges, Metric, ModelDiff

SHOWN = 40  # characters of a value in the table
Named = typer.Argument(help="Name, or name@revision.", show_default=False)


def command(
    context: typer.Context,
    a: Annotated[str, Named],
    b: Annotated[
        str | None, typer.Argument(help="What it is compared with.", show_default="newest of the same name")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Compare two models: contract, figures with their intervals, sizes, training data, thresholds.

    Says so where figures of the one mean nothing for the other.

    \b
    Example:
      tinygest diff punch@1 punch@2
    """
    from tinygest.workflow.comparing import diff_models

    project = open_project(context)
    first = project.bundle(a)
    diff = diff_models(first, project.bundle(b or first.name))
    if as_json:
        print_json(diff)
    else:
        _print(diff)


def _print(diff: ModelDiff) -> None:
    typer.echo(f"a: {diff.a}\nb: {diff.b}")
    if diff.same_model:
        typer.echo("the same model: contract and .tflite are equal")
    for reason in diff.incomparable:
        typer.echo(f"not comparable: {reason}")
    typer.echo("")
    print_table(("figure", "a", "b", "b is"), map(_metric_row, diff.metrics))
    typer.echo("")
    print_table(("size", "a", "b"), ((row.what, row.a, row.b) for row in diff.sizes))
    _print_data(diff.data)
    for title, rows in (
        ("contract", diff.contract),
        ("threshold", diff.thresholds),
        ("setting", diff.settings),
        ("version", diff.versions),
    ):
        _print_changes(title, rows)


def _metric_row(row: Metric) -> tuple[str, str, str, str]:
    return row.what, _share(row.a, row.interval_a), _share(row.b, row.interval_b), row.verdict


def _share(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None:
        return "-"
    if interval is None:
        return f"{value:.1%}"
    return f"{value:.1%} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def _print_data(data: DataChanges) -> None:
    typer.echo("")
    if data.same:
        typer.echo(f"training data: the same {data.n_a} recordings")
        return
    typer.echo(f"training data: {data.n_a} recordings in a, {data.n_b} in b")
    for what, names in (("added", data.added), ("removed", data.removed), ("changed", data.changed)):
        if names:
            typer.echo(f"  {what}: {', '.join(names)}")
    if not data.changes_known:
        typer.echo("  a lock here is too old to tell which recordings were changed")


def _print_changes(title: str, rows: Iterable[Change]) -> None:
    shown = [(row.what, _clip(row.a), _clip(row.b)) for row in rows]
    if shown:
        typer.echo("")
        print_table((title, "a", "b"), shown)


def _clip(value: object) -> str | None:
    if value is None:
        return None
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
