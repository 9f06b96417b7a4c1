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
    "--site",
    "site_path",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The published site, for --urls; `site` inside the archive where not given.",
)
@options.as_json
def command(archive_path: Path, urls: bool, site_path: Path | None, as_json: bool) -> None:
    """Check every message against its hash, and every source against its pieces."""
    if urls:
        _check_urls(archive_path, site_path or archive_path / "site", as_json)
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
            f"{len(missing):,} published URLs are dead"
            if missing
            else "every URL ever published is there"
        )
    if missing:
        sys.exit(EXIT_FAILED)
