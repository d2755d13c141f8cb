"""`tinygest import`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, open_project, print_json, progress_bar
from tinygest.core.errors import UsageError
from tinygest.core.units import COUNTS_PER_DPS, COUNTS_PER_G

if TYPE_CHECKING:
    from tinygest.workflow.importing import ImportResult


def command(
    context: typer.Context,
    *,
    source: Annotated[Path, typer.Argument(exists=True, help="File or folder with the data.")],
    format_name: Annotated[str, typer.Option("--format", help="imu-csv or csv.")],
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
        float, typer.Option("--counts-per-g", help="Stored counts per g.")
    ] = COUNTS_PER_G,
    counts_per_dps: Annotated[
        float, typer.Option("--counts-per-dps", help="Stored counts per degree/s.")
    ] = COUNTS_PER_DPS,
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
    columns: Annotated[
        str, typer.Option("--map", help="csv: channels and columns, ax=accel_x,ay=...")
    ] = "",
    time_column: Annotated[str, typer.Option("--time-column", help="csv: shows missing samples.")] = "",
    time_unit: Annotated[str, typer.Option("--time-unit", help="csv: s, ms, us or ns.")] = "s",
    label_column: Annotated[
        str, typer.Option("--label-column", help="csv: runs of a label become segments.")
    ] = "",
    unlabelled: Annotated[
        list[str] | None,
        typer.Option("--unlabelled", help="csv: text that means no label."),
    ] = None,
    subject_column: Annotated[str, typer.Option("--subject-column", help="csv: who moved.")] = "",
    separator: Annotated[str, typer.Option("--separator", help="csv: between fields.")] = ",",
    decimal: Annotated[str, typer.Option("--decimal", help="csv: in numbers.")] = ".",
    as_json: Json = False,
) -> None:
    """Bring recordings and labels into the project: all of a data set, or nothing.

    \b
    Examples:
      tinygest import gestures --format imu-csv
      tinygest import walk.csv --format csv --map ax=x,ay=y,az=z \\
        --rate-hz 50 --accel-unit m/s^2
    """
    from tinygest.formats.base import CsvLayout, ImportOptions
    from tinygest.workflow.importing import import_data

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
        layout=layout,
    )
    project = open_project(context)
    with progress_bar() as progress:
        result = import_data(project, source, format_name, options, progress, resample_hz=resample_hz)
    if as_json:
        print_json(result)
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
    for remark in result.remarks:
        more = "" if remark.count == 1 else f" (and {remark.count - 1} more)"
        typer.echo(f"note: {remark.kind}: {remark.examples[0]}{more}", err=True)
