"""Invariant: any octets, read as any mbox dialect, are pieces that give them back."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["posterity"]):
    from posterity.errors import SourceError
    from posterity.sources import (
        MboxFormat,
        ReadOptions,
        Refused,
        open_sources,
        restore,
    )

WORDS = (
    b"From a@example.org Mon Mar  4 21:10:00 1996\n", b"From - Mon Mar  4 21:10:00 1996\r\n",
    b"From: a\n", b"\n", b"\r\n", b"\n\n", b">From x\n", b">>From x\n", b"Content-Length: 9\n",
    b"\x01\x01\x01\x01\n", b"Subject: s\n", b"From mboxrd@posterity Thu Jan  1 00:00:00 1970\r\n",
)  # fmt: skip
FOLDER = Path(tempfile.mkdtemp(prefix="posterity-fuzz-"))


def one_input(octets: bytes) -> None:
    """Read octets as an mbox of a dialect that the first octet names."""
    if not octets:
        return
    dialects = list(MboxFormat)
    options = ReadOptions(mbox_format=dialects[octets[0] % len(dialects)])
    given = b"".join(
        WORDS[octet] if octet < len(WORDS) else bytes([octet]) for octet in octets[1:]
    )
    path = FOLDER / "box"
    path.write_bytes(given)
    try:
        for source in open_sources(path, spool=FOLDER, options=options):
            if isinstance(source, Refused) or source.file is None:
                continue
            pieces = [piece for batch in source.batches for piece in batch.read()]
            again = b"".join(p.opening + restore(p) + p.closing for p in pieces)
            assert again == given
    except SourceError:
        return  # said in one line: that is an answer


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
