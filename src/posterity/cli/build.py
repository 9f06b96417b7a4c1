"""posterity build."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from posterity.cli import EXIT_LEFT_OUT, options
from posterity.cli.logs import log


@click.command("build")
@options.sources
@options.archive
@click.option(
    "--site",
    "site_path",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to publish; `site` inside the archive where not given.",
)
@options.jobs
@options.mbox_format
@options.keep_deleted
@options.log_format
def command(
    sources: tuple[str, ...],
    archive_path: Path,
    site_path: Path | None,
    jobs: int,
    mbox_format: str,
    keep_deleted: bool,
) -> None:
    """Import SOURCE..., relate, and publish the site, in one go."""
    from posterity.cli.work import import_sources, summary
    from posterity.executor import executor
    from posterity.pipeline import index
    from posterity.pipeline.openings import settle
    from posterity.site import How, publish, told
    from posterity.sources import ReadOptions
    from posterity.sources.source import MboxFormat
    from posterity.store import Archive

    reading = ReadOptions(mbox_format=MboxFormat(mbox_format), keep_deleted=keep_deleted)
    archive = Archive.open_or_create(archive_path)
    with executor(jobs) as run, archive.lock(), log() as progress:
        report = import_sources(archive, sources, reading, run, progress, indexed=False)
        how = How(meanwhile=lambda: index(archive, run, progress))
        site = site_path or archive_path / "site"
        published = publish(archive, site, run, progress, int(time.time()), how)
    summary(archive, report, progress)
    progress.event("site", told(published), **published._asdict())
    settle(archive)
    if report.refused or report.quarantined:
        sys.exit(EXIT_LEFT_OUT)
