"""The command line: one file per group of commands, no logic.

Commands are loaded when they are called, so that `falsefront --help` answers at once.
"""

from __future__ import annotations

import importlib
import io
import os
import sys

import click

from scanner import __version__

COMMANDS = {
    "scan": "scan",
    "rescore": "rescore",
    "report": "report",
    "diff": "diff",
    "watch": "watch",
    "sweep": "sweep",
    "browse": "browse",
    "compare": "compare",
    "library": "library",
    "checks": "checks",
    "knowledge": "knowledge",
    "bundle": "bundle",
    "open": "bundle",
    "purge": "purge",
    "hold": "purge",
    "audit": "audit",
    "evaluate": "evaluate",
    "world": "world",
    "doctor": "doctor",
}
"""Command name -> module of this package that holds it under the same name."""

HINT = """\
falsefront finds out whether the sites on a résumé are what they claim to be.

  falsefront scan https://acmesoft.example            one address
  falsefront scan --resume cv.pdf --dry-run           what a résumé claims, to correct before anything is asked
  falsefront scan --case candidate.yaml               a case with claims and dates
  falsefront scan --dry-run --case candidate.yaml     what would be asked, and who would see it
  falsefront report CASE --format html                one page to read and print
  falsefront browse                                   all findings in a browser
  falsefront browse --open                            all of it in a browser
  falsefront doctor                                   what works from here

`falsefront --help` lists all commands."""


class Lazy(click.Group):
    """A group that imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(f"scanner.cli.{module}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # click would make exit 1 of it
            ctx.exit(_interrupted())


def group() -> click.Group:
    """The whole command line."""
    from scanner.cli.common import Common, common_options

    @click.group(
        cls=Lazy, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
    )
    @click.version_option(__version__, prog_name="falsefront")
    @common_options
    def falsefront(common: Common) -> None:
        """Checks whether the firms and portfolios on a résumé are what they claim to be, and shows the evidence."""
        context = click.get_current_context()
        context.obj = common
        if context.invoked_subcommand is None:
            click.echo(HINT)

    return falsefront


def main() -> None:
    """Entry point of the `falsefront` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a character shows another
            stream.reconfigure(errors="replace")
    try:
        if len(sys.argv) == 1:
            print(HINT)
            return
        group()()
    except KeyboardInterrupt:
        sys.exit(_interrupted())
    except BrokenPipeError:  # the reader went away; what is still to be flushed goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _interrupted() -> int:
    """One line for Ctrl-C outside of a scan, and the exit code."""
    print("falsefront: interrupted", file=sys.stderr)
    return 130
