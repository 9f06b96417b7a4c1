"""posterity export mbox: every kept message, as mboxrd that our reader knows for its own."""

from __future__ import annotations

from pathlib import Path

from posterity.errors import ArchiveError
from posterity.export.letters import Letters
from posterity.mboxrd import frame
from posterity.store import Archive


def export_mbox(archive: Archive, to: Path) -> int:
    """Write one mbox; the number of messages in it.

    Messages stand by their hash, because their order of arrival says nothing.

    Raises:
        ArchiveError: something is at that place already.
    """
    letters = Letters(archive)
    written = 0
    try:
        with to.open("xb") as file:
            for _, octets in letters:
                file.write(frame(octets))
                written += 1
    except FileExistsError as error:
        raise ArchiveError(f"{to}: is there already; choose another name") from error
    finally:
        letters.close()
    return written
