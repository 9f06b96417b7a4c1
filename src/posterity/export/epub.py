"""posterity export epub: a thread as a book."""

from __future__ import annotations

from pathlib import Path

from posterity.errors import ArchiveError
from posterity.export.show import find
from posterity.render.epub import thread_book
from posterity.render.press import Press
from posterity.render.theme import Theme
from posterity.store import Archive


def export_epub(archive: Archive, thread: str, to: Path) -> int:
    """Write the book of the thread that a message stands in; its messages.

    Args:
        archive: derived and related.
        thread: a message's hash, or its first digits, or its Message-ID.

    Raises:
        ArchiveError: something is at that place already.
        LookupFailedError: no such message.
    """
    reader = archive.reader()
    try:
        row = find(archive, reader, thread)[0]
        theme = Theme.chosen(archive.settings, archive.folder)
        press = Press(reader, archive.settings, theme)
        key = reader.thread_of(row.key)
        with to.open("xb") as file:
            file.write(thread_book(press, key).content)
        return sum(node.message is not None for node in reader.tree(key))
    except FileExistsError as error:
        raise ArchiveError(f"{to}: is there already; choose another name") from error
    finally:
        reader.close()
