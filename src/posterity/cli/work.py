"""What `import`, `site` and `build` have in common."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from posterity.cli.logs import Log
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
from posterity.store import Archive


def import_sources(
    archive: Archive,
    sources: Sequence[str],
    options: ReadOptions,
    executor: Executor,
    progress: Progress,
    *,
    indexed: bool = True,
) -> IngestReport:
    """Ingest, derive, relate, and index unless that is done later; the lock is held."""
    report = ingest(archive, sources, options, executor, progress)
    bring_up_to_date(archive, executor, progress, indexed=indexed)
    if report.read:
        accession = archive.accession(writable=True)
        accession.record(int(time.time()), "import", ", ".join(sources))
        accession.close()
    return report


def bring_up_to_date(
    archive: Archive, executor: Executor, progress: Progress, *, indexed: bool = True
) -> None:
    """Derive, relate and, unless that is done later, index what the catalogue has not yet."""
    archive.keep_private()
    derive(archive, executor, progress)
    recover(archive, progress)
    relate(archive, executor, progress)
    note_amendments(archive, int(time.time()), progress)
    if erase_pending(archive, int(time.time()), progress):
        bring_up_to_date(archive, executor, progress, indexed=indexed)
        return
    if indexed:
        index(archive, executor, progress)


@contextmanager
def made_again(archive: Archive, executor: Executor, progress: Progress) -> Iterator[Path]:
    """A site made from a copy of the accession and the keeper's files, and nothing else.

    It stands in a scratch place and is gone when the block ends; the lock is held.
    """
    from posterity.site import publish

    with tempfile.TemporaryDirectory(prefix="posterity-again-") as scratch:
        copy = archive.copied_to(Path(scratch, archive.folder.resolve().name))
        bring_up_to_date(copy, executor, progress)
        site = Path(scratch, "site")
        publish(copy, site, executor, progress)
        yield site


def summary(archive: Archive, report: IngestReport, log: Log) -> None:
    """The one line that says what an import did."""
    for name in report.known:
        log.event(
            "known", f"{printable(name)}: read before, nothing new", source=printable(name)
        )
    reader = archive.reader()
    defects = sum(row.messages for row in reader.defect_counts())
    recovered = reader.facts().recovered
    reader.close()
    log.event(
        "import",
        f"read {report.read:,} · kept {report.kept:,}"
        + (f" + {recovered:,} recovered" if recovered else "")
        + f" · duplicates {report.duplicates:,} · quarantined {report.quarantined:,}"
        f" · defects {defects:,} (posterity defects)",
        read=report.read,
        kept=report.kept,
        recovered=recovered,
        duplicates=report.duplicates,
        quarantined=report.quarantined,
        defects=defects,
    )
    for name, reason in report.refused:
        log.event(
            "left-out",
            f"left out: {printable(name)}: {printable(reason)}",
            source=printable(name),
            reason=printable(reason),
        )
