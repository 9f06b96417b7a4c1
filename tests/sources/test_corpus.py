from __future__ import annotations

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from posterity.sources import PieceKind, Source, open_sources, restore
from posterity.sources.canonical import message_digest

COUNTS = {1992: 976, 1993: 9_450, 1994: 15_007, 1995: 12_995, 1996: 27_239}


def opened(corpus: Path, year: int, spool: Path) -> Source:
    path = corpus / "cypherpunks" / f"cyp-{year}.txt.xz"
    (source,) = open_sources(path, spool=spool)
    assert isinstance(source, Source)
    return source


def known(corpus: Path) -> set[str]:
    rows = (corpus / "cypherpunks" / "truth" / "dates.tsv").read_bytes().split(b"\n")[1:]
    return {row.partition(b"\t")[0].decode() for row in rows if row}


@pytest.mark.corpus
def test_the_smallest_dump_is_framed(corpus: Path, tmp_path: Path) -> None:
    """P21, P22: 976 messages, every hash known, the stream rebuilt octet for octet."""
    source = opened(corpus, 1992, tmp_path)
    pieces = [piece for batch in source.batches for piece in batch.read()]

    stream = b"".join(p.opening + restore(p) + p.closing for p in pieces)

    assert 976 == len(pieces)
    assert sha256(stream).hexdigest() == source.digest
    assert {message_digest(piece.octets) for piece in pieces} <= known(corpus)
    assert "cypherpunks@MHonArc.venona" in source.profile.separator
    assert ("cyp-1992.txt.xz", "mbox") == (source.name, source.form)


@pytest.mark.corpus
@pytest.mark.long
def test_the_five_dumps_are_framed(corpus: Path, tmp_path: Path) -> None:
    """P21, P22: 65,667 messages, every known hash and no other, one duplicate."""
    digests: Counter[str] = Counter()
    for year, count in COUNTS.items():
        source = opened(corpus, year, tmp_path)
        stream, length, messages = sha256(), 0, 0
        for batch in source.batches:
            for piece in batch.read():
                octets = piece.opening + restore(piece) + piece.closing
                assert length == piece.offset
                stream.update(octets)
                length += len(octets)
                messages += piece.kind is PieceKind.MESSAGE
                digests[message_digest(piece.octets)] += 1
        assert (count, source.length, source.digest) == (
            messages,
            length,
            stream.hexdigest(),
        )
        assert "cypherpunks@MHonArc.venona" in source.profile.separator

    assert 65_667 == digests.total()
    assert [2] == [times for times in digests.values() if times > 1]
    assert known(corpus) == set(digests)
