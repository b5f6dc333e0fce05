"""`--help` in the order of a manual: what it does, options, then examples and exit codes."""

from __future__ import annotations

import inspect

import click

EXITS = "Exit codes: 0 done, 1 error, 2 usage, 130 interrupted"
MORE = {"scan": "; 3 with --fail-on when a case reaches the level", "evaluate": "; 1 with --strict too"}
"""What else a command may end with."""


def in_order(command: click.Command, name: str = "") -> click.Command:
    """The command with the examples of its docstring (a block that begins with `\\b` and holds calls of falsefront) at
    the end of its help, and its subcommands likewise. Done once: a second call changes nothing."""
    if command.epilog is None:
        paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
        examples = [text for text in paragraphs if text.startswith("\b\n") and "falsefront " in text]
        command.help = "\n\n".join(text for text in paragraphs if text not in examples)
        lines = [line for text in examples for line in text.splitlines()[1:]]
        indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
        shown = "\n".join(["\b", "Examples:", *(f"  {line[indent:]}" for line in lines)]) if lines else ""
        exits = "" if isinstance(command, click.Group) else f"{EXITS}{MORE.get(name, '')}."
        command.epilog = "\n\n".join(filter(None, (shown, exits)))
    if isinstance(command, click.Group):
        for sub, inner in command.commands.items():
            # its whole first sentence in the list, where click would cut one that is long
            inner.short_help = in_order(inner, sub).get_short_help_str(limit=200)
    return command
