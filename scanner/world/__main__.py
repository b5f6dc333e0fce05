"""`python -m scanner.world DIR`: serves a world in the foreground."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

from scanner.world.serve import forever
from scanner.world.words import WorldError


def main(arguments: list[str] | None = None) -> int:
    """Exit 0 after Ctrl-C, 1 with one line for a world that can't be served."""
    parser = argparse.ArgumentParser(prog="python -m scanner.world", description="Serve a world on loopback.")
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument(
        "--network-out", type=Path, metavar="FILE", help="write the network file here, not to stdout"
    )
    parser.add_argument("--now", metavar="DATE", help="start the world's clock here")
    parser.add_argument("--log", type=Path, metavar="FILE", help="write every answer as a JSON line")
    chosen = parser.parse_args(arguments)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(
                forever(chosen.directory, now=chosen.now, log=chosen.log, network_out=chosen.network_out)
            )
    except (WorldError, OSError) as error:
        print(f"world: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
