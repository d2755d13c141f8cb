"""`tinygest search`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar
from tinygest.cli.table import print_table
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from tinygest.store.config import Budgets
    from tinygest.workflow.search.result import SearchResult, TrialRow


def command(
    context: typer.Context,
    *,
    trials: Annotated[int, typer.Option("--trials", min=0, help="Trials in all; more may follow.")] = 50,
    flash: Annotated[
        int | None,
        typer.Option("--flash", min=1, help="Bytes of the library.", show_default="tinygest.toml"),
    ] = None,
    ram: Annotated[
        int | None,
        typer.Option("--ram", min=1, help="Bytes of RAM with stack.", show_default="tinygest.toml"),
    ] = None,
    instructions: Annotated[
        int | None,
        typer.Option("--instructions", min=1, help="Most for an event.", show_default="tinygest.toml"),
    ] = None,
    where: Where = "",
    split: Annotated[
        str,
        typer.Option("--split", help="As `evaluate` has it.", show_default="three groups of subjects"),
    ] = "",
    locked: Annotated[
        str, typer.Option("--locked", help="Recordings that the search must never see.")
    ] = "",
    study: Annotated[str, typer.Option("--study", help="Name of the search.")] = "search",
    storage: Annotated[
        str,
        typer.Option(
            "--storage",
            envvar="TINYGEST_STORAGE",
            help="postgresql://USER@HOST/DATABASE for many machines.",
            show_default="a file in the project",
        ),
    ] = "",
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Workers on this machine.")] = 1,
    worker: Annotated[
        bool, typer.Option("--worker", help="Help in a search that was started elsewhere.")
    ] = False,
    keep: Annotated[
        int | None, typer.Option("--keep", min=0, help="Train the model of this trial and store it.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Model that --keep stores.")] = "",
    patience: Annotated[
        int, typer.Option("--patience", min=2, help="Seconds of silence after which a worker is dead.")
    ] = 60,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of training and of the sampler.")] = 1,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps of the optimiser.")] = 1200,
    copies: Annotated[int, typer.Option("--copies", min=0, help="Augmented copies of each segment.")] = 16,
    report: Annotated[
        Path | None, typer.Option("--report", help="Page to write.", show_default="search.html")
    ] = None,
    as_json: Json = False,
) -> None:
    """Search for models that are good and small: segmenter, representation, network and its size.

    Flash, RAM and instructions of every model are measured, not estimated. What was finished stays:
    the same command goes on where it was stopped.

    \b
    Example:
      tinygest search --flash 16000 --trials 50 --jobs 2
      tinygest search --worker --storage postgresql://me@host/searches
      tinygest search --keep 17 --name punch
    """
    project = open_project(context)
    from tinygest.store.config import Budgets
    from tinygest.train.augment import Augmentation
    from tinygest.train.fit import FitOptions
    from tinygest.train.model import TrainOptions
    from tinygest.workflow.search.run import SearchOptions, join_search, keep_trial, run_search

    own = project.config.budgets
    options = SearchOptions(
        study=study,
        storage=storage,
        where=where,
        split=split,
        locked=locked,
        n_trials=trials,
        budgets=Budgets(flash or own.flash_bytes, ram or own.ram_bytes, instructions or own.instructions),
        patience_s=patience,
        jobs=jobs,
        train=TrainOptions(
            seed=seed, augmentation=Augmentation(n_copies=copies), fit=FitOptions(n_steps=steps)
        ),
    )
    if keep is not None:
        if not name:
            raise UsageError("--keep needs --name, the model that the trial's network becomes")
        with progress_bar() as progress:
            kept = keep_trial(project, options, keep, name, progress)
        _print_kept(kept.bundle.metrics["cost"], str(kept.bundle), options.budgets, as_json=as_json)
        return
    work = join_search if worker else run_search
    with progress_bar() as progress:
        result = work(project, options, progress, lambda sentence: typer.echo(sentence, err=True))
    page = report or project.root / "search.html"
    if not worker:
        from tinygest.workflow.search.page import write_page

        write_page(result, page)
    if as_json:
        print_json(result)
    else:
        _print(result)
        if not worker:
            typer.echo(f"report: {page}")


def _print_kept(cost: dict[str, int], model: str, budgets: Budgets | None, *, as_json: bool) -> None:
    from tinygest.store.config import Budgets
    from tinygest.workflow.costs import over_budget

    over = over_budget(cost, budgets or Budgets())
    if as_json:
        print_json({"model": model, "cost": cost, "over_budget": over})
        return
    typer.echo(f"{model}, trained on all recordings of the search")
    print_table(("measured", ""), [(name.replace("_", " "), value) for name, value in cost.items()])
    if over:
        typer.echo(f"over budget, which the trial on fewer recordings was not: {over}")


def _print(result: SearchResult) -> None:
    typer.echo(f"{result.n_finished} of {result.n_trials} trials finished; {result.split}")
    front = result.front
    if not front:
        typer.echo("no model is within the budget yet")
        return
    typer.echo("not beaten by any other within the budget:")
    head = ("trial", result.measure, "95 %", "flash", "RAM", "instructions", "model")
    print_table(head, map(_row, front))
    typer.echo(
        "the score chose these models, so it is a little too kind; judge one with --locked recordings"
    )


def _row(row: TrialRow) -> tuple[Any, ...]:
    interval = f"{100 * row.interval[0]:.1f} to {100 * row.interval[1]:.1f}" if row.interval else None
    score = f"{row.score:.1%}"
    return row.number, score, interval, row.flash_bytes, row.ram_bytes, row.instructions, row.model
