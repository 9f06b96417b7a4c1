"""What the work of a build costs at the least: the same octets, through the libraries alone.

    python bench/limits.py ARCHIVE SITE [--place DIR]

Each row does a part of a build's work over again with nothing decided in between: no
header is read, no thread found, no page composed. Its CPU time is what this machine asks
for that much hashing, compressing, indexing or writing from this interpreter, on one
core; a build of the same list can cost no less than their sum.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from posterity.render.months import MBOX_LEVEL
from posterity.store import Archive
from posterity.store.compress import Codec, train

SAMPLES = 1_000
"""Messages that a dictionary is trained on."""

AT_ONCE = 20_000
"""Files of a site that are held while they are written again."""

_WORD = re.compile(r"\w+")


class Row(NamedTuple):
    """A part of the work.

    Attributes:
        cpu: seconds.
        amount: how much was done, in units.
    """

    name: str
    cpu: float
    amount: float
    unit: str


def main() -> None:
    """Do the work over again, and print a row for each part."""
    parser = argparse.ArgumentParser(description="what a build costs at the least")
    parser.add_argument("archive", type=Path)
    parser.add_argument("site", type=Path)
    parser.add_argument("--place", default=tempfile.gettempdir())
    options = parser.parse_args()
    rows = [*of_mail(options.archive), *of_files(options.site, Path(options.place))]
    print(f"{'at the least':<34}{'CPU s':>8}{'amount':>14}{'a second':>14}")
    for name, cpu, amount, unit in rows:
        each = amount / cpu if cpu else 0.0
        print(f"{name:<34}{cpu:>8.2f}{amount:>9,.0f} {unit:<4}{each:>9,.0f} {unit:<4}")
    print(f"{'together':<34}{sum(row.cpu for row in rows):>8.2f}")


def of_mail(archive: Path) -> Iterator[Row]:
    """What is done with the octets and the words of mail."""
    accession = Archive.open(archive).accession()
    mail: list[bytes] = []
    spent = cpu(lambda: mail.extend(one[2] for one in accession.between(1, 1 << 60)))
    accession.close()
    size = sum(map(len, mail)) / 1e6
    yield Row("read from the store (zstd)", spent, size, "MB")
    yield Row(
        "SHA-256", cpu(lambda: [hashlib.sha256(one).digest() for one in mail]), size, "MB"
    )
    dictionary = train(mail[:SAMPLES]) or b""
    codec = Codec(lambda _: dictionary)
    number = 1 if dictionary else 0
    spent = cpu(lambda: [codec.compress(one, number) for one in mail])
    yield Row("zstd, a frame a message", spent, size, "MB")
    texts = [one.decode("latin-1") for one in mail]
    lines: list[list[str]] = []
    yield Row(
        "cut into lines", cpu(lambda: lines.extend(map(str.splitlines, texts))), size, "MB"
    )
    spent = cpu(lambda: ["\n".join(map(html.escape, some)) for some in lines])
    yield Row("escape for a page, line by line", spent, size, "MB")
    words: list[list[str]] = []
    spent = cpu(lambda: words.extend(_WORD.findall(text.lower()) for text in texts))
    count = sum(map(len, words)) / 1e3
    yield Row("find the words", spent, count, "k")
    spent = cpu(lambda: [set(some) for some in words])
    yield Row("which words a message has", spent, count, "k")
    yield Row("index the words (FTS5)", cpu(lambda: indexed(texts)), count, "k")


def indexed(texts: list[str]) -> None:
    """Put texts into an index of SQLite's."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5 (text, content='')")
    rows = enumerate(texts, 1)
    database.executemany("INSERT INTO found (rowid, text) VALUES (?, ?)", rows)
    database.close()


def of_files(site: Path, place: Path) -> Iterator[Row]:
    """What is done with the files of a site."""
    paths = [path for path in site.rglob("*") if path.is_file()]
    to = Path(tempfile.mkdtemp(prefix="posterity-limits-", dir=place))
    spent, octets = 0.0, 0
    try:
        for folder in {path.parent for path in paths}:
            (to / folder.relative_to(site)).mkdir(parents=True, exist_ok=True)
        for start in range(0, len(paths), AT_ONCE):
            some = {
                str(to / path.relative_to(site)): path.read_bytes()
                for path in paths[start : start + AT_ONCE]
            }
            octets += sum(map(len, some.values()))
            spent += cpu(partial(write, some))
    finally:
        shutil.rmtree(to)
    name = f"write files of {octets / 1e6:,.0f} MB"
    yield Row(name, spent, len(paths) / 1e3, "k")
    packed = [gzip.decompress(path.read_bytes()) for path in paths if path.suffix == ".gz"]
    size = sum(map(len, packed)) / 1e6
    yield Row(
        "gzip", cpu(lambda: [gzip.compress(one, MBOX_LEVEL) for one in packed]), size, "MB"
    )


def write(files: Mapping[str, bytes]) -> None:
    """Write new files."""
    for path, content in files.items():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        os.write(handle, content)
        os.close(handle)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
