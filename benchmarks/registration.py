"""Score the registration parsers on peers' fixtures, side by side with python-whois, in one run.

    python benchmarks/registration.py [--corpus DIR] [--misses FIELD]

Fields are compared on `registered` cases marked for scoring: dates by day (±1 for zones), name servers as
sets, registrars by their letters (a name with its brand in brackets counts as the name).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from scanner.observe.registration import parse_whois
from scanner.observe.registration.dates import parse_date

MOST_CHARACTERS, LONGEST_LINE = 32 << 10, 200  # what the peer is given: more takes it minutes
FIELDS = ("created", "updated", "expires", "registrar", "nameservers", "registrant_country")
KINDS = ("registered", "available", "reserved", "throttled")
Answer = dict[str, Any]


def cases(folder: Path) -> Iterable[dict[str, Any]]:
    with (folder / "whois" / "whois_cases.jsonl").open(encoding="utf-8") as rows:
        for row in rows:
            case = json.loads(row)
            if case.get("score"):
                path = case.get("raw_bytes_path")
                case["bytes"] = (folder / path).read_bytes() if path else (case["raw"] or "").encode()
                yield case


def ours(domain: str, raw: bytes) -> Answer:
    found = parse_whois(domain, raw)
    answer: Answer = {name: getattr(found, name) for name in FIELDS}
    answer["state"] = found.state
    for name in ("created", "updated", "expires"):
        answer[name] = str(answer[name]) if answer[name] else None
    return answer


def peer(domain: str, raw: bytes) -> Answer:
    """python-whois, its values made comparable."""
    import whois
    import whois.exceptions

    text = raw.decode("utf-8", "replace")[:MOST_CHARACTERS]
    text = "\n".join(piece for line in text.splitlines() for piece in _pieces(line))
    try:
        entry = whois.WhoisEntry.load(domain, text)
    except whois.exceptions.WhoisDomainNotFoundError:
        return {"state": "available"}
    except whois.exceptions.WhoisQuotaExceededError:
        return {"state": "throttled"}
    answer: Answer = {
        "created": _first_date(entry.get("creation_date")),
        "updated": _first_date(entry.get("updated_date")),
        "expires": _first_date(entry.get("expiration_date")),
        "registrar": _first(entry.get("registrar")),
        "nameservers": entry.get("name_servers"),
        "registrant_country": _first(entry.get("country") or entry.get("registrant_country")),
    }
    answer["state"] = "registered" if any(answer.values()) else "unknown"
    return answer


def _pieces(line: str) -> list[str]:
    return [line[start : start + LONGEST_LINE] for start in range(0, len(line), LONGEST_LINE)] or [""]


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _first_date(value: Any) -> str | None:
    value = _first(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _days(value: Any) -> tuple[date, date] | None:
    """First and last day a date can mean; expected values come in the suites' own spellings."""
    read = parse_date(str(value or ""))
    return (read.first.date(), read.last.date()) if read else None


def _letters(text: Any) -> str:
    return re.sub(r"[\W_]", "", str(text or "").lower())


def _hosts(value: Any) -> set[str]:
    listed = [value] if isinstance(value, str) else value or []
    return {str(host).split()[0].lower().rstrip(".") for host in listed if str(host).strip()}


def same(field: str, expected: Any, got: Any) -> bool:
    if field in ("created", "updated", "expires"):
        span, read, slack = _days(expected), _days(got), timedelta(days=1)
        return bool(span and read and read[0] - slack <= span[1] and span[0] <= read[1] + slack)
    if field == "nameservers":
        return _hosts(expected) == _hosts(got)
    want, have = _letters(expected), _letters(got)
    return bool(have) and (
        want == have or (min(len(want), len(have)) >= 4 and (want in have or have in want))
    )


class Score:
    """Counts for one reader."""

    def __init__(self, reader: Callable[[str, bytes], Answer]) -> None:
        self.reader = reader
        self.fields: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self.states: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.invented: Counter[str] = Counter()
        self.crashes: Counter[str] = Counter()
        self.misses: list[tuple[str, str, Any, Any, str]] = []

    def add(self, case: dict[str, Any]) -> None:
        domain = case["domain"] or f"example.{case['tld'] or 'com'}"
        try:
            answer = self.reader(domain, case["bytes"])
        except Exception as error:
            self.crashes[type(error).__name__] += 1
            answer = {"state": "crash"}
        expected = case["expected"] or {}
        if case["kind"] in KINDS:
            right = answer["state"] == case["kind"]
            self.states[case["kind"]][1] += 1
            self.states[case["kind"]][0] += right
            if not right:
                self.misses.append(("state", case["id"], case["kind"], answer["state"], ""))
        if case["kind"] != "registered":
            return
        for field in FIELDS:
            wanted = expected.get(f"{field}_date") or expected.get(field)
            if wanted:
                good = same(field, wanted, answer.get(field))
                for trust in (case["trust"], "all"):
                    self.fields[field, trust][1] += 1
                    self.fields[field, trust][0] += good
                if not good:
                    note = str(case.get("quality_note") or "")
                    self.misses.append((field, case["id"], wanted, answer.get(field), note))
            elif field in (case.get("expected_absent") or ()) and answer.get(field):
                self.invented[field] += 1

    @property
    def state_accuracy(self) -> float:
        return sum(right for right, _ in self.states.values()) / max(
            1, sum(n for _, n in self.states.values())
        )

    def ratio(self, field: str, trust: str = "all") -> float:
        right, count = self.fields[field, trust]
        return right / count if count else 1.0


def score(folder: Path, reader: Callable[[str, bytes], Answer] = ours) -> Score:
    result = Score(reader)
    for case in cases(folder):
        result.add(case)
    return result


def table(mine: Score, theirs: Score) -> str:
    rows = [f"{'field':20}{'trust':14}{'falsefront':>20}{'python-whois':>20}"]
    for field in FIELDS:
        for trust in ("handwritten", "golden", "all"):
            cells = []
            for result in (mine, theirs):
                right, count = result.fields[field, trust]
                cells.append(f"{right}/{count} = {right / count:.3f}" if count else "-")
            rows.append(f"{field:20}{trust:14}{cells[0]:>20}{cells[1]:>20}")
    for kind in (*KINDS, "all"):
        cells = []
        for result in (mine, theirs):
            pairs = result.states.values() if kind == "all" else [result.states[kind]]
            right, count = sum(p[0] for p in pairs), sum(p[1] for p in pairs)
            cells.append(f"{right}/{count} = {right / count:.3f}")
        rows.append(f"{'state':20}{kind:14}{cells[0]:>20}{cells[1]:>20}")
    crashes = [str(sum(result.crashes.values())) for result in (mine, theirs)]
    rows.append(f"{'crashes':20}{'':14}{crashes[0]:>20}{crashes[1]:>20}")
    rows.append(
        f"{'value where the suite asserts none':34}{sum(mine.invented.values()):>20}{sum(theirs.invented.values()):>20}"
    )
    return "\n".join(rows)


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument(
        "--corpus", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "corpus"
    )
    options.add_argument("--misses", metavar="FIELD", help="list misses of a field, `state`, or `all`")
    chosen = options.parse_args()
    if not (chosen.corpus / "README.md").is_file():
        print(f"no corpus of real answers at {chosen.corpus}; give its folder with --corpus", file=sys.stderr)
        return 1
    mine = score(chosen.corpus)
    if chosen.misses:
        for field, case, wanted, got, note in mine.misses:
            if chosen.misses in (field, "all"):
                print(f"{field:12}{case[-60:]:62}{wanted!s:.70} | {got!s:.70} | {note[:60]}")
        return 0
    print(table(mine, score(chosen.corpus, peer)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
