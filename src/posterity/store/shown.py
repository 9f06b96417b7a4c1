"""The octets that readers may see: the accession's, as the catalogue amends them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from posterity.model import Digest
from posterity.rows import WITHDRAWN
from posterity.store.amended import amended, copy_of
from posterity.store.database import connect
from posterity.store.octets import Accession
from posterity.store.pieces import Balance, NewSource, Place


class Shown:
    """An accession through the keeper's eyes; close it when done.

    Args:
        accession: opened; it stays the caller's.
        catalogue: path of catalogue.db; None where nothing is amended.
    """

    def __init__(self, accession: Accession, catalogue: Path | None) -> None:
        self._accession = accession
        self._catalogue = connect(catalogue, writable=False) if catalogue else None
        self._kinds: dict[int, str] = {}
        if self._catalogue:
            said = amended(self._catalogue)
            self._kinds = {key: what.kind for key, (what, _) in said.items()}

    def close(self) -> None:
        """Close the catalogue."""
        if self._catalogue:
            self._catalogue.close()

    def octets(self, key: int) -> bytes:
        """A message as amended; b"" for a withdrawn one."""
        return self._amended(key) if key in self._kinds else self._accession.octets(key)

    def _amended(self, key: int) -> bytes:
        if self._catalogue is None or self._kinds[key] in WITHDRAWN:
            return b""
        frame = copy_of(self._catalogue, key)
        if frame is None:
            return self._accession.octets(key)
        return self._accession.codec.decompress(frame)

    def between(self, first: int, last: int) -> Iterator[tuple[int, Digest, bytes]]:
        """(id, digest, octets) of the messages first..last, by id; withdrawn ones empty."""
        for key, digest, octets in self._accession.between(first, last):
            yield key, digest, self._amended(key) if key in self._kinds else octets

    def digests(self) -> Iterator[tuple[int, Digest]]:
        """(id, digest) of every message that is not withdrawn, by digest."""
        for key, digest in self._accession.digests():
            if self._kinds.get(key) not in WITHDRAWN:
                yield key, digest

    def sources(self) -> list[tuple[int, NewSource, Balance]]:
        """The ledger, in order of arrival."""
        return self._accession.sources()

    def places(self, source: int) -> Iterator[Place]:
        """The pieces of a source that hold something to see, in order."""
        for place in self._accession.places(source):
            if place.message is None or self._kinds.get(place.message) not in WITHDRAWN:
                yield place
