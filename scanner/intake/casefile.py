"""Case files (YAML, JSON), CSV and JSON Resume: bytes in, cases and problems out. Pure: reads no file, asks
no clock.

`parse_bytes` is the same for a worker process (`scanner.parse`): hostile bytes need not be read beside
anything else.
"""

from __future__ import annotations

import codecs
import hashlib
from pathlib import PurePath

import msgspec

from scanner.intake import jsonresume, table
from scanner.intake.addresses import shown
from scanner.intake.claims import FIELDS, Notebook, case_id, case_id_from
from scanner.intake.found import FileError, Intake
from scanner.intake.nodes import Node, read_json, read_yaml

MAX_BYTES = 5_000_000
KINDS = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".csv": "csv", ".tsv": "csv"}
_MAGIC = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a zip or office document"), (b"\x1f\x8b", "compressed"),
          (b"\xd0\xcf\x11\xe0", "an old office document"), (b"{\\rtf", "a rich text document"))  # fmt: skip
_MARK = codecs.BOM_UTF8.decode("cp1252")  # a UTF-8 file into which something wrote Windows-1252
_CASE_KEYS = ("case", "label", "claims")


def parse_bytes(payload: bytes) -> bytes:
    """For `scanner.parse`: payload is the file's name, a NUL byte, its bytes; answer is an Intake for
    `unpack`."""
    name, _, raw = payload.partition(b"\0")
    return msgspec.msgpack.encode(parse(name.decode("utf-8", "replace"), raw))


def unpack(answer: bytes) -> Intake:
    """The Intake that `parse_bytes` answered with. Raises ValueError for anything else."""
    return msgspec.msgpack.decode(answer, type=Intake)


def parse(name: str, raw: bytes) -> Intake:
    """Read one file. Never raises for what stands in it: a file that can't be read is one problem and no
    case.

    name: the file's name; its ending tells the format (else the content does) and it stands in every problem.
    """
    book = Notebook(PurePath(name).name)
    try:
        text = _decoded(raw)
        kind = KINDS.get(PurePath(name).suffix.lower()) or _kind_of(text)
        if kind == "csv":
            table.read_table(text, book)
        else:
            roots = [read_json(text)] if kind == "json" else read_yaml(text)
            if len(roots) > 1:
                _check_documents(roots)
            for root in roots:
                if root.fields and jsonresume.is_resume(root):
                    jsonresume.read_resume(root, book, f"resume-{hashlib.sha256(raw).hexdigest()[:8]}")
                else:
                    _read_tree(root, book)
    except ValueError as error:  # FileError, or a row that ends the reading
        book.problem("", str(error))
    if not book.claims and not book.problems:
        book.problem("", "no case in it")
    return book.intake()


def _decoded(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise FileError(f"over {MAX_BYTES // 1_000_000} MB; a case file is a few kilobytes")
    for magic, what in _MAGIC:
        if raw.startswith(magic):
            raise FileError(f"{what}, no case file; a résumé is given with --resume")
    encodings: tuple[str, ...]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif b"\0" in raw and not table.is_header(raw.partition(b"\n")[0].decode("utf-8", "replace")):
        # in a long list one damaged row is a row, not the end of the list
        raise FileError("binary, not text; give YAML, JSON, CSV or JSON Resume")
    else:
        encodings = ("utf-8-sig", "cp1252")  # what spreadsheets on Windows write
    for encoding in encodings:
        try:
            return raw.decode(encoding).removeprefix(_MARK)
        except UnicodeDecodeError:
            continue
    raise FileError("neither UTF-8, UTF-16 nor Windows-1252 text; save it as UTF-8")


def _kind_of(text: str) -> str:
    start = text.lstrip()
    if start[:1] in ("{", "["):
        return "json"
    return "csv" if table.is_header(start.partition("\n")[0]) else "yaml"


def _check_documents(roots: list[Node]) -> None:
    """Several cases in one file: each says which one it is, or two people would become one."""
    seen: set[str] = set()
    for root in roots:
        given = (root.fields or {}).get("case", Node(text="")).text or ""
        if not given or given in seen:
            what = f"case {shown(given)} a second time" if given else "a document without `case`"
            raise FileError(f"{_line(root)}: {what}; of several documents in one file each needs its own")
        seen.add(given)


def _read_tree(root: Node, book: Notebook) -> None:
    if root.is_empty:
        raise FileError("an empty file")
    if root.fields is None:
        raise FileError("no mapping with `case` and `claims`; see the case file in README")
    unknown = [key for key in root.fields if key not in _CASE_KEYS]
    if unknown:
        book.problem(_line(root), f"unknown key {', '.join(shown(key) for key in unknown[:5])} is ignored")
    for key in root.twice:
        book.problem(_line(root), f"{shown(key)} stands there twice; the first is kept")
    given = _text(root, "case", book, "")
    if not given:
        book.problem("", f"no `case`; named {case_id_from(book.file)} after the file")
    case = case_id(given) if given else case_id_from(book.file)
    book.open(case, book.text(_text(root, "label", book, ""), "label", "label"))
    claims = root.fields.get("claims", Node(text=""))
    if claims.items is None:
        if not claims.is_empty:
            raise FileError(f"{_line(claims)}: `claims` is not a list".lstrip(": "))
        book.problem("", "no claims in it")
    for number, node in enumerate(claims.items or [], 1):
        _read_claim(case, node, f"{_line(node)}, claim {number}".lstrip(", "), book)


def _read_claim(case: str, node: Node, place: str, book: Notebook) -> None:
    if node.fields is None:
        book.problem(place, "not a mapping; left out")
        return
    unknown = [key for key in node.fields if key not in FIELDS]
    if unknown:
        book.problem(place, f"unknown key {', '.join(shown(key) for key in unknown[:5])} is ignored")
    for key in node.twice:
        book.problem(place, f"{shown(key)} stands there twice; the first is kept")
    book.add(case, {key: _text(node, key, book, place) for key in FIELDS}, place)


def _text(node: Node, key: str, book: Notebook, place: str) -> str:
    found = (node.fields or {}).get(key)
    if found is None:
        return ""
    if found.text is None:
        book.problem(place, f"{key} is not text; ignored")
        return ""
    return found.text.strip()


def _line(node: Node) -> str:
    return f"line {node.line}" if node.line else ""
