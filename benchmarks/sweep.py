"""A hundred thousand domains, stage by stage. Run: `python -m benchmarks.sweep [DOMAINS] [THROUGH_DNS]`

Offline: a list with a tenth of rubbish lines, read, compared with all lists, name families and twenty firms, and
written to a new database, in one process. DNS: so many of those names (default 20,000; half of them exist) through the
one door against a world in another process, three questions for a name that exists, and written to the database.
Memory: the most that the sweeping process ever held, world not counted.
"""

from __future__ import annotations

import asyncio
import random
import resource
import string
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.table import load, table
from benchmarks.worlds import served
from scanner.egress import NetworkConfig
from scanner.sweep import Budget, Sweep

DOMAINS, THROUGH_DNS = 100_000, 20_000
FIRMS = [f"firm{word}.com" for word in string.ascii_lowercase[:20]]
_RUBBISH = ("", "not a domain", "-", "http://", "1.2.3.4", "a..b", "\x00\x01", "only-a-word", "..", "x" * 300)


def names(count: int) -> list[str]:
    dice = random.Random(7)
    return list(
        dict.fromkeys(
            "".join(dice.choices(string.ascii_lowercase, k=dice.randint(6, 16)))
            + dice.choice((".com", ".com", ".net", ".io", ".co.uk", ".org"))
            for _ in range(count)
        )
    )


def write_list(path: Path, domains: list[str]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for number, domain in enumerate(domains):
            if number % 9 == 8:
                stream.write(_RUBBISH[number // 9 % len(_RUBBISH)] + "\n")
            stream.write(domain + "\n")


def write_world(folder: Path, domains: list[str]) -> None:
    folder.mkdir()
    rows = [
        f"  {name}: {{dns: {{A: [93.184.{n >> 8 & 255}.{n & 255}], MX: [10 mail.{name}], "
        f"NS: [ns1.hoster{n % 50}.com, ns2.hoster{n % 50}.com]}}}}"
        for n, name in enumerate(domains)
    ]
    (folder / "world.yaml").write_text(
        "now: 2024-06-01\npace: false\ndeadline_scale: 1\ndomains:\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )


async def swept(config: NetworkConfig, database: Path, file: Path, budget: Budget) -> dict[str, Any]:
    return await Sweep(config, database, file, likes=FIRMS, budget=budget).run()


def peak() -> float:
    """MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 << 20 if sys.platform == "darwin" else 1 << 10
    )


def main(count: int = DOMAINS, through: int = THROUGH_DNS) -> None:
    print(load())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        domains = names(count)
        file = folder / "list.txt"
        write_list(file, domains)
        lines = sum(1 for _ in file.open("rb"))
        begun, cpu = time.perf_counter(), time.process_time()
        offline = NetworkConfig.parse("", folder)
        found = asyncio.run(swept(offline, folder / "f.db", file, Budget(dns=0, registration=0, pages=0)))
        total, cpu = time.perf_counter() - begun, time.process_time() - cpu
        stage = found["stages"][0]["seconds"]
        rows: list[tuple[str, ...]] = [
            (
                "offline",
                f"{lines}",
                f"{stage:.1f} s",
                f"{lines / stage:,.0f}/s",
                f"{cpu:.1f} s",
                f"{peak():.0f} MB",
            ),
            ("  with start and end", f"{lines}", f"{total:.1f} s", f"{lines / total:,.0f}/s", "", ""),
        ]
        if through:
            some = domains[:through]
            write_world(folder / "world", some[::2])
            with served(folder / "world") as (network, _):
                config = NetworkConfig.load(network)
                budget = Budget(dns=through, registration=0, pages=0)
                cpu = time.process_time()
                found = asyncio.run(swept(config, folder / "f.db", file, budget))
            stage = found["stages"][1]
            seconds, cpu = stage["seconds"], time.process_time() - cpu
            asked = stage["looked_at"]
            rows.append(
                (
                    "DNS",
                    f"{asked}",
                    f"{seconds:.1f} s",
                    f"{asked / seconds:,.0f}/s",
                    f"{cpu:.1f} s",
                    f"{peak():.0f} MB",
                )
            )
            print("no answer:", stage["no_answer"] or "none", "| ended:", stage["ended"])
        table(("stage", "names", "time", "rate", "CPU", "memory, most"), rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
