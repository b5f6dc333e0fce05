"""Bytes of a page to text, as a browser would, and never with an exception.

Order: byte order mark, Content-Type header, `<meta>`, then UTF-8 when the bytes are valid UTF-8, else
windows-1252. Labels are those of the WHATWG Encoding Standard; anything else (`hex`, `punycode`, `utf-7` …) is
a label no browser knows and counts as not declared.
"""

from __future__ import annotations

import codecs

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

# Python codec names behind the labels of the Encoding Standard. A list of what is allowed, since Python also
# has codecs that are no text encodings or are slow on hostile input (punycode is quadratic).
_ALLOWED = frozenset(
    codecs.lookup(name).name
    for name in [
        "utf-8",
        "utf-16-le",
        "utf-16-be",
        "cp866",
        "iso8859-2",
        "iso8859-3",
        "iso8859-4",
        "iso8859-5",
        "iso8859-6",
        "iso8859-7",
        "iso8859-8",
        "iso8859-10",
        "iso8859-13",
        "iso8859-14",
        "iso8859-15",
        "iso8859-16",
        "koi8-r",
        "koi8-u",
        "mac-roman",
        "mac-cyrillic",
        "cp874",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "gb18030",
        "big5hkscs",
        "big5",
        "euc_jp",
        "iso2022_jp",
        "cp932",
        "cp949",
    ]
)
_SINGLE_BYTE_WEST = frozenset({"cp1252", "iso8859-15", "mac-roman"})


def decode(body: bytes, content_type: str = "") -> str:
    """The page as text. Undecodable bytes become U+FFFD."""
    marked, mark = read_bom(body)
    if marked is not None and mark is not None and codecs.lookup(marked).name in _ALLOWED:
        return to_unicode(body[len(mark) :], marked)
    declared = http_content_type_encoding(content_type) if "charset" in content_type.lower() else None
    if declared not in _ALLOWED:
        declared = html_body_declared_encoding(body)
        if declared in ("utf-16-le", "utf-16-be", "utf-16"):
            declared = (
                "utf-8"  # a meta element that can be read as ASCII is not UTF-16 (HTML standard 13.2.3.2)
            )
    if declared not in _ALLOWED or declared is None:
        return _undeclared(body)
    if declared == "utf-8" or declared in _SINGLE_BYTE_WEST:
        # Text that is valid UTF-8 with multi-byte characters is UTF-8 whatever its label says, and a page
        # labelled UTF-8 without one valid multi-byte character is windows-1252: mislabelled servers are common.
        return _undeclared(body, declared)
    return to_unicode(body, declared)


def _undeclared(body: bytes, otherwise: str = "cp1252") -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = body.decode("utf-8", "replace")
    if otherwise == "utf-8":
        kept = text.replace("�", "")
        return text if not kept.isascii() else body.decode("cp1252", "replace")
    if text.count("�") <= 3 and len(body) - len(text) > 3 * text.count("�") + 20:
        return text  # UTF-8 with a cut or broken character or two
    return body.decode(otherwise, "replace")
