"""posterity import."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from posterity.cli import EXIT_LEFT_OUT, options
from posterity.cli.logs import log


@click.command("import")
@options.sources
@options.archive
@options.jobs
@options.mbox_format
@options.keep_deleted
@options.log_format
def command(
    sources: tuple[str, ...],
    archive_path: Path,
    jobs: int,
    mbox_format: str,
    keep_deleted: bool,
) -> None:
    """Read SOURCE... into an archive: files or folders of mail, or - for standard input.

    Known forms: mbox of every dialect, MMDF, Maildir, MH, .eml, pipermail text,
    public-inbox; plain or in gz, bz2, xz, zst, zip or tar; or a folder of any of these.
    """
    from posterity.cli.work import import_sources, summary
    from posterity.executor import executor
    from posterity.pipeline.openings import settle
    from posterity.sources import ReadOptions
    from posterity.sources.source import MboxFormat
    from posterity.store import Archive

    reading = ReadOptions(mbox_format=MboxFormat(mbox_format), keep_deleted=keep_deleted)
    archive = Archive.open_or_create(archive_path)
    with executor(jobs) as run, archive.lock(), log() as progress:
        report = import_sources(archive, sources, reading, run, progress)
    summary(archive, report, progress)
    settle(archive)
    if report.refused or report.quarantined:
        sys.exit(EXIT_LEFT_OUT)
