"""`falsefront bundle` and `falsefront open`: a case as one file, for another lab or for those who take reports."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from scanner.bundle.form import BundleError
from scanner.bundle.pack import pack
from scanner.bundle.unpack import unpack
from scanner.cli.audit import noted
from scanner.cli.common import Common, UserError, common_options, print_json
from scanner.cli.names import CaseId
from scanner.cli.purge import existing
from scanner.report import referral as referrals
from scanner.report.text import plain
from scanner.store import Store, StoreError, readable


@click.command()
@click.argument("case", type=CaseId())
@click.option(
    "-o",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file [CASE.zip, with --referral CASE-referral.zip].",
)
@click.option(
    "--referral",
    is_flag=True,
    help="For a reporting centre: report, evidence, digests, facts, where to turn.",
)
@click.option("--with-label", is_flag=True, help="Take the case's label along; it may be a person's name.")
@common_options
def bundle(common: Common, case: str, output: Path | None, referral: bool, with_label: bool) -> None:
    """Write a CASE into one zip file that another lab can open and judge again.

    \b
      falsefront bundle cand-0142 -o cand-0142.zip
      falsefront bundle cand-0142 --referral

    It holds the rows of the case, its evidence, a digest of every file, and those entries of your own lists that name
    its sites. The claims are in it, the label is not. What the case has in common with others stays here.
    """
    to = output or Path(f"{case}-referral.zip" if referral else f"{case}.zip")
    try:
        with existing(common, readonly=True) as store, readable(common.database):
            if referral:
                counts = referrals.write(store, case, to, label=with_label)
            else:
                counts = pack(store, case, to, label=with_label)
    except (BundleError, StoreError) as error:
        raise UserError(str(error)) from error
    noted(common, "referral" if referral else "bundle", case, counts, to)
    if common.json:
        print_json({"case": case, "file": str(to), **counts})
        return
    click.echo(plain(f"{to}: {', '.join(_counted(count, name) for name, count in counts.items())}"))


def _counted(number: int, names: str) -> str:
    return f"{number} {names.removesuffix('s') if number == 1 else names}"


@click.command("open")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "case", metavar="NEW-ID", default="", help="Take it in under another id.")
@common_options
def open_(common: Common, file: Path, case: str) -> None:
    """Take in a FILE that `bundle` made, check every digest in it, and judge it again with the knowledge that is here.

    \b
      falsefront open cand-0142.zip
      falsefront open cand-0142.zip --as partner-0142

    The file is treated as a stranger's: where anything in it is odd, one line says so and nothing is imported. A case
    that is here is never written over. Entries of the other lab's own lists count for this case alone. To have the
    evidence itself read again: `falsefront rescore CASE --observe`.
    """
    try:
        with Store(common.database) as store:
            opened = unpack(file, store, case=case)
    except (BundleError, StoreError) as error:
        raise UserError(f"{error}; nothing was imported") from error
    if common.json:
        print_json(asdict(opened))
        return
    click.echo(
        plain(
            f"{opened.case}: {_counted(opened.scans, 'scans')}, {_counted(opened.rows, 'rows')}; "
            f"level {opened.level or 'not judged'}"
        )
    )
    if not opened.differences:
        click.echo("judged again here: the same verdict, the same findings")
        return
    click.echo(
        plain(
            f"judged again here it differs (made with tool {opened.tool_version}, "
            f"knowledge {opened.knowledge_version}):"
        )
    )
    for line in opened.differences:
        click.echo(plain(f"  {line}"))


open = open_  # the name of the command, by which it is looked up
