"""Library files that are none, too new, damaged, locked or half written: one clear line, nothing lost."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from scanner.library import Library, LibraryError, OlderLibraryError, Text, pack
from scanner.library.migrations import copy_of
from scanner.likeness.shingles import text_print
from scanner.model import Date


def made(seed: int, domain: str) -> Text:
    rng = random.Random(seed)
    rows = tuple(" ".join(f"word{rng.randrange(4000)}" for _ in range(40)) for _ in range(5))
    tokens = tuple(tuple(pack.words(row)) for row in rows)
    return Text(f"https://{domain}/", domain, rows, tokens, Date("2020-05-01"), "crawl")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


def filled(path: Path, count: int = 50) -> list[Text]:
    texts = [made(seed, f"firm{seed}.example") for seed in range(count)]
    with Library(path) as library:
        library.add(texts)
    return texts


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a library", b"SQLite format 3\0", b"x" * 5000])
def test_a_file_of_another_kind_is_named_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(
        LibraryError, match=r"library\.db: is not a falsefront library \(nothing was changed\)"
    ):
        Library(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("create table notes(text)")
        db.execute("insert into notes values ('mine')")
    before = path.read_bytes()
    with pytest.raises(LibraryError, match="another program's database"):
        Library(path)
    assert path.read_bytes() == before


def test_a_library_of_a_newer_version_says_so(path: Path) -> None:
    filled(path)
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 9")
    with pytest.raises(LibraryError, match="newer falsefront"):
        Library(path)


def test_a_library_whose_shingles_are_older_is_indexed_anew_and_loses_nothing(path: Path) -> None:
    # given a library written when shingles had other numbers
    texts = filled(path)
    with sqlite3.connect(path) as db:
        db.execute("update meta set value = '0' where key = 'shingles'")
        db.execute("delete from postings")
    # then a reader says what to do, a writer does it, and everything is found again
    with pytest.raises(LibraryError, match="indexed anew when it is next written to"):
        Library(path, readonly=True)
    with Library(path) as library:
        assert [match.domain for match in library.search(replace(texts[9], domain="front.example"))] == [
            "firm9.example"
        ]


def as_format_one(path: Path) -> None:
    """A library as the first release wrote it: without pictures."""
    with sqlite3.connect(path) as db:
        for table in ("pictures", "picture_pieces", "picture_sights"):
            db.execute(f"drop table {table}")
        db.execute("pragma user_version = 1")
    db.close()


def test_an_older_library_is_upgraded_and_a_copy_stays(path: Path) -> None:
    # given a library of the first format
    texts = filled(path)
    as_format_one(path)
    # then a reader says so and changes nothing, and a writer upgrades it once
    with pytest.raises(OlderLibraryError, match="older format"):
        Library(path, readonly=True)
    assert not copy_of(path, 1).exists()
    for _ in range(2):
        with Library(path) as library:
            assert library.search(replace(texts[9], domain="front.example"))[0].domain == "firm9.example"
            assert library.pictures.of("firm9.example") == []
    with sqlite3.connect(copy_of(path, 1)) as copy:
        assert copy.execute("pragma user_version").fetchone() == (1,)
        assert copy.execute("select count(*) from pages").fetchone() == (len(texts),)
    copy.close()
    if os.name == "posix":
        assert copy_of(path, 1).stat().st_mode & 0o077 == 0
    assert [one for one in path.parent.iterdir() if "half" in one.name] == []


def test_without_room_for_the_copy_nothing_is_upgraded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path)
    as_format_one(path)
    monkeypatch.setattr("scanner.library.migrations.shutil.disk_usage", lambda where: SimpleNamespace(free=0))
    with pytest.raises(LibraryError, match=r"no room for a copy .* nothing was changed"):
        Library(path)
    with sqlite3.connect(path) as db:
        assert db.execute("pragma user_version").fetchone() == (1,)
    db.close()


def test_a_format_no_release_wrote_is_refused(path: Path) -> None:
    filled(path)
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 0")
    db.close()
    with pytest.raises(LibraryError, match="which no release wrote"):
        Library(path)


def test_texts_that_ship_later_reach_a_library_that_exists(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a sentence on two sites in a library that was made before the sentence shipped as nobody's
    sentence = "Every heron beside the harbour counts its pumps twice before the autumn floods arrive again"
    pages = [
        Text(f"https://{name}.example/", f"{name}.example", (sentence,), (tuple(sentence.lower().split()),),
             Date("2020"), "crawl")
        for name in ("one", "two")
    ]  # fmt: skip
    with Library(path) as library:
        library.add(pages)
        assert [match.domain for match in library.search(pages[0])] == ["two.example"]
    # when it ships
    shipped = text_print(pages[0].tokens).hashes
    monkeypatch.setattr("scanner.library.wholes.common_shingles", lambda: np.unique(shipped))
    # then nothing is shared any more, and the rest is as before
    with Library(path) as library:
        assert library.search(pages[0]) == []
        assert library.stats().texts == 2


def test_missing_files_and_folders_are_said(path: Path) -> None:
    with pytest.raises(LibraryError, match="no library here yet"):
        Library(path, readonly=True)
    assert not path.exists()
    with pytest.raises(LibraryError, match="is a folder"):
        Library(path.parent)


@pytest.mark.parametrize("damage", ["data", "cut", "postings"])
def test_a_damaged_library_says_so_and_is_not_touched(path: Path, damage: str) -> None:
    texts = filled(path, 300)
    if damage == "cut":
        with path.open("r+b") as file:
            file.truncate(path.stat().st_size // 3)
    else:
        table = "pages" if damage == "data" else "postings"
        with sqlite3.connect(path) as db:
            db.execute(f"update {table} set data = x'05ffeeddccbbaa99'")
    before = path.read_bytes()

    def read() -> None:
        with Library(path, readonly=True) as library:
            for text in texts:
                library.search(replace(text, domain="front.example"))

    with pytest.raises(LibraryError, match=r"the library is damaged .*it was left as it is"):
        read()
    assert path.read_bytes() == before


def test_a_reader_sees_what_a_writer_commits_and_nothing_half(path: Path) -> None:
    with Library(path) as writer:
        writer.add([made(1, "one.example")])
        with Library(path, readonly=True) as reader:
            ask = replace(made(2, "x"), domain="front.example")
            assert reader.search(ask) == []

            def half() -> Iterator[Text]:
                yield made(2, "two.example")
                assert reader.search(ask) == []
                raise RuntimeError("the source broke off")

            with pytest.raises(RuntimeError, match="broke off"):
                writer.add(half())
            assert reader.search(ask) == []
            writer.add([made(2, "two.example")])
            assert [match.domain for match in reader.search(ask)] == ["two.example"]


def test_two_writers_at_once_are_told_apart(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.library.file.BUSY_SECONDS", 0.05)
    with Library(path) as library, sqlite3.connect(path, isolation_level=None) as other:
        other.execute("begin immediate")
        with pytest.raises(LibraryError, match="another process is writing"):
            library.add([made(1, "firm.example")])
        other.execute("rollback")
        assert library.add([made(1, "firm.example")]).new == 1


def test_a_writer_killed_in_the_middle_costs_at_most_its_last_batch(path: Path) -> None:
    # given a process that is killed, without any chance to tidy up, while it adds
    script = textwrap.dedent(
        """
        import itertools, os, sys
        sys.path[:0] = sys.argv[2:]
        from scanner.library import Library, library
        from tests.library.test_files import made
        library.BATCH = 20
        def texts():
            for number in itertools.count():
                if number == 110:
                    os._exit(9)
                yield made(number, f"firm{number}.example")
        Library(sys.argv[1]).add(texts())
        """
    )
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-c", script, str(path), root], check=False, cwd=root)
    assert done.returncode == 9
    # then the whole batches are there and found, and adding goes on
    with Library(path) as library:
        assert library.stats().texts == 100
        assert library.search(replace(made(99, "x"), domain="front.example"))[0].domain == "firm99.example"
        assert library.add(made(number, f"firm{number}.example") for number in range(110)).new == 10


def test_a_text_of_one_endless_line_is_kept_within_bounds(path: Path) -> None:
    line = "word " * 1_000_000
    huge = Text("https://a.example/", "a.example", (line,), (tuple(line.split()),), Date("2020"), "crawl")
    mixed = tuple(str(number) for number in range(1_000_000))
    other = replace(huge, domain="b.example", passages=(" ".join(mixed),), tokens=(mixed,))
    with Library(path) as library:
        library.add([huge, other])
        assert library.stats().bytes < 4_000_000
        (match,) = library.search(replace(other, domain="front.example"))
        assert match.domain == "b.example"
