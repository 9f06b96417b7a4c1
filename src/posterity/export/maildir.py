"""posterity export maildir: every kept message as a file of its own."""

from __future__ import annotations

from pathlib import Path

from posterity.errors import ArchiveError
from posterity.export.letters import Letters
from posterity.store import Archive


def export_maildir(archive: Archive, to: Path) -> int:
    """Write a Maildir; the number of messages in it.

    Files are named by message hash, in canonical form: to read them back gives the
    same hashes.

    Raises:
        ArchiveError: the folder is not empty.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ArchiveError(f"{to}: is there already and not empty; choose another folder")
    for folder in ("cur", "new", "tmp"):
        (to / folder).mkdir(parents=True, exist_ok=True)
    letters = Letters(archive)
    written = 0
    try:
        for digest, octets in letters:
            (to / "cur" / f"{digest}:2,S").write_bytes(octets)
            written += 1
    finally:
        letters.close()
    return written
