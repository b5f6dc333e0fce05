"""What a person who waits is told: by whom, since when, and not more than was asked for."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from scanner.cli.progress import ROWS, SILENCE, Lines
from scanner.model import Status, Target, Why


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def target(domain: str) -> Target:
    return Target(domain, (f"https://{domain}",), why=Why.CLAIM)


def lines(width: int = 100, *, quiet: bool = False) -> tuple[Lines, io.StringIO, Clock]:
    """Off a terminal, with a clock that stands until it is moved."""
    out, clock = io.StringIO(), Clock()
    return Lines(Console(file=out, width=width, highlight=False), quiet=quiet, clock=clock), out, clock


def test_off_a_terminal_a_long_silence_is_broken_by_what_is_waited_for() -> None:
    # given a registry that does not answer
    told, out, clock = lines()
    told.planned([target("acme.co.uk")])
    told.asking("acme.co.uk", "rdap")
    told.asking("acme.co.uk", "dns")
    told.answered("acme.co.uk", "dns", Status.OK, "")
    # when less than the silence has passed, then nothing is said
    clock.now = SILENCE - 1
    told.tick()
    assert out.getvalue() == ""
    # when it has passed, then it is said once, until the next
    clock.now = SILENCE + 2
    told.tick()
    told.tick()
    assert out.getvalue() == "waiting for .uk registry (acme.co.uk), 12 s\n"


def test_who_several_addresses_wait_for_is_named_once_longest_first() -> None:
    told, out, clock = lines()
    for number, domain in enumerate(("one.com", "two.com", "three.org")):
        clock.now = number
        told.asking(domain, "whois")
    told.asking("three.org", "archive")
    clock.now = 20.0
    told.tick()
    assert out.getvalue() == (
        "waiting for .com registry (one.com and 1 more), 20 s; web archive (three.org), 18 s; "
        ".org registry (three.org), 18 s\n"
    )


def test_a_target_is_one_line_when_it_is_through_and_none_twice() -> None:
    told, out, _ = lines()
    told.asking("acme.com", "dns")
    told.answered("acme.com", "dns", Status.OK, "")
    told.answered("acme.com", "whois", Status.SKIPPED, "not-needed")
    told.answered("acme.com", "rdap", Status.THROTTLED, "http-429")
    told.ended("acme.com")
    told.ended("acme.com")
    assert out.getvalue().split() == ["acme.com", "✓", "dns", "–", "whois", "✗", "rdap", "(throttled)"]


def test_quiet_says_nothing() -> None:
    told, out, clock = lines(quiet=True)
    told.asking("acme.com", "rdap")
    clock.now = 100.0
    told.tick()
    told.answered("acme.com", "rdap", Status.OK, "")
    told.ended("acme.com")
    assert out.getvalue() == ""


@pytest.mark.parametrize("width", [40, 100])
async def test_a_terminal_shows_each_address_under_way_on_a_line_of_its_own(width: int) -> None:
    out, clock = Terminal(), Clock()
    console = Console(file=out, width=width, height=40, force_terminal=True, color_system=None, _environ={})
    told = Lines(console, clock=clock)
    told.planned([target(f"firm-{number}.com") for number in range(ROWS + 3)])
    for number in range(ROWS + 3):
        told.asking(f"firm-{number}.com", "rdap")
        told.asking(f"firm-{number}.com", "website")
    clock.now = 12.4
    shown = [str(line) for line in told.drawn()]
    assert shown[0] == f"0 of {ROWS + 3} addresses"
    assert shown[1].endswith("waiting for .com registry, 12 s; pages, 12 s  ")
    assert shown[-1] == "and 3 more"
    # and no line wraps: the drawing would climb up the screen
    async with told:
        told.tick()
    assert all(len(line) <= width for line in out.getvalue().replace("\r", "").split("\n") if "firm" in line)


def test_a_file_is_not_drawn_on_even_where_colours_are_forced() -> None:
    console = Console(file=io.StringIO(), force_terminal=True)
    assert Lines(console).live is None


def test_plain_says_words_in_place_of_marks() -> None:
    out = io.StringIO()
    told = Lines(Console(file=out, width=100_000, color_system=None, highlight=False))
    told.answered("acme.com", "dns", Status.OK, "")
    told.answered("acme.com", "rdap", Status.TIMEOUT, "deadline")
    told.ended("acme.com")
    assert out.getvalue().strip() == "acme.com  dns ok  rdap timeout"
