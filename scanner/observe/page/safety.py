"""What a page asks visitors to do with their own computer: commands to paste, doors to open, files to run.

Facts only: what is honest (a support firm's customers, a developer's docs) and what isn't is told apart by the words
around it, and judged elsewhere. Hiring pages are marked, since nobody needs an applicant's computer.
"""

from __future__ import annotations

import re
from functools import cache

from scanner.model import Observation
from scanner.observe.page import seeds
from scanner.observe.page.document import Document
from scanner.observe.page.hints import Hints
from scanner.observe.page.links import absolute, base_of
from scanner.observe.page.phrases import compiled, is_article, lines_with, sentence, shown
from scanner.observe.page.rows import row

MOST = 5
_SCRIPTS = 200_000  # characters of scripts searched for a command put on the clipboard
_COPIES = ("clipboard", "execcommand")
_REPOSITORY = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)/[\w.-]{1,60}/[\w.-]{1,100}/?\Z",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"\b(?:clone|fork|test task|take[- ]home|coding (?:test|challenge|task)|assignment)\b", re.IGNORECASE
)
_HIRING_SHORT = 4000  # characters of title, address and headings


@cache
def _words(group: str) -> tuple[str, ...]:
    return tuple(str(word) for word in seeds.load("safety")[group])


@cache
def _hints(group: str) -> Hints:
    return Hints(_words(group))


@cache
def _passwords() -> Hints:
    return Hints(("password", "passcode"))


@cache
def _pattern(group: str) -> re.Pattern[str]:
    return compiled(seeds.load("safety")[group])


@cache
def _single(name: str) -> re.Pattern[str]:
    return re.compile(str(seeds.load("safety")[name]), re.IGNORECASE)


@cache
def _runnable() -> re.Pattern[str]:
    return re.compile(rf"\.({seeds.load('safety')['downloads']})(?:[?#]|\Z)", re.IGNORECASE)


@cache
def _runnable_line() -> re.Pattern[str]:
    """The same for a line of many: one look tells most pages from those that link to such a file."""
    return re.compile(_runnable().pattern.replace(r"\Z", "$"), re.IGNORECASE | re.MULTILINE)


def safety(page: Document) -> list[Observation]:
    """`safety/…` observations of one page.

    Values begin with `hiring` or `page`: whether the page is about jobs.
    """
    place = ""

    def where() -> str:  # most pages have nothing to ask it about
        nonlocal place
        place = place or ("hiring" if is_hiring(page) else "page")
        return place

    article = is_article(page)
    commands = _commands(page)
    shown_for = "page" if commands and _warned(page) else ""  # a careers page quotes it as what others ask
    rows = [row(page, "safety", "command", f"{shown_for or where()} {words}") for words in commands[:MOST]]
    told = "" if article else _told_to_paste(page, commands)
    if told:
        rows.append(row(page, "safety", "paste", f"{where()} {told}"))
    if not article:
        rows += _let_in(page)
    rows += [row(page, "safety", "download", f"{where()} {kind} {url}") for kind, url in _downloads(page)]
    for line in lines_with(page.text, _passwords().possible(page)):
        if found := _single("archive_password").search(line):
            rows.append(row(page, "safety", "archive_password", f"{where()} {shown(found.group(0))}"))
            break
    repositories = [a.href for a in page.anchors if "git" in a.href[:40] or "bitbucket" in a.href[:40]]
    if repositories and where() == "hiring" and _TASK.search(page.text[:50_000]):
        shared = dict.fromkeys(href for href in repositories if _REPOSITORY.match(href))
        rows += [row(page, "safety", "task_repository", f"hiring {href}") for href in list(shared)[:MOST]]
    return rows


def is_hiring(page: Document) -> bool:
    """Whether its address, title or first headings say that the page is about jobs or interviews."""
    path = page.url.lower().partition("//")[2].partition("/")[2]
    said = f"/{path} {page.title} {' '.join(page.headings[:3])}".lower()[:_HIRING_SHORT]
    return any(word in said for word in _words("hiring"))


def _commands(page: Document) -> list[str]:
    """Commands on the page that fetch something and run it, and those its scripts put on the clipboard."""
    found: dict[str, None] = {}
    for line in lines_with(page.text, _hints("command_words").possible(page)):
        found.update((shown(match.group(0)), None) for match in _pattern("commands").finditer(line))
    scripts = page.scripts[:_SCRIPTS]
    if "clipboard" in scripts or "execCommand" in scripts:
        for line in lines_with(scripts, _words("command_words")):
            found.update((shown(match.group(0)), None) for match in _pattern("commands").finditer(line))
    return list(found)


def _told_to_paste(page: Document, commands: list[str]) -> str:
    """The purpose for which a visitor is to open a console and paste such a command; "" when that isn't asked."""
    if not commands or not _hints("run").present(page) or not _hints("paste").present(page) or _warned(page):
        return ""
    return next((f"{word}: {commands[0]}" for word in _hints("purposes").present(page)), "")


def _warned(page: Document) -> bool:
    """Whether what it says of consoles and of pasting warns of that."""
    words = [*_hints("run").present(page), *_hints("paste").present(page)]
    return any(map(_warns, lines_with(page.text, words)))


def _let_in(page: Document) -> list[Observation]:
    """Applicants asked to let somebody into their computer, or to lend it, a name or an account."""
    rows: dict[str, Observation] = {}
    for line in lines_with(page.text, _hints("tools").possible(page)):
        if _warns(line):
            continue
        asked, install = _pattern("asked").search(line), _pattern("installs").search(line)
        examined = _pattern("examined").search(line) is not None
        applicant = not examined and _pattern("applicants").search(line) is not None
        if asked and applicant:
            rows.setdefault("asked", row(page, "safety", "remote_control", f"asked {shown(line)}"))
        elif (install and applicant and "your" in line.lower()) or (asked and examined):
            rows.setdefault("installs", row(page, "safety", "remote_control", f"install {shown(line)}"))
        elif install or asked:
            rows.setdefault("support", row(page, "safety", "remote_control", f"support {shown(line)}"))
    for line in lines_with(page.text, _hints("hosting_words").possible(page)):
        if (found := _pattern("hosting").search(line)) and not _warns(sentence(line, found)):
            rows.setdefault("hosting", row(page, "safety", "stand_in", sentence(line, found)))
    return list(rows.values())


def _warns(words: str) -> bool:
    """Whether it tells of such requests to warn of them: careers pages say what their firm never asks."""
    return _pattern("warnings").search(words) is not None


def _downloads(page: Document) -> list[tuple[str, str]]:
    """Files that run when they are opened, linked from this page: (kind, address), each once."""
    found: dict[tuple[str, str], None] = {}
    if not _runnable_line().search("\n".join(anchor.href for anchor in page.anchors)):
        return []
    for anchor in page.anchors:
        match = _runnable().search(anchor.href)
        if match and not anchor.href.lower().startswith("mailto:"):
            address = absolute(base_of(page), anchor.href)
            path = address.partition("//")[2].partition("/")[2]
            if path and len(address) <= 300:
                found[match.group(1).lower(), address] = None
            if len(found) >= MOST:
                break
    return list(found)
