"""posterity export jekyll: the page format the list's first archive had.

The pages equal, octet for octet, those of an archive that was published as a Jekyll
site, so that it can be rebuilt from the same dumps without changing a line. Its rules
for dates and threads are not ours: they are kept here, and used nowhere else.

    letters.py   what that archive read of a message
    forest.py    which message answers which, by its rules
    pages.py     the Markdown of its pages
"""

from __future__ import annotations

from pathlib import Path

from posterity.errors import ArchiveError
from posterity.export.jekyll.forest import Forest
from posterity.export.jekyll.letters import read_letters
from posterity.export.jekyll.pages import Press, Style
from posterity.export.letters import Letters
from posterity.store import Archive

__all__ = ["Style", "export_jekyll"]


def export_jekyll(archive: Archive, to: Path, style: Style) -> int:
    """Write a Jekyll source tree; the number of pages in it.

    Raises:
        ArchiveError: the folder is not empty.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ArchiveError(f"{to}: is there already and not empty; choose another folder")
    accession = Letters(archive)
    try:
        letters = read_letters(accession)
        press = Press(Forest(letters), style, archive.settings.title)
        written = 0
        for letter in letters:
            path, text = press.message(letter, accession.octets(letter.key))
            _write(to / path, text)
            written += 1
        for path, text in press.lists():
            _write(to / path, text)
            written += 1
    finally:
        accession.close()
    return written


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
