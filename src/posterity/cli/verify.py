"""posterity verify."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from posterity.cli import EXIT_FAILED, options
from posterity.cli.terminal import TerminalProgress, print_json, printable


@click.command("verify")
@options.archive
@click.option("--urls", is_flag=True, help="Check that no published URL is dead instead.")
@click.option(
    "--reproduce",
    is_flag=True,
    help="Make everything again from the accession, and compare it with the site, instead.",
)
@click.option(
    "--site",
    "site_path",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The published site, for the two; `site` inside the archive where not given.",
)
@options.jobs
@options.as_json
def command(
    archive_path: Path,
    urls: bool,
    reproduce: bool,
    site_path: Path | None,
    jobs: int,
    as_json: bool,
) -> None:
    """Check every message against its hash, and every source against its pieces."""
    site = site_path or archive_path / "site"
    if urls:
        _check_urls(archive_path, site, as_json)
        return
    if reproduce:
        _make_again(archive_path, site, jobs, as_json)
        return
    from posterity.pipeline import verify
    from posterity.store import Archive

    archive = Archive.open(archive_path)
    with TerminalProgress() as progress:
        report = verify(archive, progress)
    if as_json:
        print_json("verify", report._asdict())
    else:
        for remark in report.notes:
            click.echo(f"posterity: {printable(remark)}", err=True)
        for fault in report.faults:
            click.echo(f"posterity: {printable(fault)}", err=True)
        click.echo(
            f"{report.messages:,} messages and {report.sources:,} sources"
            f" ({report.octets:,} octets) checked: "
            + (f"{len(report.faults):,} faults" if report.faults else "all is well")
        )
    if report.faults:
        sys.exit(EXIT_FAILED)


def _check_urls(archive_path: Path, site: Path, as_json: bool) -> None:
    """Say which pages that were ever published are not there."""
    from posterity.site.moved import missing_urls
    from posterity.store import Archive

    missing = missing_urls(Archive.open(archive_path), site)
    if as_json:
        print_json("missing_urls", missing)
    else:
        for path in missing:
            click.echo(
                f"posterity: {printable(path)}: was published, and is not there", err=True
            )
        click.echo(
            f"{len(missing):,} published URLs are dead; `posterity site --anew` makes them"
            if missing
            else "every URL ever published is there"
        )
    if missing:
        sys.exit(EXIT_FAILED)


def _make_again(archive_path: Path, site: Path, jobs: int, as_json: bool) -> None:
    """Say which files of a site are not what the accession gives."""
    from posterity.cli.work import made_again
    from posterity.executor import executor
    from posterity.site.comparison import differences
    from posterity.store import Archive

    archive = Archive.open(archive_path)
    with (
        executor(jobs) as run,
        archive.lock(),
        TerminalProgress() as progress,
        made_again(archive, run, progress) as again,
    ):
        found = differences(site, again)
    if as_json:
        print_json("differences", [difference._asdict() for difference in found])
    else:
        for path, what in found:
            click.echo(f"posterity: {printable(path)}: {what}", err=True)
        click.echo(
            f"{len(found):,} files differ from what the accession gives"
            if found
            else "every file of the site is what the accession gives"
        )
    if found:
        sys.exit(EXIT_FAILED)
