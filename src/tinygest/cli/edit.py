"""`tinygest edit`"""

from __future__ import annotations

from typing import Annotated

import typer

from tinygest.cli.options import Json, open_project, parse_fields, print_json


def command(
    context: typer.Context,
    *,
    ids: Annotated[
        list[str] | None, typer.Argument(help="Recordings to correct.", show_default=False)
    ] = None,
    where: Annotated[str | None, typer.Option("--where", help="Or choose them, as everywhere.")] = None,
    subject: Annotated[str | None, typer.Option("--subject", help="Who moved.")] = None,
    side: Annotated[str | None, typer.Option("--side", help="left, right, ...")] = None,
    session: Annotated[str | None, typer.Option("--session", help="One subject at one sitting.")] = None,
    default_label: Annotated[
        str | None, typer.Option("--default-label", help="What `segment` proposes.")
    ] = None,
    notes: Annotated[str | None, typer.Option("--notes", help="Free text.")] = None,
    field: Annotated[
        list[str] | None, typer.Option("--field", help="NAME=VALUE of a project field; empty removes it.")
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="The default label is new to the project.")] = False,
    deleted: Annotated[
        bool | None, typer.Option("--delete/--undelete", help="Leave out everywhere; files stay.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Correct what is written about recordings; signals never change.

    \b
    Example:
      tinygest edit --where "session=monday" --subject S1 --side left
    """
    from tinygest.workflow.projects import choose, edit_metadata

    texts = {
        "subject": subject,
        "side": side,
        "session": session,
        "default_label": default_label,
        "notes": notes,
    }
    changes = {name: text for name, text in texts.items() if text is not None}
    project = open_project(context)
    entries = choose(project, ids or [], where, deleted=deleted is False)
    n_changed = edit_metadata(
        project, entries, changes, parse_fields(field or []), deleted=deleted, new=new
    )
    if as_json:
        print_json({"chosen": [entry.id for entry in entries], "n_changed": n_changed})
    else:
        typer.echo(f"{n_changed} of {len(entries)} recordings changed")
