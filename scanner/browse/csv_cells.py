"""CSV that a spreadsheet opens as text: what sites wrote into a title is no formula. As in `scanner.report.table`."""

from __future__ import annotations

import codecs
import re

from scanner.report.table import FORMULA

_FIELD = re.compile(r'"(?:[^"]|"")*"|[^,"\r\n]+')
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


class Cells:
    """Takes CSV in pieces and gives it out row by row, with an apostrophe before what could begin a formula.

    >>> cells = Cells()
    >>> cells.feed(b'title,score\\r\\n=1+1,-0.5\\r\\n"=HYP'), cells.feed(b'ERLINK(""x"")",2\\r\\n', last=True)
    (b"title,score\\r\\n'=1+1,-0.5\\r\\n", b'"\\'=HYPERLINK(""x"")",2\\r\\n')
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""

    def feed(self, piece: bytes, *, last: bool = False) -> bytes:
        """The rows that are whole by now; all that is left with the last piece."""
        text = self._held + self._decoder.decode(piece, last)
        end = len(text) if last else _whole(text)
        self._held = text[end:]
        return _FIELD.sub(_cell, text[:end]).encode()


def _whole(text: str) -> int:
    """Where the last row that has ended ends: at a line break outside of quotes."""
    end = text.rfind("\n") + 1
    while end and text.count('"', 0, end) % 2:
        end = text.rfind("\n", 0, end - 1) + 1
    return end


def _cell(found: re.Match[str]) -> str:
    field = found[0]
    quote = '"' if field.startswith('"') else ""
    inner = field[1:-1] if quote else field
    if inner.lstrip().startswith(FORMULA) and not _NUMBER.fullmatch(inner):
        return f"{quote}'{inner}{quote}"
    return field
