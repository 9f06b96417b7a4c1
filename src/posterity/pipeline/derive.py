"""Derive: every message parsed, its rows put into the catalogue.

A message is read once: its shingles and its words are written down by the same worker,
for `relate` and for `index`.

Workers read ranges of the accession by themselves and give back rows; nothing here
depends on how many there are.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from posterity.config import Settings
from posterity.executor import Executor
from posterity.model import Body
from posterity.pipeline.collector import no_search_for_cycles
from posterity.pipeline.facts import read, rows_of
from posterity.pipeline.openings import reading
from posterity.pipeline.plan import Plan, make_plan
from posterity.pipeline.progress import Progress
from posterity.pipeline.renew import renew
from posterity.pipeline.shelves import cut
from posterity.pipeline.shown import shown
from posterity.pipeline.words import Listener
from posterity.store import Archive
from posterity.store.batches import Spoken, batch_name, pack, write_batch
from posterity.store.catalogue import Catalogue, Derived
from posterity.store.shingles import held, segment_name, write_segment

BATCH = 500
"""Messages a shard: large enough that starting one costs nothing, small enough to show progress."""


class _Shard(NamedTuple):
    accession: Path
    shingles: Path
    words: Path
    first: int
    last: int
    settings: Settings
    plan: Plan


def derive(archive: Archive, executor: Executor, progress: Progress) -> int:
    """Bring the catalogue up to the accession; the number of messages parsed."""
    accession = archive.accession()
    newest = accession.newest()
    accession.close()
    plan = make_plan(archive)
    catalogue = _catalogue(archive)
    try:
        renew(archive, catalogue, plan, executor, progress)
        start = catalogue.watermark
        if start < newest:
            progress.stage("parse", newest - start)
        with no_search_for_cycles():
            for last, rows in executor.map(_parse, _shards(archive, plan, start, newest)):
                catalogue.add(rows, last)
                progress.advance(len(rows))
    finally:
        catalogue.close()
    return newest - start


def _catalogue(archive: Archive) -> Catalogue:
    """The catalogue; begun anew where it does not go with its shingles or the settings."""
    settings = archive.settings
    read_with = f"{settings.zone} {settings.charset} {settings.explode_digests}"
    catalogue = Catalogue.open(archive.catalogue_path)
    newest = max(held(archive.shingles_path), default=0)
    if (catalogue.watermark, catalogue.meta("read_with")) != (newest, read_with):
        catalogue.close()
        archive.catalogue_path.unlink()
        shutil.rmtree(archive.shingles_path, ignore_errors=True)
        shutil.rmtree(archive.words_path, ignore_errors=True)
        catalogue = Catalogue.open(archive.catalogue_path)
        catalogue.set_meta("read_with", read_with)
    return catalogue


def _shards(archive: Archive, plan: Plan, start: int, newest: int) -> Iterator[_Shard]:
    for first_key in range(start + 1, newest + 1, BATCH):
        last = min(first_key + BATCH - 1, newest)
        yield _Shard(
            archive.accession_path,
            archive.shingles_path,
            archive.words_path,
            first_key,
            last,
            archive.settings,
            plan,
        )


def _parse(shard: _Shard) -> tuple[int, list[Derived]]:
    with no_search_for_cycles():  # by its end nothing is left but the rows
        return shard.last, _rows_of_run(shard)


def _rows_of_run(shard: _Shard) -> list[Derived]:
    """The rows of a run of messages; writes down their shingles and their words."""
    settings, plan = shard.settings, shard.plan
    accession = reading(shard.accession)
    listener = Listener(settings.addresses)
    found: list[Derived] = []
    keys: list[int] = []
    spoken: list[Spoken] = []

    def bodies() -> Iterator[Body]:
        for key, digest, octets in accession.between(shard.first, shard.last):
            reading = read(octets, digest, settings)
            rows = rows_of(key, octets, reading, settings)
            if plan.digest:
                rows = shown(rows, octets, plan, settings)
            found.append(rows)
            keys.append(key)
            as_written = octets and rows.change is None
            spoken.append(
                listener.words_of(key, octets, *reading)
                if as_written
                else Spoken.nothing(key)
            )
            yield reading.body

    write_segment(shard.shingles / segment_name(shard.last), cut(keys, bodies()))
    name = batch_name(shard.first, shard.last, settings.addresses)
    write_batch(shard.words / name, pack(spoken))
    return found
