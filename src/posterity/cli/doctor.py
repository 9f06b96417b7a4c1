"""posterity doctor."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from posterity.cli import EXIT_FAILED, options
from posterity.cli.terminal import print_json, printable


@click.command("doctor")
@options.archive
@click.option(
    "--site",
    "site_path",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The published site; `site` inside the archive where not given.",
)
@options.as_json
def command(archive_path: Path, site_path: Path | None, as_json: bool) -> None:
    """Say what is wrong with an archive, and how it is mended; changes nothing."""
    from posterity.pipeline.doctor import examine

    findings = examine(archive_path, site_path or archive_path / "site")
    if as_json:
        print_json("findings", [finding._asdict() for finding in findings])
    else:
        for finding in findings:
            sign = "!" if finding.grave else "-"
            click.echo(f"{sign} {printable(finding.where)}: {printable(finding.what)}")
            click.echo(f"    {printable(finding.mend)}")
        if not findings:
            click.echo("nothing is wrong; `posterity verify` checks every octet")
    if findings:
        sys.exit(EXIT_FAILED)
