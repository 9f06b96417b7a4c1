"""Doctor: what is wrong with an archive, and how it is mended.

Looks at every file of the archive and at a site, changes nothing, and reads no message:
whether octets are what they were is `verify`'s question.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from posterity.errors import LockedError, PosterityError
from posterity.store import Archive
from posterity.store.catalogue import VERSION
from posterity.store.database import connect
from posterity.store.octets import Accession
from posterity.store.shingles import held

ROOM = 2
"""An import may need so many times the accession's size on its disk, for a while."""

REBUILD = "`posterity site` makes it again"


class Finding(NamedTuple):
    """Something that is not as it should be.

    Attributes:
        where: file or folder.
        what: is the matter.
        mend: what to do.
        grave: mail, or what was published, is in danger.
    """

    where: str
    what: str
    mend: str
    grave: bool = False


def examine(folder: Path, site: Path) -> list[Finding]:
    """Everything that is wrong with an archive and its site.

    Raises:
        ArchiveError: there is no archive, or it is of a newer format.
    """
    try:
        archive = Archive.open(folder)
    except PosterityError as error:
        if not (folder / "accession.db").is_file():
            raise
        return [Finding("posterity.toml", str(error), "correct the line named")]
    accession = archive.accession()
    try:
        return [
            *_keepers_files(archive),
            *_accession(accession),
            *_catalogue(archive, accession.newest()),
            *_left_behind(archive),
            *_room(archive),
            *_site(site),
        ]
    finally:
        accession.close()


def _keepers_files(archive: Archive) -> Iterator[Finding]:
    for read in (archive.amendments, archive.mailmap_text):
        try:
            read()
        except PosterityError as error:
            yield Finding("amendments.toml", str(error), "correct the line named", True)


def _accession(accession: Accession) -> Iterator[Finding]:
    for fault in _faults(accession.database):
        yield Finding(
            "accession.db",
            fault,
            "restore it from a backup, then run `posterity verify`; until then change"
            " nothing: messages can still be read with `posterity export mbox`",
            grave=True,
        )


def _catalogue(archive: Archive, newest: int) -> Iterator[Finding]:
    """The catalogue is derived: nothing in it is lost when it goes."""
    name, path = "catalogue.db", archive.catalogue_path
    if not path.exists():
        yield Finding(name, "is not there", REBUILD)
        return
    delete = f"delete it; {REBUILD}"
    try:
        database = connect(path, writable=False)
    except PosterityError:
        yield Finding(name, "is no database", REBUILD)
        return
    try:
        rows = dict(database.execute("SELECT key, value FROM meta"))
    except sqlite3.DatabaseError as error:
        yield Finding(name, str(error), delete)
        return
    finally:
        faults = list(_faults(database))
        database.close()
    if faults:
        yield Finding(name, faults[0], delete)
    elif rows.get("version") != VERSION:
        yield Finding(name, "is of another version of posterity", REBUILD)
    elif rows.get("watermark") != newest:
        behind = f"is behind the accession: {rows.get('watermark')} of {newest} messages"
        yield Finding(name, behind, "run `posterity site`, which catches up")
    elif max(held(archive.shingles_path), default=0) != newest:
        yield Finding("shingles/", "a file is missing or cut short", REBUILD)


def _faults(database: sqlite3.Connection) -> Iterator[str]:
    try:
        rows = database.execute("PRAGMA quick_check(3)").fetchall()
    except sqlite3.DatabaseError as error:
        yield str(error)
        return
    yield from (" ".join(str(row[0]).split()) for row in rows if row[0] != "ok")


def _left_behind(archive: Archive) -> Iterator[Finding]:
    """What an interrupted run left, where none is running now."""
    try:
        with archive.lock():
            for name, what in (
                ("incoming", "an import was interrupted"),
                ("words", "an import was interrupted before the search index was made"),
            ):
                if (archive.folder / name).exists():
                    mend = "run the same command again; what was read is not read twice"
                    yield Finding(f"{name}/", what, mend)
    except LockedError:
        yield Finding("lock", "another posterity is writing", "wait until it is done")


def _room(archive: Archive) -> Iterator[Finding]:
    size = archive.accession_path.stat().st_size
    free = shutil.disk_usage(archive.folder).free
    if free < ROOM * size:
        yield Finding(
            str(archive.folder),
            f"{free / 1e6:,.0f} MB are free, and the accession alone has {size / 1e6:,.0f}",
            "make room before the next import",
        )


def _site(site: Path) -> Iterator[Finding]:
    private = site / ".posterity"
    if (private / "journal").exists():
        yield Finding(
            str(site),
            "an update was interrupted while it was published",
            "run `posterity site`, which completes it",
            grave=True,
        )
    elif (private / "staging").exists() or site.with_name(
        f"{site.name}.posterity-new"
    ).exists():
        yield Finding(str(site), "an update was interrupted", "run `posterity site` again")
