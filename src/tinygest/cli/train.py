"""`tinygest train`: from labelled recordings to a stored model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar

if TYPE_CHECKING:
    from tinygest.workflow.training import TrainingResult


def command(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Option("--name", help="Name of the model; the prefix of its C code.")],
    family: Annotated[
        Literal["auto", "dense", "cnn"],
        typer.Option("--family", help="Kind of network; auto trains both and keeps the better one."),
    ] = "auto",
    where: Where = "",
    labels: Annotated[
        str, typer.Option("--labels", help="Labels to learn, with commas between.", show_default="all")
    ] = "",
    channels: Annotated[
        str,
        typer.Option("--channels", help="Channels to look at, with commas between.", show_default="all"),
    ] = "",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same data, same model.")] = 1,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps of the optimiser.")] = 1200,
    copies: Annotated[int, typer.Option("--copies", min=0, help="Augmented copies of each segment.")] = 16,
    mirror: Annotated[
        Literal["", "x", "y", "z"],
        typer.Option(
            "--mirror",
            help="Train for the other hand too: the sensor's axis that points across the body.",
            show_default="not mirrored",
        ),
    ] = "",
    validate: Annotated[
        bool, typer.Option("--validate/--no-validate", help="Hold recordings out first, for a number.")
    ] = True,
    threads: Annotated[
        int, typer.Option("--threads", min=0, help="Cores to use, 0 for all; may change the last bits.")
    ] = 1,
    measure: Annotated[
        bool | None,
        typer.Option("--measure/--no-measure", help="Link and emulate it.", show_default="where possible"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Train a model on labelled segments; store it with its contract, numbers and report.

    The segmenter comes from tinygest.toml, or is fitted on the chosen recordings.

    \b
    Example:
      tinygest train --name punch --where "side=left subject!=S3"
    """
    project = open_project(context)
    from tinygest.train.augment import Augmentation
    from tinygest.train.fit import FitOptions
    from tinygest.train.model import TrainOptions
    from tinygest.workflow.costs import why_not_measurable
    from tinygest.workflow.training import train_bundle

    options = TrainOptions(
        seed=seed,
        labels=_names(labels),
        channels=_names(channels),
        augmentation=Augmentation(n_copies=copies, mirror=mirror),
        fit=FitOptions(n_steps=steps),
        n_threads=threads,
    )
    with progress_bar() as progress:
        result = train_bundle(
            project,
            name,
            family=family,
            where=where,
            options=options,
            validate=validate,
            measure_cost=not why_not_measurable() if measure is None else measure,
            progress=progress,
        )
    if as_json:
        print_json(summary(result))
    else:
        print_table(result)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def summary(result: TrainingResult) -> dict[str, Any]:
    """What `--json` prints: the bundle and its metrics."""
    bundle = result.bundle
    return {
        "model": str(bundle),
        "model_id": bundle.model_id,
        "path": str(bundle.path),
        "report": str(bundle.report),
        **bundle.metrics,
    }


def print_table(result: TrainingResult) -> None:
    """A few rows for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table("", "", show_header=False, title=f"model {result.bundle}", title_justify="left")
    for row in _rows(result):
        table.add_row(*row)
    console = Console()
    console.print(table)
    console.print(f"report: {result.bundle.report}", soft_wrap=True, highlight=False)


def _rows(result: TrainingResult) -> list[tuple[str, str]]:
    model, scores = result.model, result.scores
    examples = ", ".join(f"{label} {n}" for label, n in model.n_examples.items())
    rows = [
        ("family", model.family),
        ("segmenter", model.choice.reason),
        ("examples", f"{examples}; {model.n_copies} augmented copies"),
        ("size", f"{model.n_parameters} parameters, {len(model.tflite)} bytes of .tflite"),
        ("time", f"{model.seconds:.1f} s"),
    ]
    if "cost" in result.bundle.metrics:
        cost = result.bundle.metrics["cost"]
        told = f"{cost['flash_bytes']} bytes of flash, {cost['ram_bytes']} of RAM with stack"
        rows.append(("measured", f"{told}, {cost['instructions']} instructions an event"))
    for family, validation in result.validations.items():
        held = validation.answers.scores()
        rows.append(
            (f"held out, {family}", f"{_share(held.accuracy)} of {held.n} segments; {validation.split}")
        )
    if result.why_not_validated:
        rows.append(("held out", f"nothing: {result.why_not_validated}"))
    rows.append(("on training data", f"{_share(scores.float_accuracy)} of {scores.n} segments"))
    if scores.n and scores.same_answer is None:
        rows.append(("int8 answers as float", "not measured: tflite_micro is not installed"))
    else:
        rows.append(("int8 answers as float", _share(scores.same_answer)))
    return rows


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
