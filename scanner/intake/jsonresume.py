"""JSON Resume (https://jsonresume.org/schema, versions 0 and 1): what it claims, and nothing of who claims it.

Names, mail addresses, phones, summaries and pictures are not read. The case id comes from the bytes.
"""

from __future__ import annotations

from collections.abc import Mapping

from scanner.intake.claims import Notebook
from scanner.intake.nodes import Node
from scanner.intake.periods import is_present

# section -> (role, keys of the organisation, keys of the address, key of the start, key of the end)
_SECTIONS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...], str, str]] = {
    "work": ("employer", ("name", "company"), ("url", "website"), "startDate", "endDate"),
    "projects": ("portfolio", ("entity",), ("url", "website"), "startDate", "endDate"),
    "education": ("school", ("institution",), ("url", "website"), "startDate", "endDate"),
    "certificates": ("certificate", ("issuer",), ("url",), "date", ""),
}


def is_resume(root: Node) -> bool:
    """Whether a mapping is a JSON Resume rather than a case file."""
    fields = root.fields or {}
    return "claims" not in fields and "case" not in fields and ("basics" in fields or "work" in fields)


def read_resume(root: Node, book: Notebook, case: str) -> None:
    """Read a JSON Resume into the notebook as one case of that id."""
    book.open(case)
    basics = (root.fields or {}).get("basics", Node(text=""))
    home = _first(basics, ("url", "website"))
    if home:
        book.add(case, {"role": "portfolio", "url": home}, "basics.url")
    for place, profile in _items(basics, "profiles", book, "basics."):
        url = _first(profile, ("url",))
        if url:
            book.add(case, {"role": "profile", "url": url}, place)
    for section, (role, names, addresses, starts, ends) in _SECTIONS.items():
        for place, entry in _items(root, section, book):
            row = {
                "role": role,
                "organisation": _first(entry, names),
                "url": _first(entry, addresses),
                "starts": _first(entry, (starts,)),
                "ends": _first(entry, (ends,)) if ends else "",
                "place": _place(entry),
            }
            if is_present(row["starts"]):
                row["starts"] = ""
            if row["url"] or row["organisation"]:
                book.add(case, row, place)


def _items(node: Node, key: str, book: Notebook, prefix: str = "") -> list[tuple[str, Node]]:
    found = (node.fields or {}).get(key)
    if found is None or found.is_empty:
        return []
    if found.items is None:
        book.problem(f"{prefix}{key}", "not a list; left out")
        return []
    kept = []
    for number, item in enumerate(found.items):
        if item.fields is None:
            book.problem(f"{prefix}{key}[{number}]", "not an object; left out")
        else:
            kept.append((f"{prefix}{key}[{number}]", item))
    return kept


def _first(node: Node, keys: tuple[str, ...]) -> str:
    fields = node.fields or {}
    texts = (fields[key].text for key in keys if key in fields)
    return next((text.strip() for text in texts if text and text.strip()), "")


def _place(entry: Node) -> str:
    """`location` is text in the schema; some write the object that `basics` has."""
    location = (entry.fields or {}).get("location")
    if location is None:
        return ""
    if location.fields:
        parts = (_first(location, (key,)) for key in ("city", "region", "countryCode"))
        return ", ".join(part for part in parts if part)
    return location.text or ""
