"""A world round the real sites of the corpus: their pages as they are, with records as such sites have them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

NOW = "2026-06-01"


def build(corpus: Path, folder: Path) -> list[str]:
    """Writes `world.yaml`, cases and labels for every ordinary site of the corpus; returns the case files' names.

    The pages are read where they lie (links into the corpus). Companies stand on names of their own, registered
    some months before the first commit to their site; of portfolios and personal pages every second hangs under
    a free host. The claim of an employer lies within the years that the commits span.
    """
    (folder / "cases").mkdir(parents=True)
    (folder / "sites").mkdir()
    domains: dict[str, Any] = {}
    labels: dict[str, Any] = {}
    rows = (corpus / "sites" / "sites.jsonl").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(map(json.loads, rows)):
        place = corpus / row["path"]
        if row["expected"] != "no_fraud_finding" or not place.exists():
            continue
        name = re.sub(r"[^a-z0-9-]", "-", row["id"].lower()).strip("-")
        firm = row["kind"] in ("company", "other_real_page")
        host = f"{name}.example" if firm or number % 2 else f"{name}.github.io"
        site = _site(row, place, folder / "sites" / name)
        first, last = (int(row[key][:4]) if row.get(key) else 2019 for key in ("first_commit", "last_commit"))
        domains[host] = _records(host, firm, first, min(last, 2025), site)
        case = f"cases/{name}.yaml"
        claim: dict[str, str] = {"role": "portfolio", "url": f"https://{host}/"}
        if firm:
            claim = {
                "role": "employer",
                "url": f"https://{host}/",
                "starts": str(first),
                "ends": str(max(first, last)),
            }
        (folder / case).write_text(json.dumps({"case": name, "claims": [claim]}), encoding="utf-8")
        labels[case] = {"least": "nothing-found", "most": "not-enough"}
    tree = {"now": NOW, "deadline_scale": "1", "domains": domains, "labels": labels}
    (folder / "world.yaml").write_text(yaml.safe_dump(tree), encoding="utf-8")
    return sorted(labels)


def _site(row: dict[str, Any], place: Path, folder: Path) -> str:
    """A folder with the site's files; its entry is what the address itself answers."""
    folder.mkdir()
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    base = place.parent if place.is_file() else place
    for path in files:
        there = folder / path.relative_to(base)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(path.read_bytes())
    entry = folder / row["entry"]
    if not (folder / "index.html").exists():
        (folder / "index.html").write_bytes(entry.read_bytes())
    return f"sites/{folder.name}"


def _records(host: str, firm: bool, first: int, last: int, site: str) -> dict[str, Any]:
    captures = [{"at": f"{year}-05-04", "site": site} for year in sorted({first, (first + last) // 2, last})]
    found: dict[str, Any] = {"site": site, "archive": captures}
    if host.endswith(".example"):
        found["registration"] = {
            "via": "rdap", "created": f"{first - 1}-09-14", "updated": "2025-09-01", "expires": "2026-09-14",
            "registrar": "Quayside Registry Services", "redacted": "true",
        }  # fmt: skip
        found["ct"] = [{"logged": f"{first}-01-20", "names": [host]}]
        if firm:
            found["dns"] = {"MX": ["10 mx.postbox.test"]}
    return found
