"""`falsefront completion`: the script that completes commands, options and case ids in a shell."""

from __future__ import annotations

import os
from pathlib import PurePath

import click
from click.shell_completion import get_completion_class

from scanner.cli import COMPLETING, group
from scanner.cli.common import Common, common_options, print_json

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", required=False, type=click.Choice(SHELLS))
@common_options
def completion(common: Common, shell: str | None) -> None:
    """Print the script that completes commands, options and case ids in your SHELL: bash (4.4 or newer), zsh or fish.

    Without SHELL, for the one you are in. A line in the shell's own start file, below, switches it on.

    \b
      eval "$(falsefront completion bash)"      in ~/.bashrc
      eval "$(falsefront completion zsh)"       in ~/.zshrc, after compinit
      falsefront completion fish | source       in ~/.config/fish/config.fish

    It starts no scan and asks no network; case ids come from the database that --db names, else findings.db.
    """
    name = shell or PurePath(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise click.UsageError(f"give a shell: {', '.join(SHELLS)} (falsefront completion bash)")
    made = get_completion_class(name)
    assert made is not None
    # not .source(): that starts bash to ask for its version, each time a shell starts
    complete = made(group(), {}, "falsefront", COMPLETING)
    script = complete.source_template % complete.source_vars()
    if common.json:
        print_json({"shell": name, "script": script})
        return
    click.echo(script)
