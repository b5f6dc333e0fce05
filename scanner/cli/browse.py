"""`falsefront browse`: the database in a browser."""

from __future__ import annotations

import asyncio
import contextlib
import webbrowser
from pathlib import Path

import click

from scanner.browse import serving
from scanner.cli.common import EXIT_USAGE, Common, UserError, common_options, print_json, say
from scanner.store import StoreError

_FILE = click.Path(dir_okay=False, path_type=Path)


class _NotAllowedError(UserError):
    """One line as well, with the exit code of a usage error."""

    exit_code = EXIT_USAGE


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; any free one by default."
)
@click.option("--open", "open_browser", is_flag=True, help="Open the front page in your browser.")
@click.option(
    "--token-file",
    type=_FILE,
    help="File with a token that readers sign in with; or set FALSEFRONT_BROWSE_TOKEN.",
)
@click.option("--metadata", type=_FILE, help="Datasette's metadata (`allow`, `plugins`), JSON or YAML.")
@common_options
def browse(
    common: Common, host: str, port: int, open_browser: bool, token_file: Path | None, metadata: Path | None
) -> None:
    """Show the database in a browser, while scans go on (`falsefront browse --db findings.db --open`).

    Only reads, and listens on this machine alone. Any other --host needs readers to sign in: with a token, or with one
    of Datasette's authentication plugins. Put TLS in front of it there. Ctrl-C ends it.

    \b
      falsefront browse --open
      falsefront browse --host 10.0.0.7 --port 8001 --token-file token.txt
    """
    try:
        given = serving.Access(serving.read_token(token_file), serving.read_metadata(metadata))
        serving.refuse_open_doors(host, given)
        datasette = serving.datasette_for(common.database, given, hosts=serving.hosts_of(host, given))
        bound = serving.listen(host, port)
    except StoreError as error:
        raise UserError(str(error)) from error
    except serving.BrowseError as error:
        raise (_NotAllowedError if error.usage else UserError)(str(error)) from error
    address = serving.address_of(bound)

    def said() -> None:
        if common.json:
            print_json({"address": address, "database": str(common.database)})
        else:
            say(f"{common.database} is at {address} (Ctrl-C ends it)")
        if open_browser:
            webbrowser.open(address)

    with contextlib.closing(bound):
        try:
            asyncio.run(serving.serve(datasette, bound, said))
        except serving.BrowseError as error:
            raise _NotAllowedError(str(error)) from error
        except (KeyboardInterrupt, asyncio.CancelledError):
            return  # Ctrl-C is how it ends
