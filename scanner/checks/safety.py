"""Safety: does a page ask people to do something with their own computer that no employer needs?"""

from __future__ import annotations

from collections.abc import Sequence

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.checks.weights import Weight
from scanner.model import Observation, Strength

_SHOWN = 14  # words of a page in a statement

DO_NOT = (
    "Do not do it, and let your security team look at the page; hiring can go on through another channel."
)


@check(
    "safety.paste-command",
    strength=Strength.STRONG,
    weight=Weight(
        40,
        "a prior: no camera, and no human, is checked by a pasted command on an honest hiring page (S3, red flag 40)",
    ),
    needs=("safety/paste", "safety/command"),
    texts=Texts(
        innocent="A support page may give long instructions that only look like it.",
        ask="Were you asked to run a command on your computer, and in which step?",
        next_step=DO_NOT,
    ),
    idea="Hiring platforms that have applicants paste a command to “fix the camera” (red flag 40).",
)
def paste_command(subject: Subject, scene: Scene) -> Result:
    """A page has visitors open a console and paste a command that fetches something and runs it, for a purpose
    that needs none: a human check, a camera, a microphone, an interview, an assessment.

    All three are needed: the console, the pasting, and such a command on the page or put on the clipboard.
    """
    rows = subject.facts.all("safety", "paste")
    return [
        Hit(
            f"A page has visitors paste a command for “{_rest(row).partition(':')[0]}”.",
            observed=_rest(row),
            support=(row, *subject.facts.all("safety", "command")),
        )
        for row in rows[:1]
    ]


@check(
    "safety.command",
    strength=Strength.CONTEXT,
    needs=("safety/command",),
    texts=Texts(
        innocent="That is how developers' tools are installed, and how some take-home tasks start.",
        ask="Were you asked to run a command on your computer, and in which step?",
        next_step="Run no such command on a work computer.",
    ),
    idea="Commands that fetch a script and run it (safety of the reader; red flag 40).",
)
def command(subject: Subject, scene: Scene) -> Result:
    """A page shows a command that fetches something and runs it. Medium on pages about jobs, else context."""
    rows = subject.facts.all("safety", "command")
    if not rows:
        return NoEvidence("no such command was seen")
    hiring = _hiring(rows)
    return [
        Hit(
            f"{'A page about jobs' if hiring else 'A page'} shows a command that fetches something and runs it.",
            observed="; ".join(_rest(row) for row in (hiring or rows)[:3]),
            support=tuple(hiring or rows),
            strength=Strength.MEDIUM if hiring else Strength.CONTEXT,
        )
    ]


@check(
    "safety.remote-control",
    strength=Strength.STRONG,
    needs=("safety/remote_control",),
    texts=Texts(
        innocent="Some interviews use the meeting room of such software, and help desks see screens through it.",
        ask="Were you asked to give somebody access to your computer, and for what?",
        next_step=DO_NOT,
    ),
    idea="Remote control asked for next to a job offer (red flag 36).",
)
def remote_control(subject: Subject, scene: Scene) -> Result:
    """A page asks applicants to let somebody into their computer.

    Strong where they are to hand over an id or a code of remote-control software, or full access; weak where
    they are only to install it.
    """
    for kind, strength, words in (
        ("asked ", Strength.STRONG, "A page asks applicants to let somebody into their computer"),
        ("install ", Strength.WEAK, "A page asks applicants to install remote-control software"),
    ):
        if rows := _beginning(subject.facts.all("safety", "remote_control"), kind):
            words = f"{words}: “{_cut(_rest(rows[0]))}”."
            return [Hit(words, observed=_rest(rows[0]), support=tuple(rows), strength=strength)]
    return ()


@check(
    "safety.remote-support",
    strength=Strength.CONTEXT,
    needs=("safety/remote_control",),
    texts=Texts(
        innocent="That is how support firms help their customers.",
        ask="Did the organisation help its customers at a distance, and was that part of your work?",
        next_step="Install nothing from a site you were only sent to.",
    ),
    idea="Real support firms name the same software (red flag 36, its innocent explanation).",
)
def remote_support(subject: Subject, scene: Scene) -> Result:
    """A page has its visitors install remote-control software, and speaks of no applicants: a fact for the reader."""
    rows = _beginning(subject.facts.all("safety", "remote_control"), "support ")
    if not rows:
        return NoEvidence("no such page was seen")
    words = f"A page has visitors use remote-control software: “{_cut(_rest(rows[0]))}”."
    return [Hit(words, observed=_rest(rows[0]), support=tuple(rows))]


@check(
    "safety.stand-in",
    strength=Strength.STRONG,
    needs=("safety/stand_in",),
    texts=Texts(
        innocent="A page may describe the scheme to warn of it.",
        ask="How was the work organised: who did what, and on whose computers?",
        next_step="Read the page with the quoted words, and settle with your security team how to go on.",
    ),
    idea="Laptops kept at home for others, names and accounts lent for a share of the pay (red flags 34 and 36).",
)
def stand_in(subject: Subject, scene: Scene) -> Result:
    """A page offers that somebody else works on a person's computer, or under a name or account, for a share."""
    rows = subject.facts.all("safety", "stand_in")
    return [
        Hit(
            f"A page of {subject.domain} offers work by somebody else in a person's place: “{_cut(row.value)}”.",
            observed=row.value,
            support=(row,),
        )
        for row in rows[:1]
    ]


@check(
    "safety.download",
    strength=Strength.CONTEXT,
    needs=("safety/download",),
    texts=Texts(
        innocent="Software firms offer their programs for download.",
        ask="Were you asked to download or open anything from this site?",
        next_step="Open nothing from an unknown site on a work computer.",
    ),
    idea="Files that run when they are opened, on pages a recruiter may click through (safety of the reader).",
)
def download(subject: Subject, scene: Scene) -> Result:
    """Files that run when they are opened are linked from the pages. Medium on pages about jobs, else context."""
    rows = subject.facts.all("safety", "download")
    if not rows:
        return ()
    hiring = _hiring(rows)
    kinds = ", ".join(sorted({_rest(row).partition(" ")[0] for row in (hiring or rows)}))
    where = "A page about jobs" if hiring else "The site"
    return [
        Hit(
            f"{where} offers files that run when opened: {kinds}.",
            observed="; ".join(_rest(row) for row in (hiring or rows)[:3]),
            support=tuple(hiring or rows),
            strength=Strength.MEDIUM if hiring else Strength.CONTEXT,
        )
    ]


@check(
    "safety.archive-password",
    strength=Strength.MEDIUM,
    needs=("safety/archive_password",),
    texts=Texts(
        innocent="Some publishers protect files from being indexed, and state the password beside them.",
        ask="What was in the file you were asked to open?",
        next_step="Leave the file closed, and let your security team open it where nothing can be harmed.",
    ),
    idea="A password stated beside an archive keeps mail and web filters from looking inside.",
)
def archive_password(subject: Subject, scene: Scene) -> Result:
    """A page gives the password of an archive beside it, so that no filter can look inside. Context unless it
    is a page about jobs."""
    rows = subject.facts.all("safety", "archive_password")
    if not rows:
        return ()
    hiring = _hiring(rows)
    return [
        Hit(
            "A page gives the password of an archive that is offered there.",
            observed=_rest((hiring or rows)[0]),
            support=tuple(hiring or rows),
            strength=Strength.MEDIUM if hiring else Strength.CONTEXT,
        )
    ]


@check(
    "safety.task-repository",
    strength=Strength.CONTEXT,
    needs=("safety/task_repository",),
    texts=Texts(
        innocent="Many honest firms keep their take-home tasks in public repositories.",
        ask="Which task were you given, and on which computer did you work on it?",
        next_step="Run such a task only on a machine that holds nothing of yours or the firm's.",
    ),
    idea="Interview tasks have carried code that runs on install (safety of whoever does the task).",
)
def task_repository(subject: Subject, scene: Scene) -> Result:
    """A page about jobs has applicants clone a repository, as a fact for whoever is asked to run it."""
    rows = subject.facts.all("safety", "task_repository")
    if not rows:
        return NoEvidence("no such page was seen")
    listed = ", ".join(_rest(row) for row in rows[:3])
    return [Hit(f"Applicants are to clone a repository: {_rest(rows[0])}.", observed=listed, support=rows)]


def _hiring(rows: Sequence[Observation]) -> list[Observation]:
    return _beginning(rows, "hiring ")


def _beginning(rows: Sequence[Observation], word: str) -> list[Observation]:
    return [row for row in rows if row.value.startswith(word)]


def _rest(row: Observation) -> str:
    """The value without the word for its place."""
    return row.value.partition(" ")[2]


def _cut(words: str) -> str:
    parts = words.split()
    return " ".join(parts[:_SHOWN]) + (" …" if len(parts) > _SHOWN else "")
