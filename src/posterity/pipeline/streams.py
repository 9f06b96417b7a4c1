"""The digest of a source, made again from its pieces."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter


def stream_digest(pieces: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256, hex, of pieces given as (member, octets) in order.

    A single stream (member "" throughout) is hashed as it is; a folder as a netstring of
    each member's name and one of its content.
    """
    whole = hashlib.sha256()
    for part in _parts(pieces):
        whole.update(part)
    return whole.hexdigest()


def _parts(pieces: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    for member, run in groupby(pieces, key=itemgetter(0)):
        if not member:
            yield from (octets for _, octets in run)
            continue
        yield _netstring(member.encode("utf-8"))
        yield _netstring(b"".join(octets for _, octets in run))


def _netstring(octets: bytes) -> bytes:
    return b"%d:%b," % (len(octets), octets)
