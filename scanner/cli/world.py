"""`falsefront world`: serve a world in the foreground."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from scanner.cli.common import Common, UserError, common_options, run
from scanner.world import WorldError, serve


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--network-out", type=click.Path(dir_okay=False, path_type=Path), help="Write the network file here."
)
@common_options
def world(common: Common, directory: Path, network_out: Path | None) -> None:
    """Serve a world (an internet in a box on loopback) until Ctrl-C.

    Scan in it from another shell with `falsefront --network FILE scan …`.
    """
    run(_serve(directory, common.now, network_out))


async def _serve(directory: Path, now: str | None, network_out: Path | None) -> None:
    try:
        async with serve(directory, now=now) as served:
            if network_out is None:
                click.echo(served.network_toml)
            else:
                network_out.write_text(served.network_toml, encoding="utf-8")
                click.echo(f"network file: {network_out}", err=True)
            click.echo("serving; Ctrl-C ends", err=True)
            await asyncio.Event().wait()
    except WorldError as error:
        raise UserError(str(error)) from error
