"""Who stands near a message: what answers it, quotes it, or is a copy of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

from posterity.config import Settings
from posterity.model import Digest
from posterity.store import Archive
from posterity.store.catalogue import Catalogue

Quote = tuple[int, int, int, int, int, int]
"""message, first, last, origin, origin_first, origin_last."""


class Kin:
    """The catalogue's relations, by message; a context manager."""

    def __init__(self, archive: Archive, catalogue: Catalogue) -> None:
        self.settings: Settings = archive.settings
        self.charset = archive.settings.charset
        self.shingles: Path = archive.shingles_path
        self._catalogue = catalogue
        self._accession = archive.accession()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the accession."""
        self._accession.close()

    # -- one message

    @cached_property
    def _hosts(self) -> Mapping[int, tuple[int, int, int]]:
        return self._catalogue.places_of_recovered()

    @cached_property
    def _digests(self) -> Mapping[int, Digest]:
        return {
            key: Digest(digest.hex())
            for key, digest in self._catalogue.rows("id", "digest")
        }

    @cached_property
    def times(self) -> Mapping[int, int | None]:
        """The published time of every message."""
        return dict(self._catalogue.rows("id", "utc"))

    def holds(self, key: int) -> bool:
        """Whether there is such a message."""
        return key in self._digests

    def octets(self, key: int) -> bytes:
        """A message's own octets."""
        if key > 0:
            return self._accession.octets(key)
        host, start, end = self._hosts[key]
        return self._accession.octets(host)[start:end]

    def digest(self, key: int) -> Digest:
        """A message's hash."""
        return self._digests[key]

    def host(self, key: int) -> str:
        """The hash of the message a recovered one was found inside; "" for others."""
        return self._digests[self._hosts[key][0]] if key < 0 else ""

    def find(self, digest: str) -> int | None:
        """The id of a message with a whole hash."""
        return self._accession.find(digest)

    # -- relations

    @cached_property
    def _children(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for child, parent in self._catalogue.edges():
            found[parent].append(child)
        return found

    def answers(self, keys: Iterable[int]) -> set[int]:
        """Everything below some messages in their threads."""
        found: set[int] = set()
        stack = list(keys)
        while stack:
            for child in self._children.get(stack.pop(), ()):
                if child not in found:
                    found.add(child)
                    stack.append(child)
        return found

    @cached_property
    def _groups(self) -> Mapping[int, set[int]]:
        groups: dict[int, set[int]] = defaultdict(set)
        for copy, first in self._catalogue.copies():
            groups[first] |= {copy, first}
        return {key: group for group in groups.values() for key in group}

    def copies(self, keys: Iterable[int]) -> set[int]:
        """The other copies of some letters."""
        wanted = set(keys)
        return set().union(*(self._groups.get(key, ()) for key in wanted)) - wanted

    def quotes(self, origins: Iterable[int]) -> list[Quote]:
        """Passages of others that were written in some messages."""
        return self._catalogue.quotes_of(origins)
