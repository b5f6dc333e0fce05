"""The library of originals: whose text is this, and since when. One file on disk, embedded."""

from scanner.library.library import Library
from scanner.library.pictures import Picture, PictureMatch
from scanner.library.texts import (
    Added,
    LibraryError,
    Match,
    OlderLibraryError,
    Reuse,
    SharedText,
    Stats,
    Text,
)

__all__ = [
    "Library",
    "Text",
    "Added",
    "Match",
    "SharedText",
    "Reuse",
    "Stats",
    "Picture",
    "PictureMatch",
    "LibraryError",
    "OlderLibraryError",
]
