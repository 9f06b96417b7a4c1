"""Renew: when amendments change, the rows of those messages that they concern."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from posterity.config import Settings
from posterity.executor import Executor
from posterity.pipeline.openings import reading
from posterity.pipeline.plan import Plan
from posterity.pipeline.progress import Progress
from posterity.pipeline.shown import derived_as_amended
from posterity.store import Archive
from posterity.store.amended import amended
from posterity.store.catalogue import Catalogue
from posterity.store.database import in_transaction
from posterity.store.octets import Accession

BATCH = 500
"""Messages a shard, as in `derive`."""


class _Shard(NamedTuple):
    accession: Path
    first: int
    last: int
    plan: Plan


def renew(
    archive: Archive,
    catalogue: Catalogue,
    plan: Plan,
    executor: Executor,
    progress: Progress,
) -> None:
    """Make the rows of messages anew that are amended now, or were when last asked.

    Only messages below the watermark: those above are read with the plan anyway.
    """
    if (catalogue.meta("texts") or "") == plan.digest:
        return
    keys = {key for key in amended(catalogue.database) if key > 0}
    accession = archive.accession()
    try:
        newest = catalogue.watermark
        found = (accession.find(digest) for digest in plan.named())
        keys |= {key for key in found if key is not None and key <= newest}
        if plan.is_wide and newest:
            progress.stage("amendments", newest)
            for touched in executor.map(_touched, _shards(archive, plan, newest)):
                keys |= set(touched)
                progress.advance(BATCH)
        put_again(archive.settings, catalogue, accession, plan, keys)
        catalogue.set_meta("texts", plan.digest)
    finally:
        accession.close()


def put_again(
    settings: Settings,
    catalogue: Catalogue,
    accession: Accession,
    plan: Plan,
    keys: set[int],
) -> None:
    """Make the rows of some kept messages anew, as amendments themselves have them."""
    rows = [
        derived_as_amended(
            key, accession.digest(key), accession.octets(key), settings, plan
        )
        for key in sorted(keys)
    ]
    with in_transaction(catalogue.database):
        catalogue.put_again(row for row, _ in rows)


def _shards(archive: Archive, plan: Plan, newest: int) -> Iterator[_Shard]:
    for first in range(1, newest + 1, BATCH):
        yield _Shard(archive.accession_path, first, min(first + BATCH - 1, newest), plan)


def _touched(shard: _Shard) -> list[int]:
    """The messages of a run that the plan concerns; runs in a worker."""
    accession, plan = reading(shard.accession), shard.plan
    return [
        key
        for key, digest, octets in accession.between(shard.first, shard.last)
        if plan.verdict(digest, octets) or plan.copy(octets, digest)
    ]
