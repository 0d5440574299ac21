"""The command that opens the organizers' desk."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.review.listening import LOOPBACK, Listening
from matcher.storage.workspace import Workspace
from pipelines.command import WorkspaceOption
from pipelines.events import start_logging

DatabaseOption = Annotated[
    str,
    typer.Option(
        help="postgresql://USER@HOST/NAME or the path of a SQLite file. Default: MATCHER_DATABASE in the environment, "
        "else [review] database in matcher.toml, else desk.sqlite in the workspace."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: matcher review   or, behind a proxy that speaks https:   matcher review --host 10.0.0.7 "
        "--proxy 10.0.0.5 --address https://desk.example.org"
    )(review)


def review(  # noqa: PLR0913 -- one argument an option of the command
    workspace: WorkspaceOption = Path(),
    *,
    host: Annotated[
        str, typer.Option(help="The IP address to listen on; others than this machine's take TLS or a proxy.")
    ] = LOOPBACK,
    port: Annotated[int, typer.Option(help="The port; 0: any that is free.", min=0, max=65_535)] = 8765,
    address: Annotated[
        str,
        typer.Option(help="The https://… under which browsers reach it. Default: [review] address in matcher.toml."),
    ] = "",
    proxy: Annotated[
        list[str] | None,
        typer.Option(help="IP address or network of a proxy whose X-Forwarded-For is believed; may be given again."),
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="For https without a proxy: the certificate's chain, PEM.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its key, PEM.")] = None,
    database: DatabaseOption = "",
) -> None:
    """Open the organizers' desk in a browser, on this machine or behind https."""
    from pipelines.review import ReviewOrder, run_review  # noqa: PLC0415 -- no other command should load the web

    start_logging(is_quiet=False)
    listening = Listening(
        host=host, port=port, address=address, proxies=tuple(proxy or ()), certificate=tls_cert, key=tls_key
    )
    run_review(Workspace(folder=workspace), ReviewOrder(listening=listening, database=database), tell=typer.echo)
