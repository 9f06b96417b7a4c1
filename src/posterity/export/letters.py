"""The messages that an export holds: what readers may see, addresses by policy."""

from __future__ import annotations

from collections.abc import Iterator

from posterity.model import Digest
from posterity.render.addresses import Addresses
from posterity.render.originals import served
from posterity.store import Archive
from posterity.store.erasure import erased
from posterity.store.pieces import Balance, NewSource, Place
from posterity.store.shown import Shown


class Letters:
    """An archive's kept messages as they may be given away; close it when done.

    Amended ones are copies, withdrawn ones are left out, and where addresses are masked
    or hidden they are so here. A copy names its original in `X-Posterity-Original`.

    Args:
        archive: derived and related, for the catalogue says what is amended; where
            nothing is, ingested will do.
    """

    def __init__(self, archive: Archive) -> None:
        self._accession = archive.accession()
        derived = archive.catalogue_path.exists()
        if derived or archive.amended_by or erased(self._accession):
            archive.check_amended()
        self._shown = Shown(self._accession, archive.catalogue_path if derived else None)
        self._addresses = Addresses(archive.settings.addresses)

    def close(self) -> None:
        """Close the archive's files."""
        self._shown.close()
        self._accession.close()

    def __iter__(self) -> Iterator[tuple[Digest, bytes]]:
        """(digest, octets) of every message, by digest."""
        for key, digest in self._shown.digests():
            yield digest, served(self._shown.octets(key), digest, self._addresses)

    # -- as an accession gives them out

    def digests(self) -> Iterator[tuple[int, Digest]]:
        """(id, digest) of every message, by digest."""
        return self._shown.digests()

    def octets(self, key: int) -> bytes:
        """One message."""
        octets = self._shown.octets(key)
        if self._addresses.shown:
            return octets
        return served(octets, self._accession.digest(key), self._addresses)

    def sources(self) -> list[tuple[int, NewSource, Balance]]:
        """The ledger, in order of arrival."""
        return self._shown.sources()

    def places(self, source: int) -> Iterator[Place]:
        """The pieces of a source that hold something to see, in order."""
        return self._shown.places(source)
