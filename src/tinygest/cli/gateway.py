"""`tinygest gateway`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinygest.cli.board_options import Link
from tinygest.cli.qr import qr_lines

DEFAULT_PORT, DEFAULT_SHARE_PORT = 5555, 5556
NOT_BUILT = "the page has not been built here: run `make page`; the API works without it"


def command(
    context: typer.Context,
    *,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; others than this machine's need the token.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")
    ] = DEFAULT_PORT,
    link: Link = None,
    share_ssi: Annotated[
        str,
        typer.Option(
            "--share-ssi",
            metavar="ADDRESS",
            help="Let the machine at this IP address read SSI (Data Studio), on --share-port.",
        ),
    ] = "",
    share_port: Annotated[
        int, typer.Option("--share-port", min=1, max=65535, help="Port for --share-ssi.")
    ] = DEFAULT_SHARE_PORT,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
) -> None:
    """Serve the page of this project: see, label, train and watch in a browser. Ctrl-C ends it.

    \b
    Example:
      tinygest -p boxing gateway
    """
    from tinygest.web.serve import address, prepare, serve
    from tinygest.web.settings import Settings

    project: Path = context.obj
    settings = prepare(
        Settings(project, host, port, links=tuple(link or ()), share_with=share_ssi, share_port=share_port)
    )

    def ready() -> None:
        typer.echo(f"the page is at {address(settings)}")
        if settings.token:
            typer.secho("\n".join(qr_lines(address(settings))), fg="black", bg="bright_white")
        if settings.share_with:
            typer.echo(f"{settings.share_with} may read SSI on port {settings.share_port}")
        if settings.page is None:
            typer.echo(NOT_BUILT, err=True)
        elif browser:
            typer.launch(address(settings))

    serve(settings, ready)
