"""Two sites, file by file."""

from __future__ import annotations

import filecmp
from pathlib import Path
from typing import NamedTuple

from posterity.site.publication import PRIVATE


class Difference(NamedTuple):
    """A file that is not the same in both."""

    path: str
    what: str


def differences(site: Path, wanted: Path) -> list[Difference]:
    """What of a site is missing, is more, or has other octets than it should."""
    here, there = _files(site), _files(wanted)
    both = here & there
    return sorted(
        [
            *(Difference(path, "is missing") for path in there - here),
            *(Difference(path, "should not be there") for path in here - there),
            *(
                Difference(path, "has other octets")
                for path in both
                if not filecmp.cmp(site / path, wanted / path, shallow=False)
            ),
        ]
    )


def _files(site: Path) -> set[str]:
    return {
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and path.relative_to(site).parts[0] != PRIVATE
    }
