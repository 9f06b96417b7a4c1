"""posterity search --mbox: the messages of a query as one mboxrd."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from posterity.errors import ArchiveError
from posterity.mboxrd import frame
from posterity.render.addresses import Addresses
from posterity.render.originals import served
from posterity.store import Archive

STANDARD_OUTPUT = Path("-")


def write_found(archive: Archive, keys: Iterable[int], to: Path) -> int:
    """Write the messages of some keys, in that order; how many they were.

    Raises:
        ArchiveError: something is at that place already.
    """
    reader = archive.reader()
    addresses = Addresses(archive.settings.addresses)
    written = 0
    try:
        with sys.stdout.buffer if to == STANDARD_OUTPUT else to.open("xb") as file:
            for key in keys:
                octets = reader.octets(key)
                if octets:
                    digest = reader.message(key).digest
                    file.write(frame(served(octets, digest, addresses)))
                    written += 1
    except FileExistsError as error:
        raise ArchiveError(f"{to}: is there already; choose another name") from error
    finally:
        reader.close()
    return written
