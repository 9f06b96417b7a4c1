"""posterity export tables: what was found out, as UTF-8 TSV for any program.

Each file has a header line. Cells never hold a tab or a line end: those become blanks.
An empty cell is "unknown" or "none".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from posterity.errors import ArchiveError
from posterity.masking import SHOW, masked_text
from posterity.store import Archive
from posterity.store import tables as stored

Row = tuple[object, ...]

TABLES: dict[str, tuple[str, ...]] = {
    "messages": (
        "message",
        "message_id",
        "utc_header",
        "utc",
        "date_evidence",
        "date_error",
        "raw_date",
        "from_as_written",
        "person",
        "subject",
        "bytes",
        "found_in",
    ),
    "threads": (
        "message",
        "parent",
        "evidence",
        "strength",
        "parent_by_header",
        "parent_by_quote",
        "parent_by_subject",
    ),
    "people": ("from_as_written", "person", "evidence", "posts"),
    "copies": ("copy", "first", "how"),
    "sources": (
        "source",
        "member",
        "form",
        "sha256",
        "octets",
        "dialect",
        "confidence",
        "evidence",
        "messages",
        "message_octets",
        "duplicates",
        "duplicate_octets",
        "framing_octets",
        "quarantined",
        "quarantined_octets",
        "preamble_octets",
    ),
}
"""File name without its ending: column names."""

_BREAKS = re.compile(r"[\t\n\r]+")


def export_tables(archive: Archive, to: Path) -> dict[str, int]:
    """Write the tables; rows by table.

    Raises:
        ArchiveError: a table is there already.
    """
    to.mkdir(parents=True, exist_ok=True)
    reader = archive.reader()
    try:
        return {
            name: _write(
                to / f"{name}.tsv",
                columns,
                _masked(getattr(stored, name)(reader), columns, archive.settings.addresses),
            )
            for name, columns in TABLES.items()
        }
    finally:
        reader.close()


def _masked(rows: Iterable[Row], columns: tuple[str, ...], policy: str) -> Iterable[Row]:
    """Rows with every address as the policy has it; a Message-ID is none."""
    if policy == SHOW:
        return rows
    spared = {at for at, name in enumerate(columns) if name == "message_id"}
    return (
        tuple(
            masked_text(cell, policy)
            if isinstance(cell, str) and at not in spared
            else cell
            for at, cell in enumerate(row)
        )
        for row in rows
    )


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> int:
    written = 0
    try:
        with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write("\t".join(columns) + "\n")
            for line in _lines(rows):
                file.write(line)
                written += 1
    except FileExistsError as error:
        raise ArchiveError(f"{path}: is there already; choose another folder") from error
    return written


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield "\t".join(map(_cell, row)) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.hex()
    return _BREAKS.sub(" ", str(value))
