"""posterity verify."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from posterity.cli import EXIT_FAILED, options
from posterity.cli.terminal import TerminalProgress, print_json, printable


@click.command("verify")
@options.archive
@options.as_json
def command(archive_path: Path, as_json: bool) -> None:
    """Check every message against its hash, and every source against its pieces."""
    from posterity.pipeline import verify
    from posterity.store import Archive

    archive = Archive.open(archive_path)
    with TerminalProgress() as progress:
        report = verify(archive, progress)
    if as_json:
        print_json("verify", report._asdict())
    else:
        for fault in report.faults:
            click.echo(f"posterity: {printable(fault)}", err=True)
        click.echo(
            f"{report.messages:,} messages and {report.sources:,} sources"
            f" ({report.octets:,} octets) checked: "
            + (f"{len(report.faults):,} faults" if report.faults else "all is well")
        )
    if report.faults:
        sys.exit(EXIT_FAILED)
