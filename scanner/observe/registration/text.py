"""Registration text into labelled entries, whatever the registry's layout.

Layouts seen: `label: value`, `label......: value`, `Label....... value`, `[Label] value` (.jp), label alone
with the values indented or listed below (.uk, .be, .ch), RPSL blocks (.fr, .ru, .br), tab-separated (.ch),
sentences ("Record created on …", .tw), ` : value` continuations (.io). All of them become `Entry` rows; what
a row means is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scanner.observe.registration.labels import field_of, section_of

MOST_BYTES = 64 << 10
MOST_LINES = 2000
LONGEST_LINE = 1000

_DOTTED = re.compile(r"([^.:]{1,60}?)\.{2,}[ \t]*(?::[ \t]*(.*)|[ \t]+(.*)|)\Z")
_BRACKET = re.compile(r"(?:[a-z]{1,2}\.?[ \t]+|[a-z]\.)?\[([^\[\]]{1,60})\](?:[ \t]+(.*))?\Z")
_SENTENCE = re.compile(
    r"(?:domain |the )?(record (?:created|expires|expired|last updated|modified|last modified|changed|will expire)"
    r"(?: on)?)[ .:]+(.+)\Z",
    re.IGNORECASE,
)
_RWHOIS = re.compile(r"[a-z]{3,20}:([A-Z][A-Za-z-]{1,30})(?:;I)?:(.*)\Z")
_YAML_TAG = re.compile(r"![A-Z]\w{0,20}\Z")
_RULE = re.compile(r"[-=*_~+ \t]{3,}\Z")
_STARS = re.compile(r"\*{2,3}[ \t]+(?=\w)|(?<=:)\s*\Z")
_BANNER = re.compile(r"\*\s.*\s\*")
_COMMENT = ("%", "#", ";", ">>>", "<<<", "--- ", "[ ")
_NOT_LABEL = re.compile(r"[@<>{}\"]|//|\A[0-9a-fA-F.]{1,15}\Z|\Ahttps?\Z", re.IGNORECASE)


@dataclass(slots=True)
class Entry:
    """One labelled value. `label` is as written; `lines` are unlabelled lines that follow it; `section` is
    the class of contact or list it stands in ("" for the domain itself); `block` counts blank-line blocks, `record`
    the records of a text that holds several (a registrar's after the registry's)."""

    label: str
    value: str
    section: str
    block: int
    record: int
    name: str  # canonical field, "" when not known
    lines: list[str] = field(default_factory=list)

    @property
    def values(self) -> list[str]:
        """The value and the lines below it, empty ones left out."""
        return [text for text in (self.value, *self.lines) if text]


@dataclass(slots=True)
class Record:
    """A text as entries, with the unlabelled lines and comments kept for judging the state."""

    entries: list[Entry]
    loose: list[str]
    comments: list[str]


def decode(raw: bytes | str, tld: str = "") -> str:
    """Text of a WHOIS answer: UTF-8, else the encoding usual for the TLD, else Windows Latin-1."""
    if isinstance(raw, str):
        return raw[:MOST_BYTES]
    raw = raw[:MOST_BYTES]
    if b"\x1b$" in raw[:4096] or b"\x1b(J" in raw[:4096]:
        return raw.decode("iso2022_jp", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A cut at the size limit may split the last character; that alone is no reason to distrust UTF-8.
        if error.start >= len(raw) - 4:
            return raw[: error.start].decode("utf-8-sig", "replace")
    return raw.decode(_USUAL.get(tld, "cp1252"), "replace")


_USUAL = {
    "jp": "shift_jis", "cn": "gb18030", "xn--fiqs8s": "gb18030", "xn--fiqz9s": "gb18030", "tw": "big5",
    "hk": "big5hkscs", "kr": "cp949", "ru": "koi8-r", "su": "koi8-r", "ua": "koi8-u", "tr": "cp1254",
    "pl": "iso8859-2", "hu": "iso8859-2", "cz": "iso8859-2", "bg": "cp1251", "gr": "iso8859-7",
}  # fmt: skip


def read(text: str) -> Record:
    """The entries of a text; linear in its length."""
    reader = _Reader()
    for line in text[:MOST_BYTES].splitlines()[:MOST_LINES]:
        reader.line(line[:LONGEST_LINE].replace("\t", " \t").expandtabs(8).rstrip())
    return Record(reader.entries, reader.loose, reader.comments)


class _Reader:
    """Walks the lines once, remembering the header and the block it is in."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.loose: list[str] = []
        self.comments: list[str] = []
        self._block = 0
        self._record = 0
        self._names: dict[str, int] = {}  # label of the name, and the block it last stood in
        self._in_block = False
        self._dated = False
        self._section = ""
        self._section_used = False
        self._section_indent = 0
        self._brackets: bool | None = None  # whether labels stand in brackets, once the name's own is met
        self._open: Entry | None = None  # takes the unlabelled lines that follow

    def line(self, line: str) -> None:
        stripped = _STARS.sub("", line.strip(), count=1).strip()
        if not stripped:
            self._blank()
        elif stripped.startswith("--- !"):
            self._header(stripped[5:], 0)
        elif stripped.startswith(_COMMENT) or _BANNER.fullmatch(stripped):
            self.comments.append(stripped.lstrip("%#;>-[* "))
        elif not _RULE.fullmatch(stripped):
            self._content(line, stripped)

    def _blank(self) -> None:
        if self._in_block:
            self._block += 1
            self._in_block = False
        waiting = self._open is not None and not self._open.values
        if not waiting:
            self._open = None
        if self._section_used:
            self._section = ""

    def _content(self, line: str, stripped: str) -> None:
        indent = len(line) - len(line.lstrip())
        label, value = _split(stripped)
        if label == "" and value is None:
            self._unlabelled(stripped, indent)
        elif label == "":
            if self._open is not None and value:
                self._open.lines.append(value)
        else:
            self._labelled(label, value or "", indent, _BRACKET.match(stripped) is not None)
        self._in_block = True

    def _unlabelled(self, stripped: str, indent: int) -> None:
        if section_of(stripped) is not None:
            self._header(stripped, indent)
            return
        self._section_used = True
        if self._open is not None and len(self._open.lines) < 40:
            self._open.lines.append(stripped)
        else:
            self.loose.append(stripped)

    def _labelled(self, label: str, value: str, indent: int, bracketed: bool) -> None:
        section = section_of(label)
        if bracketed and (self._brackets or (self._brackets is None and self._section != "registrant")):
            self._section = ""  # .jp: an empty [Name Server] opens no list
        if not value and section is not None:
            self._header(label, indent)
            return
        if self._section and self._section_used and indent < self._section_indent:
            self._section = ""
        if not self._in_block and self._block and not self._section:
            self._section = _block_section(label)
        if label.lower() in ("contact", "contact type") and section_of(value):
            self._section = section_of(value) or ""
        self._section_used = True
        self._section_indent = max(self._section_indent, indent) if self._section else indent
        self._add(label, value, bracketed)

    def _header(self, label: str, indent: int) -> None:
        self._section = section_of(label) or ""
        self._section_used = False
        self._section_indent = indent
        self._add(label, "")

    def _add(self, label: str, value: str, bracketed: bool = False) -> None:
        name = field_of(label)
        if name == "domain" and self._brackets is None:
            self._brackets = bracketed
        if name == "domain" and value and not self._section:
            last = self._names.setdefault(label.lower(), self._block)
            if self._block > last and self._dated:
                self._record += 1
                self._names, self._dated = {label.lower(): self._block}, False
        self._dated = self._dated or name in ("created", "expires")
        entry = Entry(label, value, self._section, self._block, self._record, name)
        self.entries.append(entry)
        self._open = entry


def _split(stripped: str) -> tuple[str, str | None]:
    """(label, value); ("", value) for a continuation, ("", None) for a line without a label."""
    rwhois = _RWHOIS.match(stripped)
    if rwhois:
        return rwhois[1], rwhois[2].strip()
    bracket = _BRACKET.match(stripped)
    if bracket:
        return bracket[1].strip(), (bracket[2] or "").strip()
    dotted = _DOTTED.match(stripped)
    if dotted and not dotted[1].strip().replace(" ", "").isdigit():
        return dotted[1].strip(), (dotted[2] or dotted[3] or "").strip()
    sentence = _SENTENCE.match(stripped)
    if sentence:
        return sentence[1], sentence[2].strip()
    label, colon, value = stripped.partition(":")
    if not colon:
        label, colon, value = _columns(stripped)
    label = label.strip(" \t.")
    if not colon or value.startswith("//") or not _is_label(label):
        return "", None
    value = value.strip().strip('"').strip()
    return label, "" if _YAML_TAG.match(value) else value


def _columns(stripped: str) -> tuple[str, str, str]:
    """`label   value` without a colon, when the label is one we know."""
    parts = re.split(r" {2,}", stripped, maxsplit=1)
    if len(parts) == 2 and not parts[0].endswith(".") and field_of(parts[0]):
        return parts[0], ":", parts[1]
    return "", "", ""


def _is_label(label: str) -> bool:
    if len(label) > 64 or len(label.split()) > 8 or _NOT_LABEL.search(label):
        return False
    return label.count("(") == label.count(")") and label.count("[") == label.count("]")


def _block_section(label: str) -> str:
    """What an RPSL-like block that begins with this label describes ("" = the domain)."""
    name = label.lower().replace("-", " ")
    if name in (
        "contact",
        "contact id",
        "person",
        "role",
        "nic hdl",
        "nic hdl br",
        "personname",
        "irt",
        "mntner",
    ):
        return "contact"
    if name in ("nsset", "keyset", "ns list", "nserver", "dsset", "ds rdata", "host"):
        return "nameservers"
    return "registrar" if name == "registrar" else ""
