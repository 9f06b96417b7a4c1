"""A withdrawn word is in no file: not in the search index, its segments, or a log."""

from __future__ import annotations

import gzip
import hashlib
import re
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import executor
from posterity.pipeline import NoProgress, ingest
from posterity.site import publish
from posterity.sources import ReadOptions
from posterity.store import Archive

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

WORD = "quillwhorl"
"""No other word begins like it, so FTS5 stores it whole but for its first letters."""

TAIL = b"illwhorl"


def letter(number: int, text: str, parent: int = 0, more: str = "") -> bytes:
    """A letter of March 1996, with words that few others have."""
    answer = f"In-Reply-To: <{parent}@example.org>\n" if parent else ""
    return (
        f"From: Keeper {number} <keeper{number}@example.org>\n"
        f"Date: {1 + number % 28} Mar 1996 21:10:00 +0000\n"
        f"Message-ID: <{number}@example.org>\n{answer}{more}"
        f"Subject: Lamp {number}\n\n{text}\n"
    ).encode()


LETTERS = [
    letter(
        0,
        f"The {WORD} hangs behind the barometer in the hall, as ever.\n"
        f"There is a picture of it, http://{WORD}.example/barometer.gif.",
        more=f"Cc: The {WORD} fund <fund@example.org>\n",
    ),
    letter(
        1,
        f"> The {WORD} hangs behind the barometer in the hall, as ever.\n\nThank you.",
        parent=0,
    ),
    *(
        letter(n, f"Lamp {n} burned for {n * 7} hours, quite{n} bright.")
        for n in range(2, 90)
    ),
]
FIRST = hashlib.sha256(LETTERS[0].replace(b"\n", b"\r\n") + b"\r\n").hexdigest()
SAID = f'message = "{FIRST}"\nreason = "asked for"\ndate = 2024-05-01\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A list in an archive, and its site; the source is gone."""
    source = tmp_path / "letters"
    source.mkdir()
    for number, octets in enumerate(LETTERS):
        (source / f"{number:02}.eml").write_bytes(octets)
    archive = Archive.create(tmp_path / "A")
    with executor(1) as run:
        ingest(archive, [str(source)], ReadOptions(), run, NoProgress())
    build(tmp_path)
    for path in source.iterdir():
        path.unlink()
    return tmp_path


def build(folder: Path, amendments: str = "") -> None:
    """Bring everything up to date and publish."""
    archive = Archive.open(folder / "A")
    if amendments:
        archive.amendments_path.write_text(amendments, "utf-8")
        archive = Archive.open(folder / "A")
    with executor(1) as run:
        bring_up_to_date(archive, run, NoProgress())
        publish(archive, folder / "S", run, NoProgress(), 1)


def everything_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, every value of every table, and what is compressed in them."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        for octets in unfolded(path.read_bytes()):
            yield path.name, octets
        if path.suffix == ".db":
            for table, value in values(path):
                for octets in unfolded(value):
                    yield f"{path.name} {table}", octets


def values(path: Path) -> Iterator[tuple[str, bytes]]:
    """The blobs and texts of a database, each whole: in the file they are cut into pages."""
    database = sqlite3.connect(path)
    tables = [
        name
        for name, sql in database.execute("SELECT name, sql FROM sqlite_master")
        if sql and sql.startswith("CREATE TABLE")
    ]
    for table in tables:
        for row in database.execute(f'SELECT * FROM "{table}"'):
            yield from ((table, value) for value in row if isinstance(value, bytes))
            yield from ((table, value.encode()) for value in row if isinstance(value, str))
    dictionaries = database.execute(
        "SELECT count(*) FROM sqlite_master WHERE name = 'dictionary'"
    ).fetchone()[0]
    if dictionaries:
        assert [(0,)] == database.execute("SELECT count(*) FROM dictionary").fetchall()
    database.close()


def unfolded(octets: bytes) -> Iterator[bytes]:
    """Octets, and what they hold compressed."""
    yield octets
    if octets.startswith(b"\x1f\x8b"):
        yield gzip.decompress(octets)
    if octets.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(octets)) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    for found in re.finditer(rb"\x28\xb5\x2f\xfd", octets):
        try:
            yield zstd.ZstdDecompressor().decompress(octets[found.start() :])
        except zstd.ZstdError:
            continue


def holders(folder: Path) -> set[str]:
    """Where the word is, or its tail, as an index holds it."""
    return {name for name, octets in everything_in(folder) if TAIL in octets.lower()}


def is_indexed(folder: Path) -> bool:
    """Whether the search index has the word."""
    database = sqlite3.connect(folder / "A" / "catalogue.db")
    (number,) = database.execute(
        "SELECT count(*) FROM search_words WHERE term = ?", (WORD,)
    ).fetchone()
    database.close()
    return bool(number)


def test_the_word_is_found_while_it_is_there(folder: Path) -> None:
    """In octets, index, batches and pages: else silence would say nothing."""
    found = holders(folder)

    assert is_indexed(folder)
    assert {
        "accession.db message",
        "catalogue.db gist",
        "catalogue.db search_batch",
        "catalogue.db search_data",
        f"{FIRST}.html",
        f"{FIRST}.eml",
    } <= found


def test_an_erased_word_is_nowhere(folder: Path) -> None:
    """Neither in the archive nor on the site, and a reply that quoted it lacks it."""
    build(folder, f"[[erase]]\n{SAID}")

    assert set() == holders(folder)
    assert not is_indexed(folder)
    assert b"Thank you." in b"".join(octets for _, octets in everything_in(folder / "S"))


@pytest.mark.parametrize("how", [f'[[redact]]\ntext = "{WORD}"\n', "[[hide]]\n"])
def test_a_withdrawn_word_is_in_no_index(folder: Path, how: str) -> None:
    """Who hides or redacts keeps the octets; index, gists and site lose the word."""
    build(folder, how + SAID)

    held = holders(folder / "A")
    tables = {name for name in held if " search_" in name or name.endswith(" gist")}
    assert (set(), set(), False) == (tables, holders(folder / "S"), is_indexed(folder))
