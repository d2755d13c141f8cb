"""`tinygest import`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, open_project, print_json, progress_bar
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from tinygest.workflow.importing import ImportResult, RemarkGroup
    from tinygest.workflow.previewing import Preview


def command(
    context: typer.Context,
    *,
    source: Annotated[Path, typer.Argument(exists=True, help="File or folder with the data.")],
    format_name: Annotated[
        str,
        typer.Option("--format", help="Format of the data; docs/importing.md.", show_default="recognised"),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come in and what is missing; store nothing.")
    ] = False,
    rate_hz: Annotated[
        float | None, typer.Option("--rate-hz", help="Samples a second, if the data do not say it.")
    ] = None,
    accel_unit: Annotated[
        str | None, typer.Option("--accel-unit", help="Unit of acceleration in the data: g, mg or m/s^2.")
    ] = None,
    gyro_unit: Annotated[
        str | None, typer.Option("--gyro-unit", help="Unit of rotation in the data: deg/s, mdps or rad/s.")
    ] = None,
    gravity: Annotated[
        bool | None,
        typer.Option("--gravity/--no-gravity", help="Acceleration holds gravity, or had it removed."),
    ] = None,
    continuous: Annotated[
        bool | None,
        typer.Option("--continuous/--separate", help="One stretch of time, or captures laid end to end."),
    ] = None,
    counts_per_g: Annotated[
        float | None,
        typer.Option("--counts-per-g", min=1e-6, help="Stored counts per g.", show_default="2048"),
    ] = None,
    counts_per_dps: Annotated[
        float | None,
        typer.Option("--counts-per-dps", min=1e-6, help="Stored per degree/s.", show_default="16.384"),
    ] = None,
    frame: Annotated[
        str, typer.Option("--frame", help="Axis frame of the sensor.", show_default="imported:<data set>")
    ] = "",
    resample_hz: Annotated[
        float | None,
        typer.Option("--resample-hz", help="Bring recordings to this rate.", show_default="keep"),
    ] = None,
    not_reviewed: Annotated[
        bool, typer.Option("--not-reviewed", help="Time without a label may hold events nobody marked.")
    ] = False,
    accept_faults: Annotated[
        bool, typer.Option("--accept-faults", help="Take constant and mostly clipped channels too.")
    ] = False,
    prefix: Annotated[str, typer.Option("--prefix", help="Put before the names of recordings.")] = "",
    subject: Annotated[str, typer.Option("--subject", help="Who moved, if the data do not say it.")] = "",
    side: Annotated[str, typer.Option("--side", help="left, right, ...")] = "",
    session: Annotated[str, typer.Option("--session", help="One subject at one sitting.")] = "",
    label: Annotated[str, typer.Option("--label", help="What happens, if the data do not say it.")] = "",
    key: Annotated[
        str, typer.Option("--key", envvar="TINYGEST_KEY", help="edge-impulse: checks signatures.")
    ] = "",
    label_session: Annotated[
        str, typer.Option("--label-session", help="sensiml: which session of labels, if there are several.")
    ] = "",
    exclusive_ends: Annotated[
        bool, typer.Option("--exclusive-ends", help="sensiml: a segment ends before its end row.")
    ] = False,
    columns: Annotated[
        str, typer.Option("--map", help="Channels and columns, ax=accel_x,ay=..., where names are unusual.")
    ] = "",
    time_column: Annotated[str, typer.Option("--time-column", help="csv: shows missing samples.")] = "",
    time_unit: Annotated[str, typer.Option("--time-unit", help="csv: s, ms, us or ns.")] = "s",
    label_column: Annotated[
        str, typer.Option("--label-column", help="csv: runs of a label become segments.")
    ] = "",
    unlabelled: Annotated[
        list[str] | None,
        typer.Option("--unlabelled", help="Text that means no label."),
    ] = None,
    subject_column: Annotated[str, typer.Option("--subject-column", help="csv: who moved.")] = "",
    separator: Annotated[str, typer.Option("--separator", help="csv: between fields.")] = ",",
    decimal: Annotated[str, typer.Option("--decimal", help="csv: in numbers.")] = ".",
    as_json: Json = False,
) -> None:
    """Bring recordings and labels into the project: all of a data set, or nothing.

    \b
    Examples:
      tinygest import gestures
      tinygest import export_from_edge_impulse --dry-run
      tinygest import walk.csv --format csv --map ax=x,ay=y,az=z \\
        --rate-hz 50 --accel-unit m/s^2
    """
    from tinygest.formats.base import CsvLayout, ImportOptions
    from tinygest.formats.registry import recognise
    from tinygest.workflow.importing import import_data
    from tinygest.workflow.previewing import Preview, preview_import

    layout = CsvLayout(
        columns=_mapping(columns),
        time_column=time_column,
        time_unit=time_unit,
        label_column=label_column,
        unlabelled=tuple(unlabelled or ()),
        subject_column=subject_column,
        separator=separator,
        decimal=decimal,
    )
    options = ImportOptions(
        rate_hz=rate_hz,
        accel_unit=accel_unit,
        gyro_unit=gyro_unit,
        gravity=gravity,
        continuous=continuous,
        reviewed=not not_reviewed,
        counts_per_g=counts_per_g,
        counts_per_dps=counts_per_dps,
        frame=frame,
        prefix=prefix,
        subject=subject,
        side=side,
        session=session,
        accept_faults=accept_faults,
        label=label,
        label_session=label_session,
        exclusive_ends=exclusive_ends,
        key=key,
        layout=layout,
    )
    name = format_name or recognise(source)
    with progress_bar() as progress:
        if dry_run:
            result: Preview | ImportResult = preview_import(source, name, options, progress)
        else:
            project = open_project(context)
            result = import_data(project, source, name, options, progress, resample_hz=resample_hz)
    if as_json:
        print_json(result)
    elif isinstance(result, Preview):
        _print_preview(result)
    else:
        _print(result)


def _mapping(text: str) -> dict[str, str]:
    """`ax=accel_x,ay=accel_y` -> channel to column."""
    mapping: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        channel, equals, column = part.partition("=")
        if not equals or not column or channel.strip() in mapping:
            raise UsageError(f"--map {text!r}: write CHANNEL=COLUMN pairs with commas, each channel once")
        mapping[channel.strip()] = column
    return mapping


def _print(result: ImportResult) -> None:
    typer.echo(
        f"imported {len(result.added)} recordings, {result.duration_s / 60:.1f} minutes, "
        f"{result.n_segments} segments, {len(result.subjects)} subjects"
    )
    if result.already_there:
        typer.echo(f"{len(result.already_there)} were there already and stayed as they are")
    for label, count in result.labels.items():
        typer.echo(f"  {label}: {count}")
    _print_remarks(result.remarks)


def _print_preview(result: Preview) -> None:
    duration = "" if result.duration_s is None else f", {result.duration_s / 60:.1f} minutes"
    units = ", ".join(f"{name} [{' '.join(known)}]" for name, known in result.units.items())
    typer.echo(f"{result.format}: {result.n_recordings} recordings, {result.n_samples} samples{duration}")
    typer.echo(f"  channels: {units or ', '.join(result.channels)}")
    typer.echo(f"  rates: {', '.join(f'{rate:g} Hz' for rate in result.rates_hz) or 'not said'}")
    typer.echo(f"  quantities: {', '.join(result.quantities)}")
    typer.echo(f"  labels: {', '.join(f'{label} {n}' for label, n in result.labels.items()) or 'none'}")
    typer.echo(f"  subjects: {', '.join(result.subjects) or 'none'}")
    if result.n_without_subject:
        typer.echo(f"  recordings without a subject: {result.n_without_subject}")
    for missing in result.missing:
        typer.echo(f"  missing: {missing.what}; say it with {missing.option}")
    _print_remarks(result.remarks)
    typer.echo("nothing was stored")


def _print_remarks(remarks: list[RemarkGroup]) -> None:
    for remark in remarks:
        more = "" if remark.count == 1 else f" (and {remark.count - 1} more)"
        typer.echo(f"note: {remark.kind}: {remark.examples[0]}{more}", err=True)
