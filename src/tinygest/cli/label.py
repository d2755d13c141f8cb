"""`tinygest label`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, NewestModel, Where, open_project, print_json, progress_bar
from tinygest.cli.table import print_table

if TYPE_CHECKING:
    from tinygest.workflow.labelling import Step, Track

app = typer.Typer(
    no_args_is_help=True,
    help="""Look at labels and change them; every change can be undone.

    Segments have numbers that count from 1 in each recording. Positions are samples (250) or seconds
    (2.5s).

    \b
    Example:
      tinygest label assign monday_left 1-4,7 jab
    """,
)

Recording = Annotated[str, typer.Argument(help="Id of a recording.")]
Recordings = Annotated[list[str] | None, typer.Argument(help="Ids of recordings.", show_default=False)]
WhereOr = Annotated[str | None, typer.Option("--where", help="Or choose them, as everywhere.")]
Segments = Annotated[str, typer.Argument(help="3, or 1-4,7, or all, or unlabelled.")]
OneSegment = Annotated[str, typer.Argument(help="Number of a segment.")]
Label = Annotated[str | None, typer.Option("--label", help="Its label.")]
New = Annotated[bool, typer.Option("--new", help="The label is new to the project.")]
Start = Annotated[str | None, typer.Option("--start", help="Position, as 250 or 2.5s.")]
Stop = Annotated[str | None, typer.Option("--stop", help="Position behind the last sample.")]


@app.command("list")
def list_labels(
    context: typer.Context, recordings: Recordings = None, where: WhereOr = None, as_json: Json = False
) -> None:
    """Show the segments of recordings, of all where none is named.

    \b
    Example:
      tinygest label list monday_left
    """
    from tinygest.workflow.labelling import show
    from tinygest.workflow.projects import choose

    project = open_project(context)
    chosen = choose(project, recordings or [], "" if where is None and not recordings else where)
    tracks = [show(project, entry) for entry in chosen]
    _print(tracks, as_json=as_json)


@app.command()
def add(
    context: typer.Context,
    *,
    recording: Recording,
    start: Annotated[str, typer.Argument(help="First sample, as 250 or 2.5s.")],
    stop: Annotated[str, typer.Argument(help="Position behind the last sample.")],
    label: Label = None,
    new: New = False,
    as_json: Json = False,
) -> None:
    """Add a segment.

    \b
    Example:
      tinygest label add monday_left 250 3.5s --label jab
    """
    from tinygest.workflow import labelling

    _print([labelling.add(open_project(context), recording, start, stop, label, new=new)], as_json=as_json)


@app.command()
def assign(
    context: typer.Context,
    *,
    recording: Recording,
    segments: Segments,
    label: Annotated[str, typer.Argument(help="Label; an empty text takes the label away.")],
    new: New = False,
    as_json: Json = False,
) -> None:
    """Name segments.

    \b
    Example:
      tinygest label assign monday_left 1-4,7 jab
    """
    from tinygest.workflow import labelling

    track = labelling.assign(open_project(context), recording, segments, label or None, new=new)
    _print([track], as_json=as_json)


@app.command()
def move(
    context: typer.Context,
    *,
    recording: Recording,
    segment: OneSegment,
    start: Start = None,
    stop: Stop = None,
    as_json: Json = False,
) -> None:
    """Move the edges of a segment.

    \b
    Example:
      tinygest label move monday_left 3 --stop 4.2s
    """
    from tinygest.workflow import labelling

    _print([labelling.move(open_project(context), recording, segment, start, stop)], as_json=as_json)


@app.command()
def split(
    context: typer.Context,
    *,
    recording: Recording,
    segment: OneSegment,
    at: Annotated[str, typer.Argument(help="Where the second one begins.")],
    as_json: Json = False,
) -> None:
    """Make two segments of one.

    \b
    Example:
      tinygest label split monday_left 3 3.9s
    """
    from tinygest.workflow import labelling

    _print([labelling.split(open_project(context), recording, segment, at)], as_json=as_json)


@app.command()
def merge(
    context: typer.Context,
    *,
    recording: Recording,
    segments: Segments,
    label: Label = None,
    new: New = False,
    as_json: Json = False,
) -> None:
    """Make one segment of neighbours and what lies between them.

    \b
    Example:
      tinygest label merge monday_left 3-4
    """
    from tinygest.workflow import labelling

    track = labelling.merge(open_project(context), recording, segments, label, new=new)
    _print([track], as_json=as_json)


@app.command()
def delete(context: typer.Context, recording: Recording, segments: Segments, as_json: Json = False) -> None:
    """Remove segments; in reviewed time that makes background of them.

    \b
    Example:
      tinygest label delete monday_left 7
    """
    from tinygest.workflow import labelling

    _print([labelling.delete(open_project(context), recording, segments)], as_json=as_json)


@app.command()
def review(
    context: typer.Context,
    *,
    recordings: Recordings = None,
    where: WhereOr = None,
    start: Start = None,
    stop: Stop = None,
    not_reviewed: Annotated[bool, typer.Option("--not", help="Mark as not reviewed.")] = False,
    as_json: Json = False,
) -> None:
    """Say that you looked: time without a label is background from now on.

    \b
    Example:
      tinygest label review monday_left --start 0 --stop 60s
    """
    from tinygest.workflow import labelling
    from tinygest.workflow.projects import choose

    project = open_project(context)
    entries = choose(project, recordings or [], where)
    tracks = labelling.review(project, entries, start, stop, undone=not_reviewed)
    if as_json:
        print_json(tracks)
    else:
        typer.echo(f"marked {len(tracks)} recordings as {'not ' if not_reviewed else ''}reviewed")


@app.command()
def times(
    context: typer.Context,
    *,
    file: Annotated[
        Path,
        typer.Argument(help="CSV with columns label, start, stop, and perhaps device.", dir_okay=False),
    ],
    recordings: Recordings = None,
    where: WhereOr = None,
    new: New = False,
    as_json: Json = False,
) -> None:
    """Name segments by a list of times, as from a video or a script.

    start and stop are seconds of the recording, or Unix time, so that one list serves several recordings.
    A segment that `segment` proposed is named by the time that fits it; where it found nothing the time
    itself becomes a segment; proposals that no time names go.

    \b
    Example:
      tinygest label times script.csv --where session=monday
    """
    from tinygest.workflow.projects import choose
    from tinygest.workflow.timed_labels import label_times, read_times

    project = open_project(context)
    done = label_times(project, choose(project, recordings or [], where), read_times(file), new=new)
    if as_json:
        print_json(done)
        return
    print_table(
        ["recording", "named", "added", "dropped", "in the way"],
        ((one.id, one.n_named, one.n_added, one.n_dropped, one.n_in_the_way) for one in done),
    )


@app.command()
def undo(
    context: typer.Context, recordings: Recordings = None, where: WhereOr = None, as_json: Json = False
) -> None:
    """Take back the last change of labels, in each recording named.

    \b
    Example:
      tinygest label undo monday_left
    """
    from tinygest.workflow import labelling
    from tinygest.workflow.projects import choose

    project = open_project(context)
    ids = [entry.id for entry in choose(project, recordings or [], where)]
    _print_steps("undone", labelling.undo(project, ids), as_json=as_json)


@app.command()
def redo(
    context: typer.Context, recordings: Recordings = None, where: WhereOr = None, as_json: Json = False
) -> None:
    """Do again what was undone last, in each recording named.

    \b
    Example:
      tinygest label redo monday_left
    """
    from tinygest.workflow import labelling
    from tinygest.workflow.projects import choose

    project = open_project(context)
    ids = [entry.id for entry in choose(project, recordings or [], where)]
    _print_steps("redone", labelling.redo(project, ids), as_json=as_json)


@app.command()
def doubtful(
    context: typer.Context,
    model: NewestModel = None,
    where: Where = "",
    as_json: Json = False,
) -> None:
    """List labelled segments that a model would call something else, its surest objections first.

    \b
    Example:
      tinygest label doubtful punch --where "subject=S1"
    """
    from tinygest.workflow.doubting import doubtful_segments

    with progress_bar() as progress:
        found = doubtful_segments(open_project(context), model, where, progress)
    if as_json:
        print_json(found)
        return
    print_table(
        ["recording", "number", "label", "model says", "score"],
        ((one.recording, one.number, one.label, one.answer, one.score) for one in found.doubts),
    )
    typer.echo(f"{found.model} doubts {len(found.doubts)} of {found.n_segments} labelled segments")


def _print(tracks: list[Track], *, as_json: bool) -> None:
    if as_json:
        print_json(tracks)
        return
    print_table(
        ["recording", "number", "start", "stop", "start_s", "stop_s", "label", "source"],
        (
            (track.id, row.number, row.start, row.stop, row.start_s, row.stop_s, row.label, row.source)
            for track in tracks
            for row in track.segments
        ),
    )


def _print_steps(done: str, steps: list[Step], *, as_json: bool) -> None:
    if as_json:
        print_json(steps)
        return
    for step in steps:
        typer.echo(f"{step.id}: {'nothing to do' if step.action is None else f'{done}: {step.action}'}")
