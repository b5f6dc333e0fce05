"""What a world says of its case files: where they lie, and which level each may reach (for `evaluate`)."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from scanner.model import Level
from scanner.world.raw import Reader, ascii_name, inside
from scanner.world.words import Label


def labels_of(labels: Reader) -> dict[str, Label]:
    """The label of each case file, by its path below the world's folder. Raises WorldError."""
    return {_case_path(labels, key): _label(labels.child(key)) for key in labels.tree}


def cases_in(directory: Path) -> tuple[Path, ...]:
    """The case files of a world, sorted."""
    folder = directory / "cases"
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            path
            for path in folder.iterdir()
            if path.suffix in (".yaml", ".yml", ".json", ".csv")
            and path.is_file()
            and inside(path, directory)
        )
    )


def _case_path(labels: Reader, key: str) -> str:
    """The case file a label is about: below the world's folder, there or not."""
    parts = PurePosixPath(key).parts
    outside = PurePosixPath(key).is_absolute() or ".." in parts or "\\" in key or ":" in key
    if outside or not inside(labels.place.directory.joinpath(*parts), labels.place.directory):
        raise labels.fail(key, "must lie inside the world's folder")
    return key


def _label(r: Reader) -> Label:
    r.only("least", "most", "must", "never", "campaign", "after", "library")
    levels = tuple(level.value for level in Level)
    return Label(
        least=Level(r.choice("least", levels, Level.NOTHING_FOUND.value)),
        most=Level(r.choice("most", levels, Level.KNOWN.value)),
        must=r.texts("must"),
        never=r.texts("never"),
        campaign=r.text("campaign"),
        after=tuple(_case_path(r, key) for key in r.texts("after")),
        library=tuple(ascii_name(name, r.at("library")) for name in r.texts("library")),
    )
