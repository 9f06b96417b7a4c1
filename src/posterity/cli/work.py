"""What `import`, `site` and `build` have in common."""

from __future__ import annotations

import time
from collections.abc import Sequence

import click

from posterity.cli.terminal import printable
from posterity.executor import Executor
from posterity.pipeline import (
    IngestReport,
    Progress,
    derive,
    index,
    ingest,
    recover,
    relate,
)
from posterity.pipeline.amendlog import note_amendments
from posterity.pipeline.erase import erase_pending
from posterity.sources import ReadOptions
from posterity.sources.source import MboxFormat
from posterity.store import Archive


def import_sources(
    archive: Archive,
    sources: Sequence[str],
    mbox_format: str,
    keep_deleted: bool,
    executor: Executor,
    progress: Progress,
) -> IngestReport:
    """Ingest, derive, relate; the lock is held."""
    options = ReadOptions(mbox_format=MboxFormat(mbox_format), keep_deleted=keep_deleted)
    report = ingest(archive, sources, options, executor, progress)
    bring_up_to_date(archive, executor, progress)
    if report.read:
        accession = archive.accession(writable=True)
        accession.record(int(time.time()), "import", ", ".join(sources))
        accession.close()
    return report


def bring_up_to_date(archive: Archive, executor: Executor, progress: Progress) -> None:
    """Derive, relate and index what the catalogue does not have yet."""
    archive.keep_private()
    derive(archive, executor, progress)
    recover(archive, progress)
    relate(archive, executor, progress)
    note_amendments(archive, int(time.time()), progress)
    if erase_pending(archive, int(time.time()), progress):
        bring_up_to_date(archive, executor, progress)
        return
    index(archive, executor, progress)


def summary(archive: Archive, report: IngestReport) -> None:
    """The one line that says what an import did; its workers are gone."""
    for name in report.known:
        click.echo(f"{printable(name)}: read before, nothing new", err=True)
    reader = archive.reader()
    defects = sum(row.messages for row in reader.defect_counts())
    recovered = reader.facts().recovered
    reader.close()
    archive.settle()
    click.echo(
        f"read {report.read:,} · kept {report.kept:,}"
        + (f" + {recovered:,} recovered" if recovered else "")
        + f" · duplicates {report.duplicates:,} · quarantined {report.quarantined:,}"
        f" · defects {defects:,} (posterity defects)",
        err=True,
    )
    for name, reason in report.refused:
        click.echo(f"left out: {printable(name)}: {printable(reason)}", err=True)
