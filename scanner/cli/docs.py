"""Writes the generated pages of `docs/` (`make docs`); a test fails when they drift."""

from __future__ import annotations

from pathlib import Path

import click

from scanner.checks import Check, table
from scanner.checks.weights import arithmetic
from scanner.cli import COMMANDS, SHORT, group
from scanner.cli.settings import settings_page
from scanner.store.schema import tables_markdown

NOTE = "<!-- made by `make docs` from the code; edit the code, not this page -->\n\n"


def pages() -> dict[str, str]:
    """File name -> text of every generated page."""
    return {
        "CHECKS.md": checks_page(),
        "COMMANDS.md": commands_page(),
        "SETTINGS.md": NOTE + settings_page(),
        "TABLES.md": tables_markdown(),
    }


def checks_page() -> str:
    """Every check with what it compares, what could explain it, what to ask and where the idea comes from."""
    lines = [
        "# Checks\n",
        "A check compares facts with a claim or with what is known. Context says something for the record and never",
        "counts; weak findings never add up to a level. What a check could not see is never a sign of anything.\n",
        "| check | strength |",
        "|---|---|",
        *(f"| [{entry.id}](#{entry.id.replace('.', '')}) | {entry.strength.value} |" for entry in table()),
        "",
    ]
    return NOTE + "\n".join(lines + [_check(entry) for entry in table()])


def _check(entry: Check) -> str:
    return "\n".join(
        (
            f"## {entry.id}\n",
            f"Version {entry.version}, {entry.strength.value}. Reads {', '.join(entry.needs) or 'the case alone'}.\n",
            entry.text + "\n",
            f"- **Innocent explanation:** {entry.innocent}",
            f"- **Ask:** {entry.ask}",
            f"- **Next step:** {entry.next_step}",
            f"- **Where it comes from:** {entry.idea}",
            f"- **Weighs:** {arithmetic(entry.weight)} From {entry.weight.origin}.\n",
        )
    )


def commands_page() -> str:
    """The help of every command, as it prints it."""
    root = group()
    parts = [
        "# Commands\n",
        "| command | does |",
        "|---|---|",
        *(f"| [{name}](#falsefront-{name}) | {words} |" for name, words in SHORT.items()),
        "",
    ]
    context = click.Context(root, info_name="falsefront", terminal_width=100, **root.context_settings)
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        parts += _help(command, context, name)
    return NOTE + "\n".join(parts)


def _help(command: click.Command, parent: click.Context, name: str) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100)
    parts = [f"## {context.command_path}\n", f"```\n{command.get_help(context)}\n```\n"]
    for sub in command.list_commands(context) if isinstance(command, click.Group) else ():
        found = command.get_command(context, sub) if isinstance(command, click.Group) else None
        parts += _help(found, context, sub) if found is not None else []
    return parts


def main() -> None:
    folder = Path(__file__).parents[2] / "docs"
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        print(folder.name + "/" + name)


if __name__ == "__main__":
    main()
