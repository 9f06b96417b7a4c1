"""The URL ledger: every page that was ever published, in accession.db.

It cannot be derived, so it stands with what cannot be: a later build, from the same
mail, knows from it which addresses readers may hold.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from posterity.store.database import in_transaction
from posterity.store.octets import Accession

SORTED: Final = 100_000
"""Paths that are noted at a time, in order: a tree is filled in half the time so."""


def known_urls(accession: Accession) -> Mapping[str, int | None]:
    """By path, every page that was ever published: None, or when it was there last.

    Empty in an archive from before.
    """
    there = accession.database.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'url'"
    ).fetchone()
    if there is None:
        return {}
    return dict(accession.database.execute("SELECT path, last FROM url"))


def left_urls(accession: Accession) -> Mapping[str, int]:
    """By path, the pages that were published and are not there: when they were last."""
    return dict(
        accession.database.execute("SELECT path, last FROM url WHERE last IS NOT NULL")
    )


def noted_site(accession: Accession) -> str:
    """The print of the site that the ledger was brought up to date with, "" for none."""
    return str(accession.meta(_SITE) or "")


_SITE: Final = "published"


def was_published(accession: Accession, path: str) -> bool:
    """Whether a page ever stood at a path, for who asks for one at a time."""
    try:
        rows = accession.database.execute("SELECT 1 FROM url WHERE path = ?", (path,))
    except sqlite3.OperationalError:  # an archive that was never published has no table
        return False
    return rows.fetchone() is not None


def remember(
    accession: Accession,
    fresh: Iterable[tuple[str, str]],
    back: Iterable[str],
    gone: Iterable[str],
    site: str,
    at: int,
) -> None:
    """Note what was published.

    Args:
        accession: opened for writing.
        fresh: (path, kind) of pages that are published for the first time; of those that
            were noted before, nothing is changed.
        back: paths of pages that had gone, and are there again.
        gone: paths of pages that are there no more.
        site: a print of what is published now.
        at: the time.
    """
    database = accession.database
    with in_transaction(database):
        database.execute(
            "CREATE TABLE IF NOT EXISTS url (path TEXT PRIMARY KEY, kind TEXT NOT NULL,"
            " first INTEGER NOT NULL, last INTEGER) WITHOUT ROWID"
        )
        rest = iter(fresh)
        while some := sorted(islice(rest, SORTED)):
            database.executemany(
                "INSERT OR IGNORE INTO url VALUES (?, ?, ?, NULL)",
                [(path, kind, at) for path, kind in some],
            )
        database.executemany(
            "UPDATE url SET last = NULL WHERE path = ?", [(path,) for path in back]
        )
        database.executemany(
            "UPDATE url SET last = ? WHERE path = ?", [(at, path) for path in gone]
        )
        accession.set_meta(_SITE, site)
