"""What a site holds: its units, the paths of their files, and when it was published.

    posterity site 2 <rules> TAB <publication> TAB <ledger>      what all pages depend on
    <kind>/<item> TAB <octets> TAB <ids> TAB <path> TAB <path> …         a line a unit

It stands in the site's private folder, gzipped. Under the same rules those units alone
are made again that show something which changed since the publication.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np

_HEAD: Final = "posterity site 2 "
_LEVEL: Final = 1
"""Of gzip: a quarter larger than at 6, in a sixth of the time."""


class Unit(NamedTuple):
    """Pages that are made together.

    Attributes:
        octets: of their files, in decimal.
        asked: a JSON array of the Message-IDs that they name; "" for none.
        paths: of their files, joined by TAB.
    """

    octets: str
    asked: str
    paths: str

    @classmethod
    def of(cls, octets: int, asked: Iterable[str], paths: Iterable[str]) -> Self:
        """A unit of these parts."""
        ids = sorted(asked)
        return cls(str(octets), json.dumps(ids) if ids else "", "\t".join(paths))

    @property
    def ids(self) -> list[str]:
        """The Message-IDs that the pages name."""
        found: list[str] = json.loads(self.asked) if self.asked else []
        return found


class State(NamedTuple):
    """What a whole site rests on.

    Attributes:
        rules: what every page depends on; "" where nothing is known of it.
        publication: up to where the catalogue's changes are in it (store.changes).
        ledger: a print of the books, which pages of the whole list show.
    """

    rules: str
    publication: str
    ledger: str


class Manifest(NamedTuple):
    """All units of a site, by kind and item."""

    state: State
    units: Mapping[str, Unit]

    def paths(self) -> Iterator[str]:
        """The path of every file; one that two units share comes twice."""
        for unit in self.units.values():
            if unit.paths:
                yield from unit.paths.split("\t")

    def files(self) -> int:
        """How many files there are."""
        # by their hashes: a million messages have 2.6 million paths, of 400 MB
        return len(np.unique(np.fromiter(map(hash, self.paths()), np.int64)))

    def print_of_paths(self) -> str:
        """What is equal for sites that have the same files, unit by unit."""
        found = hashlib.sha256()
        for unit in self.units.values():
            found.update(f"{unit.paths}\n".encode())
        return found.hexdigest()

    def came(self, was: Self) -> set[str]:
        """The paths of units that have others than they had in an earlier site."""
        return set(_of_others(self.units, was.units))

    def left(self, was: Self) -> set[str]:
        """The paths that an earlier site has, and this one has not."""
        found = set(_of_others(was.units, self.units))
        if found:
            found.difference_update(self.paths())
        return found

    def write(self, path: Path) -> None:
        """Write it."""
        head = _HEAD + "\t".join(self.state)
        lines = ("\t".join((name, *unit)) for name, unit in self.units.items())
        with gzip.open(path, "wt", _LEVEL, encoding="utf-8", newline="\n") as file:
            file.write(head)
            file.writelines(f"\n{line}" for line in lines)


def _of_others(units: Mapping[str, Unit], others: Mapping[str, Unit]) -> Iterator[str]:
    """The paths of those units that have others among other units."""
    for name, unit in units.items():
        other = others.get(name)
        if unit.paths and (other is None or other.paths != unit.paths):
            yield from unit.paths.split("\t")


UNKNOWN: Final = State("", "", "")
NOTHING: Final = Manifest(UNKNOWN, {})
"""Of a place where nothing is published."""


def read_manifest(path: Path) -> Manifest | None:
    """What stands in a file; None where it is damaged, or of another version."""
    units: dict[str, Unit] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            head = next(file, "").rstrip("\n")
            if not head.startswith(_HEAD):
                return None
            for line in file:
                name, *rest = line.rstrip("\n").split("\t", 3)
                units[name] = Unit(*rest)
    except FileNotFoundError:
        return NOTHING
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        return None
    return Manifest(State(*head.removeprefix(_HEAD).split("\t")), units)
