"""The command line: one file per group of commands, no logic.

Commands are loaded when they are called, so that `falsefront --help` answers at once.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from pathlib import Path

try:
    import click
    from click.shell_completion import CompletionItem

    from scanner import __version__
    from scanner.cli.manual import in_order
    from scanner.cli.start import next_steps
except KeyboardInterrupt:  # Ctrl-C right after Enter: these take a tenth of a second to import
    sys.exit(130)

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
    "completion": "completion",
}
"""Command name -> module of this package that holds it under the same name."""

SHORT = {
    "scan": "Scan the addresses of a résumé and say what does not fit.",
    "rescore": "Judge stored scans again, without any network.",
    "report": "Show the newest findings of a case: text, page, JSON, CSV, STIX, MISP.",
    "diff": "Say what changed between the scans of a case.",
    "watch": "Scan cases again and again, and tell what changed.",
    "sweep": "Go through a very long list of domains, cheapest questions first.",
    "browse": "Show the database in a browser, while scans go on.",
    "compare": "Compare two sites: what they share, and who had it first.",
    "library": "The index of originals: whose text is this, and since when.",
    "checks": "List every check, or explain one.",
    "knowledge": "What is known beforehand: shipped lists, feeds, your own entries.",
    "bundle": "Write a case into one file for another lab or a reporting centre.",
    "open": "Take in a file that `bundle` made, and judge it again.",
    "purge": "Remove a case for good.",
    "hold": "Keep a case from every purge until it is released.",
    "audit": "List who exported, opened, held, released and purged cases.",
    "evaluate": "Run every labelled case of the worlds below a folder.",
    "world": "Serve a world (an internet in a box) until Ctrl-C.",
    "doctor": "Say what works from here.",
    "completion": "Print the script that completes commands in your shell.",
}
"""Command name -> its line in `falsefront --help`, so that listing them loads none of them."""


COMPLETING = "_FALSEFRONT_COMPLETE"
"""Set by the shell when it asks what could stand here; click's own name for it."""


class Lazy(click.Group):
    """A group that imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, SHORT[name]) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = [CompletionItem(name, help=SHORT[name]) for name in COMMANDS if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(f"scanner.cli.{module}"), cmd_name)
        assert isinstance(command, click.Command)
        return in_order(command, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib  # only where a name was mistyped

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            meant = f" Did you mean {near[0]!r}?" if near else " `falsefront --help` lists all commands."
            ctx.fail(f"No such command {args[0]!r}.{meant}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # click would make exit 1 of it
            ctx.exit(_interrupted())


def group() -> click.Group:
    """The whole command line."""
    from scanner.cli.common import Common, common_options

    @click.group(
        cls=Lazy,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="`falsefront` alone says what to do next; `falsefront COMMAND --help` has examples.",
    )
    @click.version_option(__version__, prog_name="falsefront")
    @common_options
    def falsefront(common: Common) -> None:
        """Checks whether the firms and portfolios on a résumé are what they claim to be, and shows the evidence."""
        context = click.get_current_context()
        context.obj = common
        if context.invoked_subcommand is None:
            click.echo(next_steps(common.database, named=common.db is not None))

    return falsefront


def main() -> None:
    """Entry point of the `falsefront` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a character shows another
            stream.reconfigure(errors="replace")
    try:
        if len(sys.argv) == 1 and COMPLETING not in os.environ:
            print(next_steps(Path("findings.db")))
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
