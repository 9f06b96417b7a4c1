"""posterity site."""

from __future__ import annotations

import time
from pathlib import Path

import click

from posterity.cli import options
from posterity.cli.logs import log


@click.command("site")
@options.archive
@click.option(
    "--site",
    "site_path",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to publish; made, or updated.",
)
@options.anew
@options.jobs
@options.log_format
def command(archive_path: Path, site_path: Path, anew: bool, jobs: int) -> None:
    """Publish the archive as a folder of pages for any web host, or no host at all."""
    from posterity.cli.work import bring_up_to_date
    from posterity.executor import executor
    from posterity.pipeline import index
    from posterity.pipeline.openings import settle
    from posterity.site import How, publish, told
    from posterity.store import Archive

    archive = Archive.open(archive_path)
    with executor(jobs) as run, archive.lock(), log() as progress:
        bring_up_to_date(archive, run, progress, indexed=False)
        how = How(anew, meanwhile=lambda: index(archive, run, progress))
        report = publish(archive, site_path, run, progress, int(time.time()), how)
    settle(archive)
    progress.event("site", told(report), **report._asdict())
