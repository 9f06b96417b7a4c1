"""Whether the static index that is published is that of the archive as it is.

When an index is published, the catalogue notes of which state it is, and the digests of
its two tables, which name everything else. Where all three are the same the next time,
and every file is there, there is nothing to do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from posterity import __version__
from posterity.fields import FIELDS, WEIGHTS
from posterity.render import urls
from posterity.site import postings, searchmake, searchplan, trendcounts, trends
from posterity.site.searchkept import names_of, parts_at, read_table
from posterity.store.searchnotes import Notes

NOTE: Final = "published"
_TABLES: Final = (urls.SEARCH_INDEX, urls.TREND_COUNTS)


class Noted(NamedTuple):
    """What was noted of the last publication.

    Attributes:
        state: of the archive, and the rules of the files.
        tables: digests of the two tables.
        marks: fingerprints of segments by their marks.
    """

    state: str = ""
    tables: Sequence[str] = ()
    marks: Mapping[str, str] = {}

    @classmethod
    def read(cls, notes: Notes) -> Noted:
        """What was noted; nothing where nothing was."""
        octets = notes.read(NOTE)
        return cls(*json.loads(octets)) if octets else cls()

    def octets(self) -> bytes:
        """As a note."""
        return json.dumps(self).encode("ascii")

    def unchanged(self, state: str, site: Path | None) -> list[str] | None:
        """The paths of the index at a place; None where it is to be made."""
        if site is None or state != self.state or list(self.tables) != digests(site):
            return None
        index, counts = (read_table(site / path) for path in _TABLES)
        names = [index["lengths"], *index["cards"], *counts["names"]]
        for segment in index["segments"]:
            names += names_of(segment)
        if not parts_at(site).issuperset(names):
            return None
        return [*map(urls.search_part, names), *_TABLES]


def state_of(notes: Notes) -> str:
    """What the files are a function of: the archive's state, and the rules."""
    rules = (
        (__version__, FIELDS, WEIGHTS, urls.message_at("{month}", "{hash}")),
        (*searchplan.layout(), postings.SHARD, searchmake.CARDS, searchmake.LEVEL),
        (trends.VERSION, trends.SHARD, trends.SUGGESTED, trendcounts.LEAST),
    )
    said = repr((notes.state(), rules))
    return hashlib.sha256(said.encode("utf-8")).hexdigest()


def digests(*places: Path | None) -> list[str]:
    """The digests of the two tables, each at the first place where it is."""
    found = []
    for path in _TABLES:
        files = [place / path for place in places if place and (place / path).is_file()]
        if files:
            found.append(hashlib.sha256(files[0].read_bytes()).hexdigest())
    return found
