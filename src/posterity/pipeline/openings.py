"""The accession, opened once by each process that works on shards."""

from __future__ import annotations

import gc
from functools import lru_cache
from pathlib import Path

from posterity.store import Archive
from posterity.store.octets import Accession


@lru_cache(maxsize=1)
def reading(path: Path) -> Accession:
    """An accession for reading; kept open for the next shard."""
    return Accession.open(path)


def settle(archive: Archive) -> None:
    """Close what this process keeps open, and leave whole database files behind."""
    reading.cache_clear()
    gc.collect()  # readers and their codecs know each other
    archive.settle()
