"""Results of boards on a terminal: a line each, and a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from tinygest.cli.table import print_table
from tinygest.core.labels import UNKNOWN

if TYPE_CHECKING:
    from rich.text import Text

    from tinygest.workflow.results import Report, Result

COLOURS = ("green", "cyan", "magenta", "yellow", "blue", "red")
MAX_SCORE = 255
BAR = 10


def result_line(result: Result, began_s: float) -> Text:
    """When (seconds since began_s), which board, what, how sure; a colour for each label."""
    from rich.text import Text

    colour = "dim" if result.label == UNKNOWN else COLOURS[sum(result.label.encode()) % len(COLOURS)]
    bar = "█" * round(BAR * result.score / MAX_SCORE)
    line = Text(f"{result.start_s - began_s:7.1f} s  {result.board:<10} {result.by:<8} ")
    line.append(f"{result.label:<14}", style=colour)
    return line.append(f"{bar:<{BAR}} {result.score:3d}")


def print_report(report: Report) -> None:
    """How often each label was found, how far board and gateway agree, and what was right."""
    found = sorted({(one.board, one.by, one.label) for one in report.results})
    rows = [
        (*what, sum((one.board, one.by, one.label) == what for one in report.results)) for what in found
    ]
    print_table(("board", "found by", "label", "times"), rows)
    for board, trial in report.trials.items():
        if trial.n_board:
            typer.echo(
                f"{board}: {trial.n_board} results on the board, {trial.n_gateway} here, {trial.n_agree} "
                "the same in label, score, start and length"
            )
    for one in report.comparisons:
        typer.echo(
            f"{one.board}, by the {one.by}: {one.n_right} of {one.n_true} right, {one.n_other} taken for "
            f"something else, {one.n_missed} missed, {one.n_extra} where nothing was"
        )
