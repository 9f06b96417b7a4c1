"""What a site holds: its units, the mark of each, and the paths of their files.

    posterity site 1 <rules>                    what all pages depend on
    <kind>/<item> TAB <mark> TAB <octets> TAB <ids> TAB <path> TAB <path> …    a line a unit

It stands in the site's private folder, gzipped. A unit whose mark is the same under the
same rules has the same pages, and none of them need be made again.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple, Self

_HEAD: Final = "posterity site 1 "
_LEVEL: Final = 1
"""Of gzip: a quarter larger than at 6, in a sixth of the time."""


class Unit(NamedTuple):
    """Pages that are made together.

    Attributes:
        mark: of all that they show.
        octets: of their files, in decimal.
        asked: a JSON array of the Message-IDs that they name; "" for none.
        paths: of their files, joined by TAB.
    """

    mark: str
    octets: str
    asked: str
    paths: str

    @classmethod
    def of(cls, mark: str, octets: int, asked: Iterable[str], paths: Iterable[str]) -> Self:
        """A unit of these parts."""
        ids = sorted(asked)
        return cls(mark, str(octets), json.dumps(ids) if ids else "", "\t".join(paths))

    @property
    def ids(self) -> list[str]:
        """The Message-IDs that the pages name."""
        found: list[str] = json.loads(self.asked) if self.asked else []
        return found


class Manifest(NamedTuple):
    """All units of a site, by kind and item.

    Attributes:
        rules: what every page depends on; "" where nothing is known of it.
    """

    rules: str
    units: Mapping[str, Unit]

    def paths(self) -> Iterator[str]:
        """The path of every file; one that two units share comes twice."""
        for unit in self.units.values():
            if unit.paths:
                yield from unit.paths.split("\t")

    def write(self, path: Path) -> None:
        """Write it."""
        lines = [_HEAD + self.rules]
        lines += ["\t".join((name, *unit)) for name, unit in self.units.items()]
        text = "\n".join(lines).encode("utf-8")
        path.write_bytes(gzip.compress(text, _LEVEL, mtime=0))


NOTHING: Final = Manifest("", {})
"""Of a place where nothing is published."""


def read_manifest(path: Path) -> Manifest | None:
    """What stands in a file; None where it is damaged, or of another version."""
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    except FileNotFoundError:
        return NOTHING
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        return None
    head, *lines = text.split("\n")
    if not head.startswith(_HEAD):
        return None
    units: dict[str, Unit] = {}
    for line in lines:
        name, *rest = line.split("\t", 4)
        units[name] = Unit(*rest)
    return Manifest(head.removeprefix(_HEAD), units)
