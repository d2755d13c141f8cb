"""`tinygest evaluate`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar
from tinygest.core.errors import UsageError


def command(
    context: typer.Context,
    *,
    where: Where = "",
    split: Annotated[
        str,
        typer.Option(
            "--split",
            help="What is held out: loso (one subject at a time), grouped:K, by-recording[:K], blocks[:K], "
            "random[:K], file:PATH.",
            show_default="loso, or what a single subject allows",
        ),
    ] = "",
    family: Annotated[
        Literal["auto", "dense", "cnn"] | None,
        typer.Option(
            "--family",
            help="Kind of network; auto chooses anew inside each fold, as train does, in seven times "
            "the time.",
            show_default="that of the newest model, else dense",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of training and of random splits.")] = 1,
    seeds: Annotated[
        int, typer.Option("--seeds", min=1, help="Repeat everything with this many seeds.")
    ] = 1,
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, help="Folds at a time.", show_default="one a core")
    ] = 0,
    quick: Annotated[bool, typer.Option("--quick", help="Without the easier splits beside it.")] = False,
    given_borders: Annotated[
        bool,
        typer.Option(
            "--given-borders", help="Segments alone, no streams: how good is the network by itself?"
        ),
    ] = False,
    locked: Annotated[str, typer.Option("--locked", help="Recordings that no fold may see.")] = "",
    final: Annotated[
        bool, typer.Option("--final", help="Judge the locked recordings by a model of all others.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", help="Where the page goes.", show_default="evaluation.html in the project"
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Judge training on held-out subjects, by events of the compiled library.

    \b
    Example:
      tinygest -p boxing evaluate --split grouped:5 --seeds 3
    """
    from tinygest.cli.evaluation_tables import print_evaluation
    from tinygest.train.model import TrainOptions
    from tinygest.workflow.evaluation import EvaluateOptions, evaluate, write_report

    project = open_project(context)
    page = report or project.root / "evaluation.html"
    if not page.parent.is_dir():
        raise UsageError(f"--report {page}: there is no folder {page.parent}")
    options = EvaluateOptions(
        where=where,
        split=split,
        locked=locked,
        final=final,
        borders_given=given_borders,
        quick=quick,
        n_seeds=seeds,
        jobs=jobs,
        family=family,
        train=TrainOptions(seed=seed),
    )
    with progress_bar() as progress:
        evaluated = evaluate(project, options, progress, lambda line: typer.echo(line, err=True))
    write_report(project, evaluated, page)
    if as_json:
        print_json(evaluated.evaluation)
    else:
        print_evaluation(evaluated.evaluation)
        typer.echo(f"report: {page}")
