"""`falsefront world`: serve a world in the foreground."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import click

from scanner.cli.common import Common, WorldFolder, common_options, run
from scanner.world import forever


@click.command()
@click.argument("directory", type=WorldFolder(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--network-out", type=click.Path(dir_okay=False, path_type=Path), help="Write the network file here."
)
@click.option(
    "--log", type=click.Path(dir_okay=False, path_type=Path), help="Write every answer's waits here."
)
@common_options
def world(common: Common, directory: Path, network_out: Path | None, log: Path | None) -> None:
    """Serve a world (an internet in a box on loopback) until Ctrl-C; `sample` is the one that ships.

    Scan in it from another shell with `falsefront --network FILE scan …`.

    \b
      falsefront world sample --network-out network.toml
      falsefront --network network.toml scan brightlode.example        from another shell
    """
    run(_until_stopped(directory, common, log, network_out))


async def _until_stopped(directory: Path, common: Common, log: Path | None, network_out: Path | None) -> None:
    with contextlib.suppress(asyncio.CancelledError):  # Ctrl-C is how it ends
        await forever(directory, now=common.now, log=log, network_out=network_out, as_json=common.json)
