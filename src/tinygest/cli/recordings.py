"""`tinygest recordings`"""

from __future__ import annotations

from typing import Annotated

import typer

from tinygest.cli.options import Json, Where, open_project, print_json
from tinygest.cli.table import print_table

HEADER = "id subject side session default rate_hz seconds segments labels reviewed_% gaps clipped".split()


def command(
    context: typer.Context,
    *,
    where: Where = "",
    deleted: Annotated[bool, typer.Option("--deleted", help="Show deleted recordings instead.")] = False,
    as_json: Json = False,
) -> None:
    """List recordings with what is known about each.

    \b
    Example:
      tinygest recordings --where "subject=S1 label=jab,cross"
    """
    from tinygest.workflow.projects import list_recordings

    project = open_project(context)
    rows = list_recordings(project, where, deleted=deleted)
    if as_json:
        print_json(rows)
        return
    print_table(
        HEADER,
        (
            (
                row.id,
                row.subject,
                row.side,
                row.session,
                row.default_label,
                f"{row.rate_hz:g}",
                row.duration_s,
                row.n_segments,
                " ".join(f"{label}:{n}" for label, n in row.labels.items()),
                f"{100 * row.reviewed_s / row.duration_s:.0f}",
                row.n_gaps,
                row.n_clipped,
            )
            for row in rows
        ),
    )
    typer.echo(f"{len(rows)} recordings, {sum(row.duration_s for row in rows) / 60:.1f} minutes")
