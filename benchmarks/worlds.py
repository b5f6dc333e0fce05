"""Worlds for benchmarks, made from a few numbers."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_PARTS = "ba ce di fo gu ka le mi no pu ra se ti vo zu lan mer nis tor vel"
_SYLLABLES = _PARTS.split()
PAGES = (
    "about",
    "team",
    "contact",
    "services",
    "projects",
    "legal",
    "blog",
    "clients",
    "careers",
    "process",
    "faq",
)


def text(seed: int, words: int) -> str:
    """So many made-up words, the same for the same seed. Two seeds share single words and no passages: firms
    that have nothing to do with each other."""
    dice = random.Random(seed)
    return " ".join("".join(dice.choices(_SYLLABLES, k=dice.randint(1, 3))) for _ in range(words))


def site(folder: Path, seed: int, pages: int, words: int = 350) -> None:
    """A site of `pages` pages that all link to each other, about 4 kB each."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ["index", *PAGES[: pages - 1]]
    nav = "".join(f'<a href="/{"" if name == "index" else name}">{name.title()}</a> ' for name in names)
    for number, name in enumerate(names):
        body = "".join(f"<p>{text(seed * 1000 + number * 10 + i, words // 5)}.</p>" for i in range(5))
        (folder / f"{name}.html").write_text(
            f'<!doctype html><html lang="en"><head><title>Firm {seed} {name}</title></head><body><nav>{nav}</nav>'
            f"<h1>{name.title()}</h1>{body}<footer>© 2019 Firm {seed}, mail info@firm{seed}.com</footer></body></html>",
            encoding="utf-8",
        )
    (folder / "robots.txt").write_text("User-agent: *\nAllow: /\n", encoding="utf-8")


def world(
    folder: Path,
    targets: int,
    pages: int,
    *,
    latency_ms: int,
    registration_ms: int,
    registrar: bool = True,
    sites: int | None = None,
) -> list[str]:
    """Writes a world of `targets` firms; returns their domains. sites: so many, which they share (default: each
    its own).

    registrar: the registry's answer names a registrar, whose own RDAP service is one more hop.
    """
    lines = [
        "now: 2024-06-01",
        f"defaults: {{latency_ms: {latency_ms}, registration_ms: {registration_ms}}}",
        "pace: false",
        "deadline_scale: 1",
        "domains:",
    ]
    domains = [f"firm{number}.com" for number in range(targets)]
    sites = min(sites or targets, targets)
    named = "registrar: Example Registrar, " if registrar else ""
    for number, domain in enumerate(domains):
        where = f"sites/s{number % sites}"
        lines += [
            f"  {domain}:",
            f"    registration: {{via: rdap, created: 2014-03-01, {named}nameservers: [ns1.dns.com]}}",
            f'    dns: {{NS: [ns1.dns.com], MX: ["10 mx.{domain}"]}}',
            f"    site: {where}",
            f"    archive: [{{at: 2014-05-01, url: /, file: {where}/index.html}}]",
            f"    ct: [{{logged: 2016-05-04, names: [{domain}]}}]",
        ]
    for number in range(sites):
        site(folder / "sites" / f"s{number}", number, pages)
    (folder / "world.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "cases").mkdir(exist_ok=True)
    claims = [
        f"  - {{role: employer, organisation: Firm {n}, url: 'https://{d}', starts: 2015-03, ends: 2019-06}}"
        for n, d in enumerate(domains)
    ]
    (folder / "cases" / "all.yaml").write_text(
        "\n".join(["case: all", "claims:", *claims]) + "\n", encoding="utf-8"
    )
    return domains


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The world in a process of its own; gives the network file and the log of its waits."""
    network, log = folder / "network.toml", folder / "log.jsonl"
    command = [
        sys.executable,
        "-m",
        "scanner.world",
        str(folder),
        "--network-out",
        str(network),
        "--log",
        str(log),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not network.exists() or not network.stat().st_size:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the world did not start")
            time.sleep(0.02)
        yield network, log
    finally:
        process.terminate()
        process.wait()
