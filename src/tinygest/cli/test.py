"""`tinygest test`"""

from __future__ import annotations

import typer

from tinygest.cli.options import Json, NewestModel, Where, open_project, print_json, progress_bar


def command(
    context: typer.Context,
    model: NewestModel = None,
    where: Where = "",
    as_json: Json = False,
) -> None:
    """Run a model's compiled library over recordings: found events against true ones.

    \b
    Example:
      tinygest -p boxing test punch --where "subject=S7"
    """
    from tinygest.cli.evaluation_tables import print_test
    from tinygest.workflow.testing import run_test

    with progress_bar() as progress:
        test = run_test(open_project(context), model, where, progress, with_trade_off=as_json)
    if as_json:
        print_json(test)
    else:
        print_test(test)
