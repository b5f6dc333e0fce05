"""Options that stand before or after any command, and how errors reach a person."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import selectors
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from scanner.model import Date
from scanner.report.text import json_text, plain
from scanner.store import StoreError

if TYPE_CHECKING:
    from rich.console import Console

    from scanner.egress import NetworkConfig
    from scanner.world import Served

# The network, the world and the library are loaded where they are used: a report needs none of them, and is asked for
# more often than anything else.

T = TypeVar("T")

WHOLE_LINES = 100_000
"""Columns that no line reaches."""

EXIT_ERROR, EXIT_USAGE, EXIT_LEVEL, EXIT_INTERRUPTED = 1, 2, 3, 130


_QUIET, _NETWORK = "scanner.quiet", "scanner.network"
"""Where a call's context keeps whether `--quiet` was given."""


def say(line: object) -> None:
    """One line on stderr; whatever stands in it, nothing that a terminal obeys."""
    click.echo(plain(line), err=True)


def remark(line: object) -> None:
    """One line on stderr that `--quiet` leaves out: how far it is, what may be done next."""
    context = click.get_current_context(silent=True)
    if context is None or not context.meta.get(_QUIET):
        say(line)


def print_json(value: Any) -> None:
    """The one document on stdout. JSON is UTF-8; where stdout is not, everything else is escaped."""
    text = json_text(value)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=1)
    click.echo(text)


class Interrupted(BaseException):
    """Ctrl-C or SIGTERM, with the line that says what it left behind. Exit 130."""


class UserError(click.ClickException):
    """Something the user can mend: one line, exit 1."""

    exit_code = EXIT_ERROR

    def show(self, file: Any = None) -> None:
        say(f"falsefront: {self.format_message()}")


@dataclass(frozen=True, slots=True)
class Common:
    """The common options of one call. None means not given."""

    db: Path | None = None
    network: Path | None = None
    world: Path | None = None
    now: str | None = None
    json: bool = False
    plain: bool = False
    no_color: bool = False
    quiet: bool = False

    @property
    def database(self) -> Path:
        return self.db or Path("findings.db")

    def console(self, *, stderr: bool = False) -> Console:
        """What is coloured, on stdout or stderr. Without a terminal nothing is, but for FORCE_COLOR; NO_COLOR takes the
        colours away. `--plain` also leaves long lines whole."""
        from rich.console import Console

        if self.plain:
            return Console(
                stderr=stderr, highlight=False, color_system=None, force_terminal=False, width=WHOLE_LINES
            )
        return Console(stderr=stderr, highlight=False, no_color=self.no_color or None)

    def over(self, other: Common) -> Common:
        """These options, filled up with those of `other` where none was given here."""
        mine = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}
        return replace(other, **mine)


class WorldFolder(click.Path):
    """A world's folder, or `sample` for the one that ships."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "sample" and not Path("sample").exists():
            from scanner.world import SAMPLE

            value = SAMPLE
        return super().convert(value, param, ctx)


OPTIONS = (
    click.option(
        "--db", type=click.Path(path_type=Path), help="Database to write to or read from [findings.db]."
    ),
    click.option(
        "--network",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar="FALSEFRONT_NETWORK",
        help="Network file (TOML); without one, the real internet.",
    ),
    click.option(
        "--world",
        type=WorldFolder(exists=True, file_okay=False, path_type=Path),
        help="Serve this world inside the process and use it as the network; `sample` is the one that ships.",
    ),
    click.option("--now", metavar="DATE", help="With --world: start its clock here."),
    click.option("--json", is_flag=True, help="One JSON document on stdout; progress on stderr."),
    click.option("--plain", is_flag=True, help="No colours, nothing drawn over, long lines left whole."),
    click.option("--no-color", "--no-colour", is_flag=True, help="No colours. So do NO_COLOR=1 and a pipe."),
    click.option(
        "-q", "--quiet", is_flag=True, help="Only results and what went wrong: no progress, no hints."
    ),
)


def _fit(common: Common, *, network_typed: bool) -> None:
    """Whether the common options go together. Raises UsageError. FALSEFRONT_NETWORK may stand beside `--world`."""
    if common.now and not common.world:
        raise click.UsageError("--now goes with --world: the real internet has no other clock")
    if common.now:
        day_of(common.now, "--now")
    if common.world and network_typed:
        raise click.UsageError("--world is a network of its own: give it or --network, not both")


def common_options(function: Callable[..., T]) -> Callable[..., T]:
    """Adds the common options; the command gets them as its first argument, a `Common`."""

    @click.pass_context
    @functools.wraps(function)
    def with_options(context: click.Context, /, *args: Any, **kwargs: Any) -> T:
        given = Common(**{f.name: kwargs.pop(f.name) for f in fields(Common)})
        common = given.over(context.obj) if isinstance(context.obj, Common) else given
        context.meta[_QUIET] = common.quiet
        if context.get_parameter_source("network") is ParameterSource.COMMANDLINE:
            context.meta[_NETWORK] = True
        if not isinstance(context.command, click.Group) or context.invoked_subcommand is None:
            _fit(common, network_typed=context.meta.get(_NETWORK, False))
        return function(common, *args, **kwargs)

    decorated: Callable[..., T] = with_options
    for option in reversed(OPTIONS):
        decorated = option(decorated)
    return decorated


@contextlib.asynccontextmanager
async def network_of(common: Common) -> AsyncIterator[tuple[NetworkConfig, Served | None]]:
    """The network the options name; serves the world while it is in use."""
    from scanner.egress import ConfigError, NetworkConfig
    from scanner.world import WorldError, serve

    try:
        if common.world is None:
            yield (NetworkConfig.load(common.network) if common.network else NetworkConfig()), None
            return
        async with serve(common.world, now=common.now) as served:
            yield NetworkConfig.parse(served.network_toml, common.world), served
    except (ConfigError, WorldError) as error:
        raise UserError(str(error)) from error


def day_of(text: str | None, option: str = "--as-of") -> datetime | None:
    """The end of the day, month or year that an option names; None where it was not given."""
    if text is None:
        return None
    try:
        return min(Date(text).last, datetime.max.replace(tzinfo=UTC))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from error


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs a command's coroutine; Ctrl-C and SIGTERM cancel it, so that it can store what it has.

    The selector loop is asked for everywhere: the one door maps addresses in `socket.connect`, which
    Windows' default loop goes round.
    """
    from scanner.egress import ConfigError
    from scanner.knowledge import KnowledgeError
    from scanner.library import LibraryError
    from scanner.world import WorldError

    def new_loop() -> asyncio.AbstractEventLoop:
        return asyncio.SelectorEventLoop(selectors.DefaultSelector())

    async def guarded() -> T:
        task = asyncio.current_task()
        assert task is not None
        with contextlib.suppress(NotImplementedError, ValueError):  # Windows, or not in the main thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await main

    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(guarded())
    except Interrupted as stopped:
        say(stopped)
        sys.exit(EXIT_INTERRUPTED)
    except (KeyboardInterrupt, asyncio.CancelledError):
        say("falsefront: interrupted")
        sys.exit(EXIT_INTERRUPTED)
    except (StoreError, LibraryError, KnowledgeError, ConfigError, WorldError) as error:
        raise UserError(str(error)) from error
    except BrokenPipeError:  # the reader of our output went away; click ends quietly
        raise
    except OSError as error:
        raise UserError(f"{error.filename or 'system'}: {error.strerror or error}") from error
